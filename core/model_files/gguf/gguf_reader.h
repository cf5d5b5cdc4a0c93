#pragma once

// Reads a GGUF file's tensors back, to check what was written.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/io/files.h"
#include "core/model/llama_config.h"
#include "core/model/parameters.h"
#include "core/model_files/gguf/gguf_file.h"

namespace z2 {

// The file stays mapped. Thread-safe for reading.
class GgufReader {
 public:
  // kCorrupt where the bytes are no GGUF 3 or end too early; kBadInput for a tensor of a type that
  // is not written here.
  [[nodiscard]] static Result<GgufReader> open(const std::filesystem::path& file);

  // The fp32 values of one of a layout's tensors, in Hugging Face's order of rows;
  // values.size() == tensor.size. kCorrupt when it is missing or has another shape.
  [[nodiscard]] Result<void> read(const HfTensor& tensor, const LlamaConfig& config,
                                  std::span<float> values) const;

 private:
  struct Stored {
    std::vector<int64_t> shape;  // the last dimension lies contiguous
    GgmlType type = GgmlType::kF32;
    std::span<const std::byte> bytes;
  };
  class Parser;

  std::string path_;
  MappedFile file_;
  std::map<std::string, Stored, std::less<>> tensors_;
};

}  // namespace z2
