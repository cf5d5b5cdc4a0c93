#pragma once

// Attributes, items and slices of values, and what can be iterated over.

#include <string>
#include <string_view>
#include <vector>

#include "core/chat/jinja/context.h"

namespace z2::jinja {

// object.name: a key of a dictionary or namespace, a field of `loop`; else undefined. An error when
// the object itself is undefined.
[[nodiscard]] Result<Value> attributeOf(Context& context, const Value& object,
                                        std::string_view name);
// object[index]; undefined where there is no such item.
[[nodiscard]] Result<Value> itemOf(Context& context, const Value& object, const Value& index);
// object[start:stop:step] of a text (by characters) or list; null bounds are open.
[[nodiscard]] Result<Value> sliceOf(Context& context, const Value& object, const Value* start,
                                    const Value* stop, const Value* step);
// "a.b.0": attributes and items in turn, as filters' attribute= takes them.
[[nodiscard]] Result<Value> pathOf(Context& context, const Value& object, std::string_view path);

// The items of a list, the keys of a dictionary, the characters of a text; nothing of an undefined
// value.
[[nodiscard]] Result<std::vector<Value>> itemsOf(Context& context, const Value& value);
// Characters, items or keys; an error for what has no length.
[[nodiscard]] Result<int64_t> lengthOf(Context& context, const Value& value);
// `item in container`.
[[nodiscard]] Result<bool> contains(Context& context, const Value& container, const Value& item);

// Bytes where each character of valid UTF-8 begins, and the end.
[[nodiscard]] std::vector<size_t> characterStarts(std::string_view text);

}  // namespace z2::jinja
