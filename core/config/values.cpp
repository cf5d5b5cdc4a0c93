#include "core/config/values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace z2 {

namespace {

// Integers beyond it are not exact as reals.
constexpr double kMaxExactInteger = 9007199254740992.0;

std::string quoted(const Json& value) { return jsonLine(value); }

Result<void> checkRange(const Field& field, double number) {
  const bool isLow = field.min && number < *field.min;
  const bool isHigh = field.max && number > *field.max;
  if (!isLow && !isHigh) return {};
  const std::string unit = field.unit.empty() ? "" : " " + std::string(field.unit);
  std::string range = field.min && field.max
                          ? fmt::format("between {} and {}", *field.min, *field.max)
                      : field.min ? fmt::format("at least {}", *field.min)
                                  : fmt::format("at most {}", *field.max);
  return badInput(std::string(field.key), fmt::format("{} is outside of its range", number),
                  "Use a value " + range + unit);
}

Result<void> checkChoice(const Field& field, std::string_view choice) {
  if (std::find(field.choices.begin(), field.choices.end(), choice) != field.choices.end())
    return {};
  return badInput(std::string(field.key), fmt::format("\"{}\" is not one of the choices", choice),
                  fmt::format("Use one of {}", fmt::join(field.choices, ", ")));
}

tl::unexpected<Error> wrongType(const Field& field, const Json& value) {
  std::string expected;
  switch (field.type) {
    case FieldType::kInteger:
      expected = "a whole number";
      break;
    case FieldType::kReal:
      expected = "a number";
      break;
    case FieldType::kBoolean:
      expected = "true or false";
      break;
    case FieldType::kList:
      expected = "a list of texts";
      break;
    case FieldType::kText:
    case FieldType::kChoice:
    case FieldType::kPath:
      expected = "a text";
      break;
  }
  return badInput(std::string(field.key),
                  "the value is " + quoted(value) + " but must be " + expected);
}

Result<Json> checkedNumber(const Field& field, const Json& value) {
  if (!value.is_number()) return wrongType(field, value);
  const auto number = value.get<double>();
  if (!std::isfinite(number)) return wrongType(field, value);
  Z2_TRY_VOID(checkRange(field, number));
  if (field.type == FieldType::kReal) return Json(number);
  if (value.is_number_integer()) return Json(value.get<int64_t>());
  if (number != std::floor(number) || std::abs(number) > kMaxExactInteger)
    return wrongType(field, value);
  return Json(static_cast<int64_t>(number));
}

Result<Json> checkedList(const Field& field, const Json& value) {
  if (!value.is_array()) return wrongType(field, value);
  for (const Json& item : value) {
    if (!item.is_string()) return wrongType(field, value);
    if (!field.choices.empty()) Z2_TRY_VOID(checkChoice(field, item.get<std::string>()));
  }
  return value;
}

Json numberOrText(std::string_view text) {
  int64_t whole = 0;
  double real = 0;
  const char* end = text.data() + text.size();
  if (const auto [rest, error] = std::from_chars(text.data(), end, whole);
      error == std::errc() && rest == end)
    return whole;
  if (const auto [rest, error] = std::from_chars(text.data(), end, real);
      error == std::errc() && rest == end)
    return real;
  return text;
}

Json booleanOrText(std::string_view text) {
  for (const std::string_view yes : {"true", "yes", "on", "1"})
    if (text == yes) return true;
  for (const std::string_view no : {"false", "no", "off", "0"})
    if (text == no) return false;
  return text;
}

Json splitAtCommas(std::string_view text) {
  Json items = Json::array();
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) items.push_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

}  // namespace

Result<Json> checkedValue(const Field& field, const Json& value) {
  switch (field.type) {
    case FieldType::kInteger:
    case FieldType::kReal:
      return checkedNumber(field, value);
    case FieldType::kBoolean:
      if (!value.is_boolean()) return wrongType(field, value);
      return value;
    case FieldType::kList:
      return checkedList(field, value);
    case FieldType::kChoice:
      if (!value.is_string()) return wrongType(field, value);
      Z2_TRY_VOID(checkChoice(field, value.get<std::string>()));
      return value;
    case FieldType::kText:
    case FieldType::kPath:
      if (!value.is_string()) return wrongType(field, value);
      return value;
  }
  return wrongType(field, value);
}

Result<Json> parsedValue(const Field& field, std::string_view text) {
  switch (field.type) {
    case FieldType::kInteger:
    case FieldType::kReal:
      return checkedValue(field, numberOrText(text));
    case FieldType::kBoolean:
      return checkedValue(field, booleanOrText(text));
    case FieldType::kList:
      return checkedValue(field, splitAtCommas(text));
    case FieldType::kText:
    case FieldType::kChoice:
    case FieldType::kPath:
      return checkedValue(field, Json(text));
  }
  return checkedValue(field, Json(text));
}

}  // namespace z2
