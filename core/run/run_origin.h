#pragma once

// Where an imported run came from: the member "imported" of its run.json.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2 {

// A run that another program made. It can be watched and compared; it cannot be trained, for there
// is no checkpoint.
struct RunOrigin {
  std::string format;              // "z2all-log", "tensorboard"
  std::vector<std::string> files;  // that were read
  std::string time;                // of the import; UTC, ISO 8601
  std::vector<std::string> keys;   // of the configuration that the source told; the others are
                                   // defaults and say nothing about this run
  Json details = Json::object();   // what else it told
  std::vector<std::pair<std::string, std::string>> renamed;  // metric here, its name in the source
};

[[nodiscard]] Json toJson(const RunOrigin& origin);
[[nodiscard]] Result<RunOrigin> parseRunOrigin(const Json& value, std::string_view where);

}  // namespace z2
