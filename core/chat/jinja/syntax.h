#pragma once

// The parsed form of a template.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/chat/jinja/value.h"

namespace z2::jinja {

struct Position {
  int line = 1;    // from 1
  int column = 1;  // from 1, in characters
};

enum class ExpressionKind {
  kLiteral,
  kName,         // name
  kList,         // parts
  kTuple,        // parts
  kDict,         // parts: key, value, key, value, …
  kAttribute,    // parts[0].name
  kItem,         // parts[0][parts[1]]
  kSlice,        // parts[0][parts[1]:parts[2]:parts[3]], each but the first may be null
  kCall,         // parts[0](parts[1] …); the last parts are named by keywords
  kFilter,       // parts[0]|name(parts[1] …), keywords as for a call
  kTest,         // parts[0] is name(parts[1] …)
  kUnary,        // name: not, -, +
  kBinary,       // name: + - * / // % ** ~ and or
  kComparison,   // parts[0] operators[0] parts[1] operators[1] parts[2] …
  kConditional,  // parts[1] if parts[0] else parts[2], which may be null
};

struct Expression;
using ExpressionPointer = std::unique_ptr<Expression>;

struct Expression {
  ExpressionKind kind = ExpressionKind::kLiteral;
  Position at;
  int depth = 1;  // of the tree below
  std::string name;
  Value literal;
  std::vector<ExpressionPointer> parts;
  std::vector<std::string> keywords;   // of the last parts of a call, filter or test
  std::vector<std::string> operators;  // of a comparison
};

enum class StatementKind {
  kText,         // text
  kOutput,       // {{ expression }}
  kIf,           // branches; the last one has no condition when there is an else
  kFor,          // for targets in expression [if condition] body [else orElse]
  kSet,          // set targets = expression
  kSetBlock,     // set targets[0] [| filters] body: `expression` is the filters around kName ""
  kMacro,        // macro name(targets, with defaults for the last of them) body
  kFilterBlock,  // filter … body: `expression` as for kSetBlock
  kGeneration,   // generation body
  kBreak,
  kContinue,
};

// Something that is assigned to: a name, or name.attribute of a namespace.
struct Target {
  std::string name;
  std::string attribute;
};

struct Statement;
using Body = std::vector<Statement>;

struct Branch;

struct Statement {
  StatementKind kind = StatementKind::kText;
  Position at;
  std::string text;  // also the name of a macro
  ExpressionPointer expression;
  ExpressionPointer condition;
  std::vector<Target> targets;
  std::vector<ExpressionPointer> defaults;
  Body body;
  Body orElse;
  std::vector<Branch> branches;
};

struct Branch {
  ExpressionPointer condition;  // null: else
  Body body;
};

}  // namespace z2::jinja
