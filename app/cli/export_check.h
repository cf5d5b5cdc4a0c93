#pragma once

// Whether a model that was written for other programs is still the model: the loss of both on the
// same text.

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/model_files/model_source.h"
#include "core/tokenizer/tokenizer.h"

namespace z2::cli {

struct ExportCheck {
  double before = 0;   // mean loss of the model
  double after = 0;    // of what was written
  int64_t tokens = 0;  // that were predicted
  double allowed = 0;  // how far apart rounding to the written type may bring them
  [[nodiscard]] bool isSame() const;
};
[[nodiscard]] Json toJson(const ExportCheck& check);

// `written` is a Hugging Face directory, or a .gguf file, whose tensors are read back into a
// directory beside it for as long as the check takes (4 bytes a parameter). `dtype`: fp32, fp16,
// bf16 or q8_0. `tokenizer` null: on ids from all over the vocabulary.
[[nodiscard]] Result<ExportCheck> checkExport(const ModelSource& source,
                                              const std::filesystem::path& written,
                                              const std::string& dtype, const Tokenizer* tokenizer);

}  // namespace z2::cli
