#pragma once

// `z2all model check`: loss and gradients of a model on given tokens, for comparing with another
// implementation.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/model/llama.h"

namespace z2 {

struct ModelCheck {
  double loss = 0;      // mean next-token loss over all positions of all rows
  double gradNorm = 0;  // of that loss, over all parameters
  std::vector<std::pair<std::string, double>> gradNorms;  // by Hugging Face tensor name
  std::vector<std::vector<float>> lastLogits;             // [row][V] at each row's last position
};

// Rows may differ in length; each has at least two tokens and fits the model's options. Leaves the
// model's gradients holding those of the loss.
[[nodiscard]] Result<ModelCheck> checkModel(Llama& model,
                                            const std::vector<std::vector<int32_t>>& rows);

}  // namespace z2
