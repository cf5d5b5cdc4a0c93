#pragma once

// The normalizer of a Hugging Face tokenizer, compiled.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/split_regex.h"
#include "core/tokenizer/tokenizer_definition.h"

namespace z2 {

// `text` with `matches` replaced by `content`.
[[nodiscard]] std::string replaceMatches(std::string_view text,
                                         const std::vector<MatchRange>& matches,
                                         std::string_view content);
// The places of `pattern` (not empty) in `text`, from left to right, without overlap.
void findString(std::string_view text, std::string_view pattern, std::vector<MatchRange>& matches);

// Immutable and thread-safe; each thread brings a workspace.
class HfNormalizer {
 public:
  struct Workspace {
    SplitRegex::Workspace regex;
    std::vector<MatchRange> matches;
    std::string buffers[2];
  };

  [[nodiscard]] static Result<HfNormalizer> create(std::vector<NormalizerStep> steps);

  [[nodiscard]] bool isIdentity() const { return steps_.empty(); }
  // Returns `text` itself when nothing changed, else a view into `workspace`, valid until the next
  // call with it. `text` is valid UTF-8 and not in `workspace`.
  [[nodiscard]] Result<std::string_view> apply(std::string_view text, Workspace& workspace) const;

 private:
  std::vector<NormalizerStep> steps_;
  std::vector<std::optional<SplitRegex>> regexes_;
};

}  // namespace z2
