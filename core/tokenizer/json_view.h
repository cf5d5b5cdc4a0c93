#pragma once

// Reading tokenizer files with simdjson: ordered_json looks keys up one after the other, which a
// vocabulary of 100,000 keys cannot afford. Internal to core/tokenizer.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "core/base/error.h"

namespace z2 {

// A value inside of a JSON file that knows its place ("tokenizer.json: model.vocab"), for errors.
class JsonView {
 public:
  JsonView(simdjson::dom::element element, std::string where)
      : element_(element), where_(std::move(where)) {}

  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] simdjson::dom::element element() const { return element_; }
  [[nodiscard]] bool isNull() const { return element_.is_null(); }
  [[nodiscard]] bool isObject() const { return element_.is_object(); }

  // The value of a key; nullopt when the key is absent or null.
  [[nodiscard]] std::optional<JsonView> find(std::string_view key) const;
  [[nodiscard]] Result<JsonView> require(std::string_view key) const;

  [[nodiscard]] Result<std::string_view> string() const;
  [[nodiscard]] Result<bool> boolean() const;
  // Refuses what is not within [0, limit).
  [[nodiscard]] Result<int64_t> integer(int64_t limit) const;
  [[nodiscard]] Result<simdjson::dom::array> array() const;
  [[nodiscard]] Result<simdjson::dom::object> object() const;

  [[nodiscard]] Result<bool> booleanOr(std::string_view key, bool fallback) const;
  [[nodiscard]] Result<std::string> stringOr(std::string_view key, std::string_view fallback) const;
  [[nodiscard]] Result<std::string_view> requireString(std::string_view key) const;
  // The "type" of a pipeline part.
  [[nodiscard]] Result<std::string_view> type() const { return requireString("type"); }

 private:
  simdjson::dom::element element_;
  std::string where_;
};

// A parsed document and the memory of its values.
class JsonDocument {
 public:
  [[nodiscard]] static Result<JsonDocument> parse(std::string_view text, std::string_view where);
  [[nodiscard]] const JsonView& root() const { return *root_; }

 private:
  std::unique_ptr<simdjson::dom::parser> parser_;
  std::optional<JsonView> root_;
};

}  // namespace z2
