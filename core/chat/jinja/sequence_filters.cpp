// Filters of lists and dictionaries.

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/chat/jinja/access.h"
#include "core/chat/jinja/filter_table.h"
#include "core/chat/jinja/filters.h"
#include "core/chat/jinja/methods.h"
#include "core/chat/jinja/printing.h"

namespace z2::jinja {

namespace {

Result<Value> length(Context& context, const Value& input, const Arguments&) {
  Z2_TRY(const int64_t count, lengthOf(context, input));
  return Value::integer(count);
}

Result<Value> initial(Context&, const Value& input, const Arguments& arguments) {
  const Value* otherwise = arguments.find(0, "default_value");
  Z2_TRY(const bool isFalseToo, booleanArgument(arguments, 1, "boolean", false));
  if (!input.isUndefined() && (!isFalseToo || input.isTrue())) return input;
  return otherwise != nullptr ? *otherwise : Value::text("");
}

template <bool kLast>
Result<Value> endItem(Context& context, const Value& input, const Arguments&) {
  Z2_TRY(const std::vector<Value> items, itemsOf(context, input));
  if (items.empty()) return Value::undefined(kLast ? "the last item" : "the first item");
  return kLast ? items.back() : items.front();
}

Result<Value> toList(Context& context, const Value& input, const Arguments&) {
  Z2_TRY(std::vector<Value> items, itemsOf(context, input));
  return context.make(std::move(items));
}

Result<Value> reverse(Context& context, const Value& input, const Arguments&) {
  Z2_TRY(std::vector<Value> items, itemsOf(context, input));
  std::reverse(items.begin(), items.end());
  return input.isText() ? joined(context, items, {}) : context.make(std::move(items));
}

Result<Value> items(Context& context, const Value& input, const Arguments&) {
  if (input.isUndefined()) return Value::list({});
  if (!input.isDict()) return context.fail(fmt::format("{} is no dictionary", input.kindName()));
  return callMethod(context, input, "items", {});
}

Result<Value> join(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(std::vector<Value> all, itemsOf(context, input));
  const Value* separator = arguments.find(0, "d");
  Z2_TRY(const std::string path, textArgument(context, arguments, 1, "attribute", {}));
  if (!path.empty()) {
    for (Value& item : all) {
      Z2_TRY(item, pathOf(context, item, path));
    }
  }
  MarkedText between;
  if (separator != nullptr) {
    Z2_TRY(between, printed(context, *separator));
  }
  return joined(context, all, between);
}

// map("name of a filter", arguments …), or map(attribute="path", default=…).
Result<Value> map(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(std::vector<Value> all, itemsOf(context, input));
  const Value* attribute = nullptr;
  const Value* otherwise = nullptr;
  for (const auto& [name, value] : arguments.named) {
    if (name == "attribute") attribute = &value;
    if (name == "default") otherwise = &value;
  }
  if (attribute != nullptr) {
    Z2_TRY(const MarkedText path, printed(context, *attribute));
    for (Value& item : all) {
      Z2_TRY(item, pathOf(context, item, path.bytes()));
      if (item.isUndefined() && otherwise != nullptr) item = *otherwise;
    }
    return context.make(std::move(all));
  }
  if (arguments.positional.empty() || !arguments.positional[0].isText())
    return context.fail("map takes the name of a filter, or attribute=");
  const Arguments rest{{arguments.positional.begin() + 1, arguments.positional.end()},
                       arguments.named};
  for (Value& item : all) {
    Z2_TRY(item, applyFilter(context, arguments.positional[0].bytes(), item, rest));
  }
  return context.make(std::move(all));
}

// select(test, …), reject, and the same of an attribute.
template <bool kWanted, bool kHasAttribute>
Result<Value> choose(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(const std::vector<Value> all, itemsOf(context, input));
  std::vector<Value> given = arguments.positional;
  std::string path;
  if (kHasAttribute) {
    if (given.empty() || !given[0].isText()) return context.fail("the attribute's name is missing");
    path = given[0].bytes();
    given.erase(given.begin());
  }
  std::string test;
  if (!given.empty()) {
    if (!given[0].isText()) return context.fail("the name of a test is missing");
    test = given[0].bytes();
    given.erase(given.begin());
  }
  const Arguments rest{std::move(given), arguments.named};
  std::vector<Value> kept;
  for (const Value& item : all) {
    Value value = item;
    if (kHasAttribute) {
      Z2_TRY(value, pathOf(context, item, path));
    }
    bool isTrue = value.isTrue();
    if (!test.empty()) {
      Z2_TRY(isTrue, applyTest(context, test, value, rest));
    }
    if (isTrue == kWanted) kept.push_back(item);
  }
  return context.make(std::move(kept));
}

// What items are sorted and told apart by.
Result<Value> keyOf(Context& context, const Value& item, const std::string& path,
                    bool isCaseSensitive) {
  Value key = item;
  if (!path.empty()) {
    Z2_TRY(key, pathOf(context, item, path));
  }
  if (!isCaseSensitive && key.isText()) return Value::text(inCase(key.text(), LetterCase::kLower));
  return key;
}

Result<Value> sorted(Context& context, std::vector<Value> all, const std::string& path,
                     bool isCaseSensitive, bool isReversed) {
  std::vector<std::pair<Value, Value>> keyed;
  for (Value& item : all) {
    Z2_TRY(Value key, keyOf(context, item, path, isCaseSensitive));
    if (!keyed.empty() && !compare(keyed.front().first, key))
      return context.fail(
          fmt::format("{} and {} have no order", keyed.front().first.kindName(), key.kindName()));
    keyed.emplace_back(std::move(key), std::move(item));
  }
  Z2_TRY_VOID(context.spend(keyed.size() * 8));
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    const int order = compare(a.first, b.first).value_or(0);
    return isReversed ? order > 0 : order < 0;
  });
  std::vector<Value> out;
  for (auto& [key, item] : keyed) out.push_back(std::move(item));
  return context.make(std::move(out));
}

Result<Value> sort(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(std::vector<Value> all, itemsOf(context, input));
  Z2_TRY(const bool isReversed, booleanArgument(arguments, 0, "reverse", false));
  Z2_TRY(const bool isCaseSensitive, booleanArgument(arguments, 1, "case_sensitive", false));
  Z2_TRY(const std::string path, textArgument(context, arguments, 2, "attribute", {}));
  return sorted(context, std::move(all), path, isCaseSensitive, isReversed);
}

Result<Value> dictSort(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(const Value pairs, items(context, input, {}));
  Z2_TRY(const bool isCaseSensitive, booleanArgument(arguments, 0, "case_sensitive", false));
  Z2_TRY(const std::string by, textArgument(context, arguments, 1, "by", "key"));
  Z2_TRY(const bool isReversed, booleanArgument(arguments, 2, "reverse", false));
  return sorted(context, pairs.items(), by == "value" ? "1" : "0", isCaseSensitive, isReversed);
}

Result<Value> unique(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(const std::vector<Value> all, itemsOf(context, input));
  Z2_TRY(const bool isCaseSensitive, booleanArgument(arguments, 0, "case_sensitive", false));
  Z2_TRY(const std::string path, textArgument(context, arguments, 1, "attribute", {}));
  std::vector<Value> keys;
  std::vector<Value> kept;
  for (const Value& item : all) {
    Z2_TRY(Value key, keyOf(context, item, path, isCaseSensitive));
    Z2_TRY_VOID(context.spend(keys.size() + 1));
    const bool isKnown =
        std::any_of(keys.begin(), keys.end(), [&](const Value& one) { return isEqual(one, key); });
    if (isKnown) continue;
    keys.push_back(std::move(key));
    kept.push_back(item);
  }
  return context.make(std::move(kept));
}

template <bool kMost>
Result<Value> extreme(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(const std::string path, textArgument(context, arguments, 1, "attribute", {}));
  Z2_TRY(std::vector<Value> all, itemsOf(context, input));
  Z2_TRY(const Value ordered, sorted(context, std::move(all), path, false, kMost));
  if (ordered.items().empty()) return Value::undefined("an item of an empty list");
  return ordered.items().front();
}

Result<Value> sum(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(const std::string path, textArgument(context, arguments, 0, "attribute", {}));
  Z2_TRY(const std::vector<Value> all, itemsOf(context, input));
  int64_t whole = 0;
  double real = 0;
  bool isWhole = true;
  for (const Value& item : all) {
    Value value = item;
    if (!path.empty()) {
      Z2_TRY(value, pathOf(context, item, path));
    }
    if (!value.isNumber()) return context.fail(fmt::format("{} is no number", value.kindName()));
    real += value.number();
    isWhole = isWhole && value.isWhole();
    if (isWhole && __builtin_add_overflow(whole, value.whole(), &whole))
      return context.fail("the sum is too large");
  }
  return isWhole ? Value::integer(whole) : Value::real(real);
}

Result<Value> batch(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(const int64_t size, integerArgument(context, arguments, 0, "linecount", 0));
  if (size < 1) return context.fail("batch takes a size of 1 or more");
  Z2_TRY(const std::vector<Value> all, itemsOf(context, input));
  std::vector<Value> groups;
  std::vector<Value> group;
  for (const Value& item : all) {
    group.push_back(item);
    if (static_cast<int64_t>(group.size()) < size) continue;
    groups.push_back(Value::list(std::exchange(group, {})));
  }
  const Value* filler = arguments.find(1, "fill_with");
  if (!group.empty()) {
    while (filler != nullptr && static_cast<int64_t>(group.size()) < size && size < 10'000)
      group.push_back(*filler);
    groups.push_back(Value::list(std::move(group)));
  }
  return context.make(std::move(groups));
}

Result<Value> attribute(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(const std::string name, textArgument(context, arguments, 0, "name", {}));
  return attributeOf(context, input, name);
}

}  // namespace

const FilterTable& sequenceFilters() {
  static const FilterTable kFilters = {
      {"length", length},
      {"count", length},
      {"default", initial},
      {"d", initial},
      {"first", endItem<false>},
      {"last", endItem<true>},
      {"list", toList},
      {"reverse", reverse},
      {"items", items},
      {"join", join},
      {"map", map},
      {"select", choose<true, false>},
      {"reject", choose<false, false>},
      {"selectattr", choose<true, true>},
      {"rejectattr", choose<false, true>},
      {"sort", sort},
      {"dictsort", dictSort},
      {"unique", unique},
      {"min", extreme<false>},
      {"max", extreme<true>},
      {"sum", sum},
      {"batch", batch},
      {"attr", attribute},
  };
  return kFilters;
}

Result<Value> applyFilter(Context& context, std::string_view name, const Value& input,
                          const Arguments& arguments) {
  Z2_TRY_VOID(context.spend(1));
  for (const FilterTable* table : {&textFilters(), &sequenceFilters()})
    if (const auto found = table->find(name); found != table->end())
      return found->second(context, input, arguments);
  return context.fail(fmt::format("the filter '{}' is not known", name));
}

}  // namespace z2::jinja
