#pragma once

// What is wrong with a configuration, for people.

#include <string>

namespace z2 {

// One sentence or two: what is wrong and the remedy, without the key in front.
struct ConfigIssue {
  std::string key;  // empty: it belongs to no key
  std::string en;
  std::string zh;
};

}  // namespace z2
