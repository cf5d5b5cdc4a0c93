#pragma once

// What a text log says about the configuration of its run, in the keys of our schema.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/config/run_config.h"
#include "core/io/json.h"

namespace z2 {

// Collects facts in the order of the log. A value type.
struct LogFacts {
  Json config = Json::object();   // "key": value, of the schema
  Json details = Json::object();  // what has no key
  std::optional<int64_t> decayedParameters;
  std::optional<int64_t> otherParameters;
  std::vector<int64_t> evaluations;   // steps
  std::vector<int64_t> checkpoints;   // steps
  std::vector<double> learningRates;  // of steps 1, 2, … without a gap; then it ends

  // The preset whose matrices hold exactly decayedParameters; empty: none.
  [[nodiscard]] std::string_view preset() const;
};

struct KnownConfig {
  RunConfig config;
  std::vector<std::string> keys;  // that the facts gave; all others are defaults
};
// Values that our schema refuses are left out of the configuration and moved to `facts.details`.
[[nodiscard]] Result<KnownConfig> configFrom(LogFacts& facts, int64_t lastStep);

}  // namespace z2
