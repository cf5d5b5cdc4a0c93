#include "core/chat/jinja/functions.h"

#include <array>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace z2::jinja {

namespace {

using Builtin = Result<Value> (*)(Context&, const Arguments&);

Result<Value> range(Context& context, const Arguments& arguments) {
  if (arguments.positional.empty() || arguments.positional.size() > 3)
    return context.fail("range takes one to three integers");
  std::array<int64_t, 3> bounds = {0, 0, 1};
  const size_t count = arguments.positional.size();
  for (size_t i = 0; i < count; ++i) {
    Z2_TRY(bounds[count == 1 ? 1 : i], integerArgument(context, arguments, i, "bound", 0));
  }
  const auto [start, stop, step] = bounds;
  if (step == 0) return context.fail("the step of range is 0");
  std::vector<Value> items;
  for (int64_t at = start; step > 0 ? at < stop : at > stop;) {
    Z2_TRY_VOID(context.spend(1));
    items.push_back(Value::integer(at));
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  return context.make(std::move(items));
}

// The arguments' names with their values, after those of a dictionary that comes first.
Result<std::vector<std::pair<std::string, Value>>> namedValues(Context& context,
                                                               const Arguments& arguments) {
  std::vector<std::pair<std::string, Value>> items;
  if (!arguments.positional.empty()) {
    if (!arguments.positional[0].isDict()) return context.fail("a dictionary is expected");
    items = arguments.positional[0].dict().items;
  }
  for (const auto& [name, value] : arguments.named) {
    bool isKnown = false;
    for (auto& [key, held] : items)
      if (key == name) {
        held = value;
        isKnown = true;
      }
    if (!isKnown) items.emplace_back(name, value);
  }
  return items;
}

Result<Value> makeDict(Context& context, const Arguments& arguments) {
  Z2_TRY(auto items, namedValues(context, arguments));
  return context.make(std::move(items));
}

Result<Value> makeNamespace(Context& context, const Arguments& arguments) {
  auto made = std::make_shared<NamespaceData>();
  Z2_TRY(made->items, namedValues(context, arguments));
  for (const auto& [name, value] : made->items)
    if (value.depth() >= Value::kMaxDepth)
      return context.fail(fmt::format("'{}' is nested too deep to be kept in a namespace", name));
  Z2_TRY_VOID(context.spend(made->items.size() + 1));
  return Value::nameSpace(std::move(made));
}

Result<Value> raise(Context& context, const Arguments& arguments) {
  Z2_TRY(const std::string message, textArgument(context, arguments, 0, "message", "no reason"));
  return context.fail("the template refuses this conversation: " + message);
}

Result<Value> formatNow(Context& context, const Arguments& arguments) {
  Z2_TRY(const std::string format, textArgument(context, arguments, 0, "format", "%Y-%m-%d"));
  if (format.size() > 200) return context.fail("the format of the date is too long");
  const std::time_t now =
      context.now() ? static_cast<std::time_t>(*context.now()) : std::time(nullptr);
  std::tm local{};
  if (::localtime_r(&now, &local) == nullptr) return context.fail("the date is out of range");
  std::array<char, 4096> text{};
  // One character more tells an empty result from one that does not fit.
  const size_t size = std::strftime(text.data(), text.size(), (format + " ").c_str(), &local);
  if (size == 0) return context.fail("the date's text is too long");
  return context.make(MarkedText(std::string_view(text.data(), size - 1)));
}

struct Entry {
  std::string_view name;
  Builtin call;
};

constexpr std::array<Entry, 5> kBuiltins = {{
    {"range", range},
    {"dict", makeDict},
    {"namespace", makeNamespace},
    {"raise_exception", raise},
    {"strftime_now", formatNow},
}};

}  // namespace

std::optional<int> builtinNamed(std::string_view name) {
  for (size_t i = 0; i < kBuiltins.size(); ++i)
    if (kBuiltins[i].name == name) return static_cast<int>(i);
  return std::nullopt;
}

Result<Value> callBuiltin(Context& context, int builtin, const Arguments& arguments) {
  return kBuiltins[static_cast<size_t>(builtin)].call(context, arguments);
}

}  // namespace z2::jinja
