#pragma once

// Names that other trainers give to metrics that our runs have too.

#include <map>
#include <string>
#include <vector>

namespace z2 {

// "their name": "our name" for those of `names` that are known under another one. Nothing is
// renamed to a name that is taken, by the source itself or by an earlier of its names.
[[nodiscard]] std::map<std::string, std::string> renamesFor(const std::vector<std::string>& names);

}  // namespace z2
