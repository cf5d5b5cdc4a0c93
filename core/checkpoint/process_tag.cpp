#include "core/checkpoint/process_tag.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include <unistd.h>

#include "core/io/files.h"

namespace z2 {

namespace {

constexpr int kStartTimeField = 22;  // of /proc/PID/stat, proc(5)

// Start ticks of process `pid`, or an empty text when there is none.
std::string startTicks(std::string_view pid) {
  const auto content = readFile("/proc/" + std::string(pid) + "/stat");
  if (!content) return {};
  // The command's name may hold spaces and brackets; the fields go on after its last bracket.
  const size_t bracket = content->rfind(')');
  if (bracket == std::string::npos) return {};
  size_t at = bracket;
  for (int field = 2; field < kStartTimeField; ++field) {
    at = content->find(' ', at);
    if (at == std::string::npos) return {};
    ++at;
  }
  return content->substr(at, content->find(' ', at) - at);
}

}  // namespace

std::string ownProcessTag() {
  const std::string pid = std::to_string(::getpid());
  return pid + "-" + startTicks(pid);
}

bool isAlive(std::string_view processTag) {
  const size_t dash = processTag.find('-');
  if (dash == 0 || dash == std::string_view::npos) return false;
  const std::string_view pid = processTag.substr(0, dash);
  const bool isNumber =
      std::ranges::all_of(pid, [](unsigned char c) { return std::isdigit(c) != 0; });
  return isNumber && startTicks(pid) == processTag.substr(dash + 1);
}

}  // namespace z2
