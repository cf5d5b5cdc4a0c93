#pragma once

// Walks a parsed template.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/chat/jinja/context.h"
#include "core/chat/jinja/syntax.h"

namespace z2::jinja {

using Variables = std::vector<std::pair<std::string, Value>>;

// One rendering.
class Evaluator {
 public:
  // All that is given must outlive it.
  Evaluator(const Variables& variables, Context& context);

  [[nodiscard]] Result<MarkedText> run(const Body& body);

 private:
  enum class Flow { kNext, kBreak, kContinue };

  struct Frame {
    std::vector<std::pair<std::string_view, Value>> names;
    bool isMacro = false;  // frames below are not seen, but for the first
  };
  class Scope;    // a frame for as long as it lives
  class Descent;  // counts how deep evaluation is nested

  // Statements (statement_evaluator.cpp).
  [[nodiscard]] Result<Flow> runBody(const Body& body);
  [[nodiscard]] Result<Flow> runStatement(const Statement& statement);
  [[nodiscard]] Result<Flow> runIf(const Statement& statement);
  [[nodiscard]] Result<Flow> runFor(const Statement& statement);
  [[nodiscard]] Result<std::vector<Value>> loopItems(const Statement& statement);
  [[nodiscard]] Result<void> output(const MarkedText& text);
  [[nodiscard]] Result<MarkedText> capture(const Body& body);
  [[nodiscard]] Result<void> assign(const std::vector<Target>& targets, const Value& value,
                                    Position at);
  [[nodiscard]] Result<void> assignOne(const Target& target, const Value& value);
  // `name` must outlive the frame.
  void bind(std::string_view name, Value value);

  // Expressions (evaluator.cpp).
  [[nodiscard]] Result<Value> evaluate(const Expression& node);
  [[nodiscard]] Result<Value> evaluateNode(const Expression& node);
  [[nodiscard]] Value lookUp(const std::string& name) const;
  [[nodiscard]] Result<Value> evaluateCollection(const Expression& node);
  [[nodiscard]] Result<Value> evaluateSlice(const Expression& node);
  [[nodiscard]] Result<Value> evaluateUnary(const Expression& node);
  [[nodiscard]] Result<Value> evaluateBinary(const Expression& node);
  [[nodiscard]] Result<Value> evaluateComparison(const Expression& node);
  [[nodiscard]] Result<Value> evaluateCall(const Expression& node);
  [[nodiscard]] Result<Arguments> evaluateArguments(const Expression& node);
  [[nodiscard]] Result<Value> callFunction(const Function& function, const Arguments& arguments);
  [[nodiscard]] Result<Value> callMacro(const Statement& macro, const Arguments& arguments);
  [[nodiscard]] Result<Value> callLoop(const Value& loop, const std::string& name,
                                       const Arguments& arguments);
  // The filters of a set or filter block, applied to what it printed.
  [[nodiscard]] Result<Value> applyFilters(const Expression& node, const Value& input);

  Context& context_;
  std::vector<Frame> frames_;
  MarkedText* out_ = nullptr;
  int depth_ = 0;
  uint32_t generation_ = 0;   // of the block that is being rendered; 0: none
  uint32_t generations_ = 0;  // so far
};

class Evaluator::Scope {
 public:
  explicit Scope(Evaluator& evaluator, bool isMacro = false) : frames_(evaluator.frames_) {
    frames_.push_back({{}, isMacro});
  }
  ~Scope() { frames_.pop_back(); }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  std::vector<Frame>& frames_;
};

class Evaluator::Descent {
 public:
  explicit Descent(int& depth) : depth_(depth) { ++depth_; }
  ~Descent() { --depth_; }
  Descent(const Descent&) = delete;
  Descent& operator=(const Descent&) = delete;

 private:
  int& depth_;
};

}  // namespace z2::jinja
