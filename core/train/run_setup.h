#pragma once

// What a run's configuration asks for, opened: device, model, data, optimizer, checkpoints.

#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/error.h"
#include "core/checkpoint/checkpoint_store.h"
#include "core/config/run_config.h"
#include "core/data/batch_sampler.h"
#include "core/model/llama.h"
#include "core/optim/adamw_optimizer.h"
#include "core/optim/schedule.h"
#include "core/run/run_directory.h"
#include "core/train/device.h"
#include "core/train/evaluation.h"

namespace z2 {

[[nodiscard]] Result<DType> computeType(const RunConfig& config);
[[nodiscard]] Result<Llama> makeModel(const RunConfig& config, const Device& device,
                                      bool isTrained);
// Random weights, or those of model.init_from.
[[nodiscard]] Result<void> firstWeights(const RunConfig& config, Llama& model);
[[nodiscard]] Result<BatchSampler> openTrainingData(const RunConfig& config);
// Empty when data.valid is.
[[nodiscard]] Result<std::optional<Evaluation>> openEvaluation(const RunConfig& config);
[[nodiscard]] Result<CheckpointStore> openCheckpoints(const RunDirectory& run);

}  // namespace z2
