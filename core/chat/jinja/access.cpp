#include "core/chat/jinja/access.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/chat/jinja/printing.h"
#include "core/text/utf8.h"

namespace z2::jinja {

namespace {

Value loopField(const LoopState& loop, std::string_view name) {
  const auto at = static_cast<int64_t>(loop.at);
  const auto count = static_cast<int64_t>(loop.items.size());
  if (name == "index") return Value::integer(at + 1);
  if (name == "index0") return Value::integer(at);
  if (name == "revindex") return Value::integer(count - at);
  if (name == "revindex0") return Value::integer(count - at - 1);
  if (name == "first") return Value::boolean(at == 0);
  if (name == "last") return Value::boolean(at + 1 == count);
  if (name == "length") return Value::integer(count);
  // Loops that call themselves, which would be deeper, are not supported.
  if (name == "depth") return Value::integer(1);
  if (name == "depth0") return Value::integer(0);
  if (name == "previtem" && at > 0) return loop.items[loop.at - 1];
  if (name == "nextitem" && at + 1 < count) return loop.items[loop.at + 1];
  return Value::undefined(fmt::format("loop.{}", name));
}

Value entryOf(const std::vector<std::pair<std::string, Value>>& items, std::string_view key) {
  for (const auto& [name, value] : items)
    if (name == key) return value;
  return Value::undefined(std::string(key));
}

Result<void> requireDefined(Context& context, const Value& object, std::string_view part) {
  if (!object.isUndefined()) return {};
  const std::string& name = object.undefinedName();
  return context.fail(fmt::format("{} is undefined, so it has no {}",
                                  name.empty() ? "the value" : "'" + name + "'", part));
}

// Of a list or text with `count` items; nothing when it lies outside.
std::optional<size_t> placeIn(int64_t index, size_t count) {
  if (index < 0) index += static_cast<int64_t>(count);
  if (index < 0 || index >= static_cast<int64_t>(count)) return std::nullopt;
  return static_cast<size_t>(index);
}

}  // namespace

std::vector<size_t> characterStarts(std::string_view text) {
  std::vector<size_t> starts;
  starts.reserve(text.size() + 1);
  for (size_t at = 0; at < text.size(); at += decodeUtf8(text, at).length) starts.push_back(at);
  starts.push_back(text.size());
  return starts;
}

Result<Value> attributeOf(Context& context, const Value& object, std::string_view name) {
  Z2_TRY_VOID(requireDefined(context, object, fmt::format("'{}'", name)));
  if (object.isDict()) return entryOf(object.dict().items, name);
  if (object.isNamespace()) return entryOf(object.nameSpace().items, name);
  if (object.isLoop()) return loopField(object.loop(), name);
  return Value::undefined(std::string(name));
}

Result<Value> itemOf(Context& context, const Value& object, const Value& index) {
  Z2_TRY_VOID(requireDefined(context, object, "items"));
  if (index.isText()) return attributeOf(context, object, index.bytes());
  if (!index.isWhole()) return Value::undefined();
  if (object.isList()) {
    const auto place = placeIn(index.whole(), object.items().size());
    return place ? object.items()[*place] : Value::undefined();
  }
  if (!object.isText()) return Value::undefined();
  const MarkedText& text = object.text();
  Z2_TRY_VOID(context.spend(text.size() / 64 + 1));
  const std::vector<size_t> starts = characterStarts(text.bytes());
  const auto place = placeIn(index.whole(), starts.size() - 1);
  if (!place) return Value::undefined();
  return context.make(text.part(starts[*place], starts[*place + 1] - starts[*place]));
}

Result<Value> sliceOf(Context& context, const Value& object, const Value* start, const Value* stop,
                      const Value* step) {
  Z2_TRY_VOID(requireDefined(context, object, "slices"));
  if (!object.isList() && !object.isText())
    return context.fail(fmt::format("a slice cannot be taken of {}", object.kindName()));
  std::vector<size_t> starts;
  if (object.isText()) starts = characterStarts(object.bytes());
  const auto count =
      static_cast<int64_t>(object.isText() ? starts.size() - 1 : object.items().size());
  Z2_TRY_VOID(context.spend(static_cast<uint64_t>(count) / 64 + 1));
  const auto bound = [&](const Value* value, int64_t initial, int64_t low,
                         int64_t high) -> Result<int64_t> {
    if (value == nullptr || value->isNone()) return initial;
    if (!value->isWhole())
      return context.fail(fmt::format("a slice is bounded by integers, not {}", value->kindName()));
    const int64_t whole = value->whole();
    return std::clamp(whole < 0 ? std::max(whole, -count - 1) + count : whole, low, high);
  };
  int64_t stride = 1;
  if (step != nullptr && !step->isNone()) {
    if (!step->isWhole() || step->whole() == 0)
      return context.fail("a slice's step is an integer other than 0");
    stride = std::clamp<int64_t>(step->whole(), -count - 1, count + 1);
  }
  const bool isForward = stride > 0;
  Z2_TRY(const int64_t from,
         isForward ? bound(start, 0, 0, count) : bound(start, count - 1, -1, count - 1));
  Z2_TRY(const int64_t to,
         isForward ? bound(stop, count, 0, count) : bound(stop, -1, -1, count - 1));
  MarkedText text;
  std::vector<Value> items;
  for (int64_t i = from; isForward ? i < to : i > to; i += stride) {
    const auto at = static_cast<size_t>(i);
    if (!object.isText())
      items.push_back(object.items()[at]);
    else if (stride == 1)
      return context.make(
          object.text().part(starts[at], starts[static_cast<size_t>(to)] - starts[at]));
    else
      text.append(object.text().part(starts[at], starts[at + 1] - starts[at]));
  }
  if (object.isText()) return context.make(std::move(text));
  return context.make(std::move(items));
}

Result<Value> pathOf(Context& context, const Value& object, std::string_view path) {
  Value at = object;
  while (true) {
    const size_t dot = path.find('.');
    const std::string_view part = path.substr(0, dot);
    int64_t index = 0;
    const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), index);
    const bool isIndex = failure == std::errc{} && end == part.data() + part.size();
    if (at.isUndefined()) return at;
    if (isIndex) {
      Z2_TRY(at, itemOf(context, at, Value::integer(index)));
    } else {
      Z2_TRY(at, attributeOf(context, at, part));
    }
    if (dot == path.npos) return at;
    path.remove_prefix(dot + 1);
  }
}

Result<std::vector<Value>> itemsOf(Context& context, const Value& value) {
  std::vector<Value> items;
  if (value.isUndefined()) return items;
  if (value.isList()) {
    Z2_TRY_VOID(context.spend(value.items().size() + 1));
    return value.items();
  }
  if (value.isDict()) {
    for (const auto& [key, item] : value.dict().items)
      items.push_back(Value::text(MarkedText(key, kKeyMark)));
  } else if (value.isText()) {
    const std::vector<size_t> starts = characterStarts(value.bytes());
    Z2_TRY_VOID(context.spend(starts.size()));
    for (size_t i = 0; i + 1 < starts.size(); ++i)
      items.push_back(Value::text(value.text().part(starts[i], starts[i + 1] - starts[i])));
  } else {
    return context.fail(fmt::format("{} cannot be looped over", value.kindName()));
  }
  Z2_TRY_VOID(context.spend(items.size() + 1));
  return items;
}

Result<int64_t> lengthOf(Context& context, const Value& value) {
  if (value.isUndefined()) return 0;
  if (value.isList()) return static_cast<int64_t>(value.items().size());
  if (value.isDict()) return static_cast<int64_t>(value.dict().items.size());
  if (!value.isText()) return context.fail(fmt::format("{} has no length", value.kindName()));
  Z2_TRY_VOID(context.spend(value.text().size() / 64 + 1));
  return static_cast<int64_t>(characterStarts(value.bytes()).size()) - 1;
}

Result<bool> contains(Context& context, const Value& container, const Value& item) {
  if (container.isUndefined()) return false;
  if (container.isText()) {
    if (!item.isText())
      return context.fail(
          fmt::format("'in' looks for text in a text, not for {}", item.kindName()));
    Z2_TRY_VOID(context.spend(container.text().size() / 64 + 1));
    return container.bytes().find(item.bytes()) != std::string::npos;
  }
  if (container.isDict()) return item.isText() && container.dict().find(item.bytes()) != nullptr;
  if (container.isNamespace())
    return item.isText() && !entryOf(container.nameSpace().items, item.bytes()).isUndefined();
  if (!container.isList())
    return context.fail(fmt::format("'in' cannot look into {}", container.kindName()));
  Z2_TRY_VOID(context.spend(container.items().size() + 1));
  return std::any_of(container.items().begin(), container.items().end(),
                     [&](const Value& one) { return isEqual(one, item); });
}

}  // namespace z2::jinja
