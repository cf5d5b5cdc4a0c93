// Statements.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/chat/jinja/access.h"
#include "core/chat/jinja/evaluator.h"
#include "core/chat/jinja/filters.h"
#include "core/chat/jinja/printing.h"

namespace z2::jinja {

Result<MarkedText> Evaluator::run(const Body& body) { return capture(body); }

Result<void> Evaluator::output(const MarkedText& text) {
  if (generation_ != 0)
    out_->appendGenerated(text, generation_);
  else
    out_->append(text);
  Z2_TRY_VOID(context_.spend(text.size() / 64 + 1));
  if (out_->size() > context_.mostBytes()) return context_.fail("the text is too large");
  return {};
}

Result<MarkedText> Evaluator::capture(const Body& body) {
  MarkedText text;
  MarkedText* const before = std::exchange(out_, &text);
  const auto flow = runBody(body);
  out_ = before;
  if (!flow) return tl::unexpected(flow.error());
  return text;
}

Result<Evaluator::Flow> Evaluator::runBody(const Body& body) {
  for (const Statement& statement : body) {
    Z2_TRY(const Flow flow, runStatement(statement));
    if (flow != Flow::kNext) return flow;
  }
  return Flow::kNext;
}

Result<Evaluator::Flow> Evaluator::runStatement(const Statement& statement) {
  context_.setPosition(statement.at);
  Z2_TRY_VOID(context_.spend(1));
  switch (statement.kind) {
    case StatementKind::kText:
      Z2_TRY_VOID(output(MarkedText(statement.text)));
      break;
    case StatementKind::kOutput: {
      Z2_TRY(const Value value, evaluate(*statement.expression));
      context_.setPosition(statement.expression->at);
      Z2_TRY(const MarkedText text, printed(context_, value));
      Z2_TRY_VOID(output(text));
      break;
    }
    case StatementKind::kIf:
      return runIf(statement);
    case StatementKind::kFor:
      return runFor(statement);
    case StatementKind::kSet: {
      Z2_TRY(const Value value, evaluate(*statement.expression));
      Z2_TRY_VOID(assign(statement.targets, value, statement.at));
      break;
    }
    case StatementKind::kSetBlock:
    case StatementKind::kFilterBlock: {
      Z2_TRY(MarkedText text, capture(statement.body));
      Z2_TRY(const Value value, applyFilters(*statement.expression, Value::text(std::move(text))));
      if (statement.kind == StatementKind::kSetBlock) {
        Z2_TRY_VOID(assign(statement.targets, value, statement.at));
        break;
      }
      Z2_TRY(const MarkedText shown, printed(context_, value));
      Z2_TRY_VOID(output(shown));
      break;
    }
    case StatementKind::kMacro:
      bind(statement.text, Value::function({-1, &statement}));
      break;
    case StatementKind::kGeneration: {
      if (generation_ != 0) return context_.fail("a generation block stands inside of another");
      generation_ = ++generations_;
      auto flow = runBody(statement.body);
      generation_ = 0;
      return flow;
    }
    case StatementKind::kBreak:
      return Flow::kBreak;
    case StatementKind::kContinue:
      return Flow::kContinue;
  }
  return Flow::kNext;
}

Result<Evaluator::Flow> Evaluator::runIf(const Statement& statement) {
  for (const Branch& branch : statement.branches) {
    if (branch.condition) {
      Z2_TRY(const Value condition, evaluate(*branch.condition));
      if (!condition.isTrue()) continue;
    }
    return runBody(branch.body);
  }
  return Flow::kNext;
}

// What the loop goes over, after its condition.
Result<std::vector<Value>> Evaluator::loopItems(const Statement& statement) {
  Z2_TRY(const Value iterated, evaluate(*statement.expression));
  context_.setPosition(statement.expression->at);
  Z2_TRY(std::vector<Value> items, itemsOf(context_, iterated));
  if (!statement.condition) return items;
  std::vector<Value> kept;
  const Scope scope(*this);
  for (const Value& item : items) {
    Z2_TRY_VOID(assign(statement.targets, item, statement.at));
    Z2_TRY(const Value condition, evaluate(*statement.condition));
    if (condition.isTrue()) kept.push_back(item);
  }
  return kept;
}

Result<Evaluator::Flow> Evaluator::runFor(const Statement& statement) {
  Z2_TRY(std::vector<Value> items, loopItems(statement));
  if (items.empty()) return runBody(statement.orElse);
  auto loop = std::make_shared<LoopState>();
  loop->items = std::move(items);
  for (loop->at = 0; loop->at < loop->items.size(); ++loop->at) {
    const Scope scope(*this);
    bind("loop", Value::loop(loop));
    Z2_TRY_VOID(assign(statement.targets, loop->items[loop->at], statement.at));
    Z2_TRY(const Flow flow, runBody(statement.body));
    if (flow == Flow::kBreak) break;
  }
  return Flow::kNext;
}

void Evaluator::bind(std::string_view name, Value value) {
  auto& names = frames_.back().names;
  for (auto& [known, held] : names)
    if (known == name) {
      held = std::move(value);
      return;
    }
  names.emplace_back(name, std::move(value));
}

Result<void> Evaluator::assign(const std::vector<Target>& targets, const Value& value,
                               Position at) {
  context_.setPosition(at);
  if (targets.size() == 1) return assignOne(targets.front(), value);
  Z2_TRY(const std::vector<Value> parts, itemsOf(context_, value));
  if (parts.size() != targets.size())
    return context_.fail(
        fmt::format("{} values do not fit {} names", parts.size(), targets.size()));
  for (size_t i = 0; i < targets.size(); ++i) Z2_TRY_VOID(assignOne(targets[i], parts[i]));
  return {};
}

Result<void> Evaluator::assignOne(const Target& target, const Value& value) {
  if (target.attribute.empty()) {
    bind(target.name, value);
    return {};
  }
  const Value object = lookUp(target.name);
  if (!object.isNamespace())
    return context_.fail(fmt::format("'{}' is no namespace, so '{}' of it cannot be set",
                                     target.name, target.attribute),
                         fmt::format("Make it with {{% set {} = namespace() %}}", target.name));
  if (value.depth() >= Value::kMaxDepth)
    return context_.fail("this value is nested too deep to be kept in a namespace");
  auto& held = object.nameSpace().items;
  for (auto& [name, old] : held)
    if (name == target.attribute) {
      old = value;
      return {};
    }
  held.emplace_back(target.attribute, value);
  return {};
}

}  // namespace z2::jinja
