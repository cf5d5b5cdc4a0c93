#include "core/tokenizer/json_view.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/io/limits.h"

namespace z2 {

std::optional<JsonView> JsonView::find(std::string_view key) const {
  simdjson::dom::element value;
  if (element_[key].get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return JsonView(value, where_ + "." + std::string(key));
}

Result<JsonView> JsonView::require(std::string_view key) const {
  if (auto found = find(key)) return *found;
  return badInput(where_, "\"" + std::string(key) + "\" is missing");
}

Result<std::string_view> JsonView::string() const {
  std::string_view text;
  if (element_.get(text) != simdjson::SUCCESS) return badInput(where_, "this is not a string");
  if (text.size() > limits::kStringBytes) return badInput(where_, "this string is too long");
  return text;
}

Result<bool> JsonView::boolean() const {
  bool value = false;
  if (element_.get(value) != simdjson::SUCCESS)
    return badInput(where_, "this is not true or false");
  return value;
}

Result<int64_t> JsonView::integer(int64_t limit) const {
  int64_t value = 0;
  if (element_.get(value) != simdjson::SUCCESS || value < 0 || value >= limit)
    return badInput(where_, "this is not a whole number from 0 to " + std::to_string(limit - 1));
  return value;
}

Result<simdjson::dom::array> JsonView::array() const {
  simdjson::dom::array values;
  if (element_.get(values) != simdjson::SUCCESS) return badInput(where_, "this is not a list");
  return values;
}

Result<simdjson::dom::object> JsonView::object() const {
  simdjson::dom::object values;
  if (element_.get(values) != simdjson::SUCCESS) return badInput(where_, "this is not an object");
  return values;
}

Result<bool> JsonView::booleanOr(std::string_view key, bool fallback) const {
  const auto value = find(key);
  if (!value) return fallback;
  return value->boolean();
}

Result<std::string> JsonView::stringOr(std::string_view key, std::string_view fallback) const {
  const auto value = find(key);
  if (!value) return std::string(fallback);
  Z2_TRY(const std::string_view text, value->string());
  return std::string(text);
}

Result<std::string_view> JsonView::requireString(std::string_view key) const {
  Z2_TRY(const JsonView value, require(key));
  return value.string();
}

Result<JsonDocument> JsonDocument::parse(std::string_view text, std::string_view where) {
  if (text.size() > limits::kTokenizerFileBytes)
    return badInput(std::string(where), "the file is too large for a tokenizer");
  JsonDocument document;
  document.parser_ = std::make_unique<simdjson::dom::parser>();
  if (document.parser_->allocate(text.size(), limits::kJsonDepth) != simdjson::SUCCESS)
    return environmentError(std::string(where), "there is not enough memory to read it");
  simdjson::dom::element root;
  const auto error = document.parser_->parse(text.data(), text.size()).get(root);
  if (error != simdjson::SUCCESS)
    return badInput(std::string(where),
                    std::string("this is not valid JSON: ") + simdjson::error_message(error));
  if (!root.is_object()) return badInput(std::string(where), "this is not a JSON object");
  document.root_.emplace(root, std::string(where));
  return document;
}

}  // namespace z2
