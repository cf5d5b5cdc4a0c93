#include "core/data/records/record_composer.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

namespace z2 {

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

tl::unexpected<RecordProblem> problem(std::string reason, std::string detail) {
  return tl::unexpected(RecordProblem{std::move(reason), std::move(detail)});
}

// Every access is one of a type that was just asked for, so value_unsafe cannot be off.
bool appendValue(element value, std::string& text) {
  switch (value.type()) {
    case element_type::STRING:
      text += value.get_string().value_unsafe();
      return true;
    case element_type::NULL_VALUE:
      return true;
    case element_type::BOOL:
    case element_type::INT64:
    case element_type::UINT64:
    case element_type::DOUBLE:
      text += simdjson::minify(value);
      return true;
    case element_type::ARRAY: {
      const size_t before = text.size();
      const simdjson::dom::array items = value.get_array().value_unsafe();
      for (const element item : items) {
        if (item.is_array() || item.is_object()) return false;
        if (text.size() > before) text += '\n';
        appendValue(item, text);
      }
      return true;
    }
    case element_type::OBJECT:
      return false;
  }
  return false;
}

// The first fields of a record, for the reader of an error.
std::string namesOf(simdjson::dom::object record) {
  constexpr size_t kMost = 8;
  std::string names;
  size_t count = 0;
  for (const auto& [key, value] : record) {
    if (++count > kMost) return names + ", …";
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", key);
  }
  return names.empty() ? "no field" : names;
}

}  // namespace

struct RecordComposer::Parser {
  simdjson::dom::parser parser;
};

RecordComposer::RecordComposer(FieldChoice choice)
    : choice_(std::move(choice)), parser_(std::make_unique<Parser>()) {
  if (choice_.fields.empty()) choice_.fields = {"text"};
}

RecordComposer::~RecordComposer() = default;

template <typename Take>
tl::expected<void, RecordProblem> RecordComposer::eachField(std::string_view record,
                                                            const Take& take) {
  element root;
  if (const auto failure = parser_->parser.parse(record.data(), record.size(), false).get(root))
    return problem("broken JSON", simdjson::error_message(failure));
  std::string part;
  if (root.is_string()) {
    appendValue(root, part);
    take(part);
    return {};
  }
  if (!root.is_object()) return problem("broken JSON", "the record is neither object nor string");
  bool isAnyThere = false;
  for (const std::string& field : choice_.fields) {
    element value;
    if (root.at_key(field).get(value)) continue;
    isAnyThere = true;
    part.clear();
    if (!appendValue(value, part))
      return problem("missing field", fmt::format("\"{}\" is no text but an object", field));
    take(part);
  }
  if (isAnyThere) return {};
  return problem("missing field", fmt::format("the record has no \"{}\"; it has {}",
                                              fmt::join(choice_.fields, "\" or \""),
                                              namesOf(root.get_object().value_unsafe())));
}

tl::expected<void, RecordProblem> RecordComposer::compose(std::string_view record,
                                                          std::string& text) {
  text.clear();
  return eachField(record, [&](const std::string& part) {
    if (!text.empty() && !part.empty()) text += choice_.join;
    text += part;
  });
}

tl::expected<void, RecordProblem> RecordComposer::composeParts(std::string_view record,
                                                               std::vector<std::string>& parts) {
  parts.clear();
  return eachField(record, [&](const std::string& part) {
    if (!part.empty()) parts.push_back(part);
  });
}

}  // namespace z2
