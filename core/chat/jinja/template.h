#pragma once

// Chat templates in the Jinja language, rendered as transformers renders them (an immutable sandbox
// with trim_blocks, lstrip_blocks and loop controls).
//
// Covered: expressions, if/for/set (namespace)/macro/filter/raw/generation blocks, break and
// continue, the filters, tests and methods in text_filters.cpp, sequence_filters.cpp, tests.cpp and
// methods.cpp, raise_exception and strftime_now. Not covered: imports and inheritance, call blocks,
// recursive loops, extensions; upper and lower change ASCII letters alone.
//
// A template reaches nothing but the variables it is given, and a rendering ends: steps, sizes and
// depths are bounded. The output knows for each part whether the template wrote it or the data, and
// in which {% generation %} block it stands.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/chat/jinja/context.h"
#include "core/chat/jinja/evaluator.h"

namespace z2::jinja {

struct RenderOptions {
  RenderLimits limits;
  std::optional<int64_t> now =
      std::nullopt;  // for strftime_now, seconds since 1970; nothing: the clock
};

// Immutable, thread-safe, cheap to copy.
class Template {
 public:
  // `name` stands before line and column in errors, which are kBadInput.
  [[nodiscard]] static Result<Template> parse(std::string_view source, std::string name);

  [[nodiscard]] Result<MarkedText> render(const Variables& variables,
                                          const RenderOptions& options = {}) const;
  [[nodiscard]] const std::string& name() const { return name_; }
  // Whether {% generation %} says what is trained.
  [[nodiscard]] bool hasGeneration() const { return hasGeneration_; }

 private:
  Template(std::string name, std::shared_ptr<const Body> body);

  std::string name_;
  std::shared_ptr<const Body> body_;
  bool hasGeneration_ = false;
};

}  // namespace z2::jinja
