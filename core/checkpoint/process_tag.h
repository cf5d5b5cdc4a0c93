#pragma once

// Who is writing a folder: process number and start time, so that a reused number does not pass
// for the process that died.

#include <string>
#include <string_view>

namespace z2 {

[[nodiscard]] std::string ownProcessTag();  // "PID-STARTTICKS"
// Whether that very process lives on this machine. A text that is no tag names no process.
[[nodiscard]] bool isAlive(std::string_view processTag);

}  // namespace z2
