#pragma once

// Writes a Hugging Face directory that AutoModelForCausalLM and AutoTokenizer of transformers 4 and
// 5 load.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/model/parameters.h"
#include "core/model_files/hf_config.h"

namespace z2 {

struct HfExportOptions {
  DType type = DType::kBF16;
  uint64_t shardBytes = 5'000'000'000;                  // no shard is larger, unless one tensor is
  std::optional<std::filesystem::path> tokenizer = {};  // a folder or file to copy from
  std::string chatTemplate = {};                        // Jinja; empty: what the tokenizer has
};

struct HfExportReport {
  std::vector<std::filesystem::path> files;
  int64_t parameters = 0;
  uint64_t weightBytes = 0;
};

// Gives the fp32 values of one tensor.
using TensorReader = std::function<Result<void>(const HfTensor&, std::span<float>)>;

// Refuses a `folder` that is there already (unless it is empty). Everything is written beside it,
// synced, and renamed at the end: after an error or a stop request (kInterrupted) nothing is left.
// Holds one tensor in memory at a time.
[[nodiscard]] Result<HfExportReport> writeHfDirectory(const std::filesystem::path& folder,
                                                      const HfConfig& config,
                                                      const TensorReader& readTensor,
                                                      const HfExportOptions& options);

}  // namespace z2
