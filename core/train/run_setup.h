#pragma once

// What a run's configuration asks for, opened: model, weights, data, checkpoints.

#include <functional>
#include <memory>

#include "core/base/error.h"
#include "core/checkpoint/checkpoint_store.h"
#include "core/config/run_config.h"
#include "core/model/llama.h"
#include "core/model_files/adapter_files.h"
#include "core/run/run_directory.h"
#include "core/train/device.h"
#include "core/train/objective.h"
#include "core/train/reference_log_probs.h"

namespace z2 {

[[nodiscard]] Result<DType> computeType(const RunConfig& config);
[[nodiscard]] Result<Llama> makeModel(const RunConfig& config, const Device& device,
                                      bool isTrained);
// Random weights, or those of model.init_from.
[[nodiscard]] Result<void> firstWeights(const RunDirectory& run, Llama& model);
// The frozen weights under a run's adapters, and what its checkpoints say of them.
[[nodiscard]] Result<AdapterOrigin> loadBase(const RunDirectory& run, Llama& model);
// New adapters, or those of lora.init_from, which must belong to the same base.
[[nodiscard]] Result<void> firstAdapters(const RunConfig& config, const AdapterOrigin& origin,
                                         Llama& model);

// What is minimised, and what is measured; the latter null when data.valid is empty, the former
// without training.
struct TaskParts {
  std::unique_ptr<Objective> objective;
  std::unique_ptr<Evaluation> evaluation;
};
// For pretraining and supervised fine-tuning.
[[nodiscard]] Result<TaskParts> openNextToken(const RunConfig& config, bool isTrained);
// For preferences. Computes the reference's log probabilities where they are not on disk yet; the
// model's weights then are the reference's. `onBatch` meanwhile.
[[nodiscard]] Result<TaskParts> openPreferences(const RunDirectory& run, Llama& model,
                                                bool isTrained,
                                                const std::function<void()>& onBatch,
                                                ReferenceReport& report);
[[nodiscard]] Result<CheckpointStore> openCheckpoints(const RunDirectory& run);

}  // namespace z2
