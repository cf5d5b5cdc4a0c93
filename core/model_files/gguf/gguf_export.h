#pragma once

// Writes a model as one GGUF file that llama.cpp runs.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/model_files/gguf/gguf_file.h"
#include "core/model_files/hf_config.h"
#include "core/model_files/hf_export.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

struct GgufExportOptions {
  GgmlType type = GgmlType::kF16;                   // of the matrices; vectors stay F32
  std::string name;                                 // "general.name"
  std::shared_ptr<const Tokenizer> tokenizer = {};  // null: without, which llama.cpp refuses to run
  std::string chatTemplate = {};                    // Jinja; empty: none
};

struct GgufExportReport {
  int64_t parameters = 0;
  uint64_t bytes = 0;              // of the file
  std::vector<std::string> notes;  // what llama.cpp will do otherwise than this program
};

// Replaces `file`: it is written beside its place, synced and renamed; after an error or a stop
// request (kInterrupted) nothing is left. Holds one tensor in memory at a time. Architecture
// "qwen2" for biases on q, k, v alone, else "llama", whose q and k rows are permuted to the
// neighbouring pairs that llama.cpp rotates. Matrices whose rows are not whole blocks of Q8_0
// become F16.
[[nodiscard]] Result<GgufExportReport> writeGguf(const std::filesystem::path& file,
                                                 const HfConfig& config,
                                                 const TensorReader& readTensor,
                                                 const GgufExportOptions& options);

}  // namespace z2
