#pragma once

// Token files of other programs, made into ours: `z2all data import`.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/data_manifest.h"

namespace z2 {

enum class ForeignFormat {
  kSampleIndex,  // "ibin": the study project's .bin files, and, among them, its .ibin
  kLlmC,         // "llmc"
  kMegatron,     // "megatron": PREFIX, PREFIX.bin or PREFIX.idx
};

struct ImportOptions {
  std::vector<std::filesystem::path> files;  // laid end to end in this order
  ForeignFormat format = ForeignFormat::kMegatron;
  std::filesystem::path output;  // PREFIX
  // Bare tokens have no documents: each ends behind this id where it is known, else a file is one.
  std::optional<int32_t> endOfText;
  int64_t vocabSize = 0;  // ids outside are refused; 0: not known
  std::string tokenizerSha256;
  bool isOverwriting = false;
};

// Every length of the files is checked, and every token. Without a known vocabulary the manifest
// says the largest id + 1.
[[nodiscard]] Result<DataManifest> importTokens(const ImportOptions& options);

}  // namespace z2
