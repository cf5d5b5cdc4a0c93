#pragma once

// A model's tensors as a checkpoint holds them: what is trained, and both its moments, in fp32.
// That is the master weights by Hugging Face's names ("model:NAME", "optim.m:NAME",
// "optim.v:NAME"), so that neither the fusing of matrices nor the size of buckets is part of the
// file; or the adapters by PEFT's ("lora:NAME" and the same).

#include <cstdint>
#include <vector>

#include "core/base/error.h"
#include "core/checkpoint/checkpoint_store.h"
#include "core/model/llama.h"

namespace z2 {

// Views into the flat buffers, in device memory; valid as long as the model.
[[nodiscard]] std::vector<TensorView> checkpointTensors(const Llama& model);
// Copies them back and renews the computation's weights. kBadInput names the first tensor that is
// missing or has another shape.
[[nodiscard]] Result<void> restoreTensors(const LoadedCheckpoint& checkpoint, Llama& model);

}  // namespace z2
