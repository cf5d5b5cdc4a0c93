#pragma once

// The command line, where a test wants what it makes.

#include <string>
#include <vector>

namespace z2::ui {

// Ends the test with z2all's own words when it fails.
void runZ2all(const std::vector<std::string>& arguments);

}  // namespace z2::ui
