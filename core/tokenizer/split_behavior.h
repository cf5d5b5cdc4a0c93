#pragma once

// How a pre-tokenizer turns the matches of a pattern into pieces; the five behaviours of
// tokenizer.json.

#include <string_view>
#include <vector>

#include "core/tokenizer/pretokenizer.h"
#include "core/tokenizer/split_regex.h"

namespace z2 {

// Appends the pieces of `text`, given the pattern's matches in it from left to right. `isInverted`:
// what lies between the matches counts as match. Empty pieces are left out.
void applySplit(std::string_view text, const std::vector<MatchRange>& matches,
                SplitBehavior behavior, bool isInverted, std::vector<std::string_view>& pieces);

}  // namespace z2
