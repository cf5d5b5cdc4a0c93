#include "core/chat/jinja/context.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/chat/jinja/lexer.h"

namespace z2::jinja {

const Value* Arguments::find(size_t place, std::string_view name) const {
  if (place < positional.size()) return &positional[place];
  for (const auto& [key, value] : named)
    if (key == name) return &value;
  return nullptr;
}

tl::unexpected<Error> Context::fail(std::string what, std::string fix) const {
  return badInput(placeOf(where_, at_), std::move(what), std::move(fix));
}

Result<void> Context::spend(uint64_t steps) {
  spent_ += steps;
  if (spent_ <= limits_.steps) return {};
  return fail("rendering takes too many steps", "Look for a loop over too many items");
}

Result<Value> Context::make(MarkedText text) {
  if (text.size() > limits_.textBytes)
    return fail(fmt::format("a text of {} bytes is too large", text.size()));
  Z2_TRY_VOID(spend(text.size() / 64 + 1));
  return Value::text(std::move(text));
}

Result<Value> Context::make(std::vector<Value> items) {
  Z2_TRY_VOID(spend(items.size() + 1));
  Value made = Value::list(std::move(items));
  if (made.depth() > Value::kMaxDepth) return fail("lists are nested too deep here");
  return made;
}

Result<Value> Context::make(std::vector<std::pair<std::string, Value>> items) {
  Z2_TRY_VOID(spend(items.size() + 1));
  Value made = Value::dict(std::move(items));
  if (made.depth() > Value::kMaxDepth) return fail("dictionaries are nested too deep here");
  return made;
}

Result<int64_t> integerArgument(Context& context, const Arguments& arguments, size_t place,
                                std::string_view name, int64_t initial) {
  const Value* value = arguments.find(place, name);
  if (value == nullptr || value->isNone()) return initial;
  if (value->isWhole()) return value->whole();
  return context.fail(fmt::format("\"{}\" is to be an integer, not {}", name, value->kindName()));
}

Result<bool> booleanArgument(const Arguments& arguments, size_t place, std::string_view name,
                             bool initial) {
  const Value* value = arguments.find(place, name);
  return value == nullptr ? initial : value->isTrue();
}

Result<std::string> textArgument(Context& context, const Arguments& arguments, size_t place,
                                 std::string_view name, std::string initial) {
  const Value* value = arguments.find(place, name);
  if (value == nullptr || value->isNone()) return initial;
  if (value->isText()) return value->bytes();
  return context.fail(fmt::format("\"{}\" is to be text, not {}", name, value->kindName()));
}

}  // namespace z2::jinja
