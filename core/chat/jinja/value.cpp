#include "core/chat/jinja/value.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace z2::jinja {

const Value* DictData::find(std::string_view key) const {
  for (const auto& [name, value] : items)
    if (name == key) return &value;
  return nullptr;
}

Value Value::list(std::vector<Value> items, bool isTuple) {
  auto made = std::make_shared<ListData>();
  made->isTuple = isTuple;
  for (const Value& item : items) made->depth = std::max(made->depth, item.depth() + 1);
  made->items = std::move(items);
  return Value(ListPointer(std::move(made)));
}

Value Value::dict(std::vector<std::pair<std::string, Value>> items) {
  auto made = std::make_shared<DictData>();
  for (const auto& [key, item] : items) made->depth = std::max(made->depth, item.depth() + 1);
  made->items = std::move(items);
  return Value(DictPointer(std::move(made)));
}

int Value::depth() const {
  if (isList()) return as<ListPointer>()->depth;
  if (isDict()) return as<DictPointer>()->depth;
  return isNamespace() || isLoop() ? kMaxDepth : 0;
}

int64_t Value::whole() const { return isBoolean() ? int64_t{as<bool>()} : as<int64_t>(); }

double Value::number() const { return isReal() ? as<double>() : static_cast<double>(whole()); }

bool Value::isTrue() const {
  if (isUndefined() || isNone()) return false;
  if (isNumber()) return number() != 0;
  if (isText()) return !text().isEmpty();
  if (isList()) return !items().empty();
  if (isDict()) return !dict().items.empty();
  return true;
}

std::string_view Value::kindName() const {
  if (isUndefined()) return "undefined";
  if (isNone()) return "none";
  if (isBoolean()) return "boolean";
  if (isInteger()) return "integer";
  if (isReal()) return "number";
  if (isText()) return "text";
  if (isList()) return "list";
  if (isDict()) return "dictionary";
  if (isNamespace()) return "namespace";
  return isLoop() ? "loop" : "function";
}

bool isEqual(const Value& a, const Value& b) {
  if (a.isNumber() && b.isNumber())
    return a.isWhole() && b.isWhole() ? a.whole() == b.whole() : a.number() == b.number();
  if (a.isText() && b.isText()) return a.bytes() == b.bytes();
  if (a.isList() && b.isList())
    return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(),
                      isEqual);
  if (a.isDict() && b.isDict()) {
    const auto& left = a.dict().items;
    if (left.size() != b.dict().items.size()) return false;
    return std::all_of(left.begin(), left.end(), [&](const auto& entry) {
      const Value* other = b.dict().find(entry.first);
      return other != nullptr && isEqual(entry.second, *other);
    });
  }
  if (a.isNamespace() && b.isNamespace()) return &a.nameSpace() == &b.nameSpace();
  return (a.isNone() && b.isNone()) || (a.isUndefined() && b.isUndefined());
}

std::optional<int> compare(const Value& a, const Value& b) {
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  if (a.isNumber() && b.isNumber())
    return a.isWhole() && b.isWhole() ? order(a.whole(), b.whole()) : order(a.number(), b.number());
  // The order of UTF-8's bytes is that of code points.
  if (a.isText() && b.isText()) return order(a.bytes(), b.bytes());
  if (!a.isList() || !b.isList()) return std::nullopt;
  for (size_t i = 0; i < std::min(a.items().size(), b.items().size()); ++i) {
    if (isEqual(a.items()[i], b.items()[i])) continue;
    return compare(a.items()[i], b.items()[i]);
  }
  return order(a.items().size(), b.items().size());
}

}  // namespace z2::jinja
