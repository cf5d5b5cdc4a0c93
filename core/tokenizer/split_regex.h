#pragma once

// A regular expression in Oniguruma's spelling (that of tokenizer.json), run by PCRE2's JIT.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace z2 {

// [begin, end) of a text in bytes.
struct MatchRange {
  size_t begin = 0;
  size_t end = 0;
};

// The pattern as PCRE2 spells it. What the two engines would read differently and has no
// translation (nested classes, class intersections, \b, \X, flags other than i) is refused by name.
[[nodiscard]] Result<std::string> translateOniguruma(std::string_view pattern);

// Immutable and thread-safe; a thread's mutable parts are in its Workspace.
class SplitRegex {
 public:
  class Workspace {
   public:
    Workspace();
    ~Workspace();
    Workspace(Workspace&&) noexcept;
    Workspace& operator=(Workspace&&) noexcept;

   private:
    friend class SplitRegex;
    struct State;
    std::unique_ptr<State> state_;
  };

  [[nodiscard]] static Result<SplitRegex> compile(std::string_view onigurumaPattern);
  ~SplitRegex();
  SplitRegex(SplitRegex&&) noexcept;
  SplitRegex& operator=(SplitRegex&&) noexcept;

  // Replaces `matches` by all matches in `text` (valid UTF-8), from left to right. Fails when the
  // pattern exhausts PCRE2's limits on this text.
  [[nodiscard]] Result<void> findAll(std::string_view text, Workspace& workspace,
                                     std::vector<MatchRange>& matches) const;

 private:
  struct Code;
  explicit SplitRegex(std::unique_ptr<const Code> code);
  std::unique_ptr<const Code> code_;
};

}  // namespace z2
