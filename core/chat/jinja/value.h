#pragma once

// What expressions of a template compute with.
//
// Lists and dictionaries never change once they are made, as in the immutable sandbox that
// transformers renders chat templates in; a namespace() alone can be set. Depth is bounded, so that
// no template can build a value that overflows the stack when it is printed or destroyed.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/chat/jinja/marked_text.h"

namespace z2::jinja {

class Value;
struct LoopState;
struct Statement;

struct ListData {
  std::vector<Value> items;
  int depth = 1;
  bool isTuple = false;  // printed with parentheses
};

// In order of insertion; keys are text.
struct DictData {
  std::vector<std::pair<std::string, Value>> items;
  int depth = 1;
  [[nodiscard]] const Value* find(std::string_view key) const;
};

// namespace(…): what a loop may change from inside.
struct NamespaceData {
  std::vector<std::pair<std::string, Value>> items;
};

// A function of the engine, by its place in a table, or a macro of the template.
struct Function {
  int builtin = -1;
  const Statement* macro = nullptr;
};

class Value {
 public:
  static constexpr int kMaxDepth = 64;

  struct Undefined {
    std::string name;  // for errors
  };
  struct None {};

  Value() : data_(Undefined{}) {}
  static Value undefined(std::string name = {}) { return Value(Undefined{std::move(name)}); }
  static Value none() { return Value(None{}); }
  static Value boolean(bool value) { return Value(value); }
  static Value integer(int64_t value) { return Value(value); }
  static Value real(double value) { return Value(value); }
  static Value text(MarkedText text) {
    return Value(std::make_shared<const MarkedText>(std::move(text)));
  }
  static Value text(std::string_view bytes, uint32_t origin = 0) {
    return text(MarkedText(bytes, {origin, 0}));
  }
  static Value list(std::vector<Value> items, bool isTuple = false);
  static Value dict(std::vector<std::pair<std::string, Value>> items);
  static Value nameSpace(std::shared_ptr<NamespaceData> data) { return Value(std::move(data)); }
  static Value loop(std::shared_ptr<LoopState> state) { return Value(std::move(state)); }
  static Value function(Function function) { return Value(function); }

  [[nodiscard]] bool isUndefined() const { return is<Undefined>(); }
  [[nodiscard]] bool isNone() const { return is<None>(); }
  [[nodiscard]] bool isBoolean() const { return is<bool>(); }
  [[nodiscard]] bool isInteger() const { return is<int64_t>(); }
  [[nodiscard]] bool isReal() const { return is<double>(); }
  // As Python counts: a boolean is a number, too.
  [[nodiscard]] bool isNumber() const { return isBoolean() || isInteger() || isReal(); }
  [[nodiscard]] bool isText() const { return is<TextPointer>(); }
  [[nodiscard]] bool isList() const { return is<ListPointer>(); }
  [[nodiscard]] bool isDict() const { return is<DictPointer>(); }
  [[nodiscard]] bool isNamespace() const { return is<NamespacePointer>(); }
  [[nodiscard]] bool isLoop() const { return is<LoopPointer>(); }
  [[nodiscard]] bool isFunction() const { return is<Function>(); }

  // Each only for a value of that kind.
  [[nodiscard]] const std::string& undefinedName() const { return as<Undefined>().name; }
  [[nodiscard]] bool boolean() const { return as<bool>(); }
  [[nodiscard]] const MarkedText& text() const { return *as<TextPointer>(); }
  [[nodiscard]] const std::string& bytes() const { return text().bytes(); }
  [[nodiscard]] const std::vector<Value>& items() const { return as<ListPointer>()->items; }
  [[nodiscard]] bool isTuple() const { return isList() && as<ListPointer>()->isTuple; }
  [[nodiscard]] const DictData& dict() const { return *as<DictPointer>(); }
  [[nodiscard]] NamespaceData& nameSpace() const { return *as<NamespacePointer>(); }
  [[nodiscard]] LoopState& loop() const { return *as<LoopPointer>(); }
  [[nodiscard]] const Function& function() const { return as<Function>(); }
  // Of a boolean or integer; of any number.
  [[nodiscard]] int64_t whole() const;
  [[nodiscard]] double number() const;
  [[nodiscard]] bool isWhole() const { return isBoolean() || isInteger(); }

  [[nodiscard]] bool isTrue() const;                // as Python's bool()
  [[nodiscard]] std::string_view kindName() const;  // for errors: "text", "list", …
  // Levels of lists and dictionaries; kMaxDepth for what may not lie inside of others.
  [[nodiscard]] int depth() const;

 private:
  using TextPointer = std::shared_ptr<const MarkedText>;
  using ListPointer = std::shared_ptr<const ListData>;
  using DictPointer = std::shared_ptr<const DictData>;
  using NamespacePointer = std::shared_ptr<NamespaceData>;
  using LoopPointer = std::shared_ptr<LoopState>;
  using Data = std::variant<Undefined, None, bool, int64_t, double, TextPointer, ListPointer,
                            DictPointer, NamespacePointer, LoopPointer, Function>;

  template <typename T>
  explicit Value(T data) : data_(std::in_place_type<T>, std::move(data)) {}
  template <typename T>
  [[nodiscard]] bool is() const {
    return std::holds_alternative<T>(data_);
  }
  template <typename T>
  [[nodiscard]] const T& as() const {
    return std::get<T>(data_);
  }

  Data data_;
};

// `loop` inside of a for.
struct LoopState {
  std::vector<Value> items;
  size_t at = 0;
  std::vector<Value> lastChanged;  // of loop.changed
  bool hasChanged = false;
};

[[nodiscard]] bool isEqual(const Value& a, const Value& b);
// Python's order of two numbers, texts, or lists; nothing for values that have none.
[[nodiscard]] std::optional<int> compare(const Value& a, const Value& b);

}  // namespace z2::jinja
