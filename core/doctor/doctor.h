#pragma once

// What this machine has, what is missing, what to do.

#include <filesystem>
#include <string>
#include <vector>

#include "core/io/json.h"

namespace z2 {

enum class Health {
  kGood,
  kNote,    // works, but slower or with less than it could
  kBroken,  // something cannot be done until it is mended
};

struct Finding {
  std::string name;  // "cpu", "memory", …: stable, for programs
  Health health = Health::kGood;
  std::string found;     // one sentence
  std::string fix = {};  // what to do; empty when nothing is needed
  Json details = Json::object();
};

// Looks at processor, memory, disk of `workspace`, C library, the engine and its libraries, GPU
// and plug-ins. `programs` is the folder of this program. Starts the engine once, with --version;
// changes nothing.
[[nodiscard]] std::vector<Finding> examineMachine(const std::filesystem::path& workspace,
                                                  const std::filesystem::path& programs);

[[nodiscard]] Json toJson(const std::vector<Finding>& findings);

}  // namespace z2
