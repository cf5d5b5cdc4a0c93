#include "core/chat/jinja/evaluator.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/chat/jinja/access.h"
#include "core/chat/jinja/filters.h"
#include "core/chat/jinja/functions.h"
#include "core/chat/jinja/methods.h"
#include "core/chat/jinja/operators.h"
#include "core/chat/jinja/printing.h"

namespace z2::jinja {

namespace {

// Of expressions inside of one another and of macros that call macros.
constexpr int kMostDepth = 600;

}  // namespace

Evaluator::Evaluator(const Variables& variables, Context& context) : context_(context) {
  frames_.emplace_back();
  for (const auto& [name, value] : variables) frames_.back().names.emplace_back(name, value);
}

Value Evaluator::lookUp(const std::string& name) const {
  const auto in = [&](const Frame& frame) -> const Value* {
    for (auto one = frame.names.rbegin(); one != frame.names.rend(); ++one)
      if (one->first == name) return &one->second;
    return nullptr;
  };
  for (size_t i = frames_.size(); i-- > 0;) {
    if (const Value* found = in(frames_[i])) return *found;
    if (frames_[i].isMacro && i > 0) i = 1;
  }
  if (const auto builtin = builtinNamed(name)) return Value::function({*builtin, nullptr});
  return Value::undefined(name);
}

Result<Value> Evaluator::evaluate(const Expression& node) {
  const Descent descent(depth_);
  context_.setPosition(node.at);
  if (depth_ > kMostDepth) return context_.fail("the template calls itself too deep");
  Z2_TRY_VOID(context_.spend(1));
  return evaluateNode(node);
}

Result<Value> Evaluator::evaluateNode(const Expression& node) {
  switch (node.kind) {
    case ExpressionKind::kLiteral:
      return node.literal;
    case ExpressionKind::kName:
      return lookUp(node.name);
    case ExpressionKind::kList:
    case ExpressionKind::kTuple:
    case ExpressionKind::kDict:
      return evaluateCollection(node);
    case ExpressionKind::kAttribute: {
      Z2_TRY(const Value object, evaluate(*node.parts[0]));
      context_.setPosition(node.at);
      return attributeOf(context_, object, node.name);
    }
    case ExpressionKind::kItem: {
      Z2_TRY(const Value object, evaluate(*node.parts[0]));
      Z2_TRY(const Value index, evaluate(*node.parts[1]));
      context_.setPosition(node.at);
      return itemOf(context_, object, index);
    }
    case ExpressionKind::kSlice:
      return evaluateSlice(node);
    case ExpressionKind::kCall:
      return evaluateCall(node);
    case ExpressionKind::kFilter: {
      Z2_TRY(const Value input, evaluate(*node.parts[0]));
      Z2_TRY(const Arguments arguments, evaluateArguments(node));
      context_.setPosition(node.at);
      return applyFilter(context_, node.name, input, arguments);
    }
    case ExpressionKind::kTest: {
      Z2_TRY(const Value input, evaluate(*node.parts[0]));
      Z2_TRY(const Arguments arguments, evaluateArguments(node));
      context_.setPosition(node.at);
      Z2_TRY(const bool isTrue, applyTest(context_, node.name, input, arguments));
      return Value::boolean(isTrue);
    }
    case ExpressionKind::kUnary:
      return evaluateUnary(node);
    case ExpressionKind::kBinary:
      return evaluateBinary(node);
    case ExpressionKind::kComparison:
      return evaluateComparison(node);
    case ExpressionKind::kConditional: {
      Z2_TRY(const Value condition, evaluate(*node.parts[0]));
      if (condition.isTrue()) return evaluate(*node.parts[1]);
      if (node.parts[2]) return evaluate(*node.parts[2]);
      return Value::undefined("the part after else");
    }
  }
  return Value::undefined();
}

Result<Value> Evaluator::evaluateCollection(const Expression& node) {
  if (node.kind != ExpressionKind::kDict) {
    std::vector<Value> items;
    for (const ExpressionPointer& part : node.parts) {
      Z2_TRY(Value item, evaluate(*part));
      items.push_back(std::move(item));
    }
    if (node.kind == ExpressionKind::kList) return context_.make(std::move(items));
    Z2_TRY_VOID(context_.make(items));
    return Value::list(std::move(items), true);
  }
  std::vector<std::pair<std::string, Value>> entries;
  for (size_t i = 0; i < node.parts.size(); i += 2) {
    Z2_TRY(const Value key, evaluate(*node.parts[i]));
    context_.setPosition(node.parts[i]->at);
    if (!key.isText())
      return context_.fail(
          fmt::format("the keys of a dictionary are texts here, not {}", key.kindName()));
    Z2_TRY(Value value, evaluate(*node.parts[i + 1]));
    const auto known = std::find_if(entries.begin(), entries.end(),
                                    [&](const auto& entry) { return entry.first == key.bytes(); });
    if (known != entries.end())
      known->second = std::move(value);
    else
      entries.emplace_back(key.bytes(), std::move(value));
  }
  return context_.make(std::move(entries));
}

Result<Value> Evaluator::evaluateSlice(const Expression& node) {
  Z2_TRY(const Value object, evaluate(*node.parts[0]));
  std::vector<Value> bounds(3, Value::none());
  for (size_t i = 0; i < 3; ++i)
    if (node.parts[i + 1]) {
      Z2_TRY(bounds[i], evaluate(*node.parts[i + 1]));
    }
  context_.setPosition(node.at);
  return sliceOf(context_, object, &bounds[0], &bounds[1], &bounds[2]);
}

Result<Value> Evaluator::evaluateUnary(const Expression& node) {
  Z2_TRY(const Value operand, evaluate(*node.parts[0]));
  if (node.name == "not") return Value::boolean(!operand.isTrue());
  context_.setPosition(node.at);
  return signedNumber(context_, operand, node.name == "-");
}

Result<Value> Evaluator::evaluateBinary(const Expression& node) {
  Z2_TRY(Value left, evaluate(*node.parts[0]));
  if (node.name == "and" || node.name == "or") {
    const bool decides = left.isTrue() == (node.name == "or");
    return decides ? left : evaluate(*node.parts[1]);
  }
  Z2_TRY(const Value right, evaluate(*node.parts[1]));
  context_.setPosition(node.at);
  return binaryOperation(context_, node.name, left, right);
}

Result<Value> Evaluator::evaluateComparison(const Expression& node) {
  Z2_TRY(Value left, evaluate(*node.parts[0]));
  for (size_t i = 0; i < node.operators.size(); ++i) {
    Z2_TRY(Value right, evaluate(*node.parts[i + 1]));
    context_.setPosition(node.at);
    Z2_TRY(const bool isTrue, comparison(context_, node.operators[i], left, right));
    if (!isTrue) return Value::boolean(false);
    left = std::move(right);
  }
  return Value::boolean(true);
}

Result<Arguments> Evaluator::evaluateArguments(const Expression& node) {
  Arguments arguments;
  const size_t named = node.parts.size() - node.keywords.size();
  for (size_t i = 1; i < node.parts.size(); ++i) {
    Z2_TRY(Value value, evaluate(*node.parts[i]));
    if (i < named)
      arguments.positional.push_back(std::move(value));
    else
      arguments.named.emplace_back(node.keywords[i - named], std::move(value));
  }
  return arguments;
}

Result<Value> Evaluator::evaluateCall(const Expression& node) {
  const Expression& callee = *node.parts[0];
  if (callee.kind != ExpressionKind::kAttribute) {
    Z2_TRY(const Value function, evaluate(callee));
    Z2_TRY(const Arguments arguments, evaluateArguments(node));
    context_.setPosition(node.at);
    if (function.isFunction()) return callFunction(function.function(), arguments);
    if (function.isUndefined())
      return context_.fail(fmt::format("there is no function '{}'", function.undefinedName()));
    return context_.fail(fmt::format("{} cannot be called", function.kindName()));
  }
  Z2_TRY(const Value object, evaluate(*callee.parts[0]));
  Z2_TRY(const Arguments arguments, evaluateArguments(node));
  context_.setPosition(callee.at);
  if (object.isLoop()) return callLoop(object, callee.name, arguments);
  if (object.isUndefined() || object.isNamespace()) {
    Z2_TRY(const Value function, attributeOf(context_, object, callee.name));
    if (function.isFunction()) return callFunction(function.function(), arguments);
    return context_.fail(fmt::format("there is no function '{}'", callee.name));
  }
  return callMethod(context_, object, callee.name, arguments);
}

Result<Value> Evaluator::callFunction(const Function& function, const Arguments& arguments) {
  if (function.macro != nullptr) return callMacro(*function.macro, arguments);
  return callBuiltin(context_, function.builtin, arguments);
}

Result<Value> Evaluator::callMacro(const Statement& macro, const Arguments& arguments) {
  const size_t count = macro.targets.size();
  if (arguments.positional.size() > count)
    return context_.fail(
        fmt::format("the macro '{}' takes {} arguments at most", macro.text, count));
  for (const auto& [name, value] : arguments.named)
    if (std::none_of(macro.targets.begin(), macro.targets.end(),
                     [&, &key = name](const Target& target) { return target.name == key; }))
      return context_.fail(fmt::format("the macro '{}' has no argument '{}'", macro.text, name));
  const Scope scope(*this, true);
  const size_t required = count - macro.defaults.size();
  for (size_t i = 0; i < count; ++i) {
    Value value = Value::undefined(macro.targets[i].name);
    if (const Value* given = arguments.find(i, macro.targets[i].name)) {
      value = *given;
    } else if (i >= required) {
      Z2_TRY(value, evaluate(*macro.defaults[i - required]));
    }
    bind(macro.targets[i].name, std::move(value));
  }
  const Descent descent(depth_);
  Z2_TRY(MarkedText text, capture(macro.body));
  return context_.make(std::move(text));
}

Result<Value> Evaluator::callLoop(const Value& loop, const std::string& name,
                                  const Arguments& arguments) {
  const std::vector<Value>& values = arguments.positional;
  if (name == "cycle" && !values.empty()) return values[loop.loop().at % values.size()];
  if (name != "changed") return context_.fail(fmt::format("loop has no function '{}'", name));
  LoopState& state = loop.loop();
  const bool isSame =
      state.hasChanged && isEqual(Value::list(state.lastChanged), Value::list(values));
  state.hasChanged = true;
  state.lastChanged = values;
  return Value::boolean(!isSame);
}

Result<Value> Evaluator::applyFilters(const Expression& node, const Value& input) {
  if (node.kind != ExpressionKind::kFilter) return input;
  Z2_TRY(const Value before, applyFilters(*node.parts[0], input));
  Z2_TRY(const Arguments arguments, evaluateArguments(node));
  context_.setPosition(node.at);
  return applyFilter(context_, node.name, before, arguments);
}

}  // namespace z2::jinja
