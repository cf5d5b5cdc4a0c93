#pragma once

// What the checkpoints of a run wrote: RUN/samples.jsonl, a line a text, so that one can read how a
// model learned to write.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace z2 {

struct RunSample {
  int64_t step = 0;    // of the checkpoint
  std::string prompt;  // UTF-8
  std::string text;    // the continuation, without the prompt
  double temperature = 0;
  uint64_t seed = 0;
  int64_t maxNewTokens = 0;

  // Whether `other` was asked for in the same way, of the same checkpoint.
  [[nodiscard]] bool isSameQuestion(const RunSample& other) const;
};

[[nodiscard]] std::filesystem::path samplesFile(const std::filesystem::path& run);
// In the order of the file; lines that are no samples are passed over. None where there is no file.
[[nodiscard]] Result<std::vector<RunSample>> readSamples(const std::filesystem::path& run);
// One line more; a torn last line is ended first.
[[nodiscard]] Result<void> addSample(const std::filesystem::path& run, const RunSample& sample);

}  // namespace z2
