#pragma once

// A model that answers at once, and nonsense: two layers of random weights.

#include <cstdint>
#include <filesystem>
#include <string>

namespace z2::ui {

struct TinyModel {
  uint32_t seed = 1;              // of its weights
  int64_t context = 512;          // tokens
  std::string chatTemplate = {};  // Jinja; empty: none
};

// A Hugging Face directory with a tokenizer of 300 pieces, among them <|im_start|> and <|im_end|>,
// that z2all trains. `folder` must not exist.
void makeTinyModel(const std::filesystem::path& folder, const TinyModel& model = {});

}  // namespace z2::ui
