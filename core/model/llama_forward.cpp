#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/model/llama_impl.h"
#include "core/model/rope_table.h"

namespace z2 {

Z2Dropout Llama::Impl::dropout(Place place, int64_t layer) const {
  const double probability = place == Place::kAttention     ? config.attentionDropout
                             : place <= Place::kMlpResidual ? config.residualDropout
                                                            : options.lora.dropout;
  if (!isDropping || probability == 0) return {};
  return {
      .probability = static_cast<float>(probability),
      .seed = options.dropoutSeed,
      .stream = microStep << 20 | static_cast<uint64_t>(layer) << 4 | static_cast<uint64_t>(place)};
}

Result<void> Llama::Impl::begin(const Batch& input) {
  Z2_TRY_VOID(batch.upload(*ops, input, options.rows, options.columns, config.vocabSize));
  return makeRope(input.columns);
}

Result<void> Llama::Impl::makeRope(int64_t sequenceLength) {
  if (ropeLength != 0 && (!isRopeDynamic(config) || ropeLength == sequenceLength)) return {};
  const RopeTable table = makeRopeTable(config, options.columns, sequenceLength);
  const auto copy = [&](int buffer, const std::vector<float>& values) {
    return checkStatus(
        *ops,
        ops->copyToDevice(ops->context, at(buffer), values.data(), values.size() * sizeof(float)),
        "copying the RoPE table");
  };
  Z2_TRY_VOID(copy(plan.cosine, table.cosine));
  Z2_TRY_VOID(copy(plan.sine, table.sine));
  Z2_TRY_VOID(checkStatus(*ops, ops->synchronize(ops->context), "copying the RoPE table"));
  rope = {
      .cosine = at<float>(plan.cosine), .sine = at<float>(plan.sine), .positions = options.columns};
  ropeLength = sequenceLength;
  return {};
}

Result<void> Llama::Impl::forward() {
  if (isFrozen()) Z2_TRY_VOID(spreadAdapters());
  Z2_TRY_VOID(blocks().embed(at(layer(0).residual1), batch.tokens, batch.size()));
  for (int64_t index = 0; index < config.numHiddenLayers; ++index) {
    Z2_TRY_VOID(forwardLayer(index));
  }
  const int64_t last = config.numHiddenLayers - 1;
  return blocks().norm({.out = at(plan.finalNorm),
                        .rstd = at<float>(plan.finalRstd),
                        .residualOut = at(plan.finalResidual),
                        .residualIn = at(layer(last).residual2),
                        .delta = at(plan.delta),
                        .dropout = dropout(Place::kMlpResidual, last)},
                       ParameterKind::kFinalNorm, -1, batch.size());
}

Result<void> Llama::Impl::forwardLayer(int64_t index) {
  const LayerPlan& its = layer(index);
  const int64_t N = batch.size();
  const Blocks block = blocks();
  NormBuffers first = {.out = at(its.norm1), .rstd = at<float>(its.rstd1)};
  if (index == 0) {
    first.residualIn = at(its.residual1);
  } else {
    first.residualOut = at(its.residual1);
    first.residualIn = at(layer(index - 1).residual2);
    first.delta = at(plan.delta);
    first.dropout = dropout(Place::kMlpResidual, index - 1);
  }
  Z2_TRY_VOID(block.norm(first, ParameterKind::kAttentionNorm, index, N));
  Z2_TRY_VOID(forwardAttention(index, its, at(plan.delta)));
  Z2_TRY_VOID(block.projectGateUp(at(its.gateUp), at(its.norm2), index, N));
  return block.projectDown(at(plan.delta), at(its.inner), at(its.gateUp), index, N);
}

Result<void> Llama::Impl::layerAgain(int64_t index) {
  const LayerPlan& its = backLayer(index);
  const int64_t N = batch.size();
  const auto work = [&]() -> Result<void> {
    Z2_TRY_VOID(blocks().norm(
        {.out = at(its.norm1), .rstd = at<float>(its.rstd1), .residualIn = at(its.residual1)},
        ParameterKind::kAttentionNorm, index, N));
    Z2_TRY_VOID(forwardAttention(index, its, at(plan.deltaAgain)));
    return blocks().projectGateUp(at(its.gateUp), at(its.norm2), index, N);
  };
  isAgain = true;
  const Result<void> done = work();
  isAgain = false;
  return done;
}

Result<void> Llama::Impl::forwardAttention(int64_t index, const LayerPlan& its, void* delta) {
  const int64_t N = batch.size();
  const Blocks block = blocks();
  Z2_TRY_VOID(block.projectQkv(at(its.qkv), at(its.norm1), batch.positions, rope, index, N));
  Z2_TRY_VOID(attend(index, its));
  Z2_TRY_VOID(block.projectOutput(delta, at(its.attention), index, N));
  return block.norm({.out = at(its.norm2),
                     .rstd = at<float>(its.rstd2),
                     .residualOut = at(its.residual2),
                     .residualIn = at(its.residual1),
                     .delta = delta,
                     .dropout = dropout(Place::kAttentionResidual, index)},
                    ParameterKind::kMlpNorm, index, N);
}

Result<void> Llama::Impl::attend(int64_t index, const LayerPlan& its) {
  return call<&Z2Ops::attentionForward>(
      *ops,
      Z2AttentionForward{.out = at(its.attention),
                         .lse = at<float>(its.lse),
                         .qkv = at(its.qkv),
                         .documentStart = batch.documents(),
                         .B = batch.rows,
                         .T = batch.columns,
                         .Hq = config.numAttentionHeads,
                         .Hkv = config.numKeyValueHeads,
                         .D = config.headDim,
                         .scale = 1.0f / std::sqrt(static_cast<float>(config.headDim)),
                         .type = type(),
                         .dropout = dropout(Place::kAttention, index),
                         .fused = config.fused.attention,
                         .workspace = at(plan.workspace)},
      "attention");
}

Result<void> Llama::Impl::head(float* losses, const HeadGradient* gradient) {
  const int64_t rowBytes = config.hiddenSize * static_cast<int64_t>(sizeOf(options.type));
  for (int64_t begin = 0; begin < batch.size(); begin += plan.headRows) {
    const int64_t rows = std::min(plan.headRows, batch.size() - begin);
    std::byte* const x = at<std::byte>(plan.finalNorm) + begin * rowBytes;
    Z2_TRY_VOID(blocks().logits(at(plan.logits), x, rows, type()));
    Z2_TRY_VOID(call<&Z2Ops::crossEntropy>(
        *ops,
        Z2CrossEntropy{.logits = at(plan.logits),
                       .loss = losses + begin,
                       .logProb = nullptr,
                       .targets = batch.targets + begin,
                       .N = rows,
                       .V = config.vocabSize,
                       .gradScale = gradient == nullptr ? 0.0f : gradient->scale,
                       .type = type(),
                       .writeGradient = gradient != nullptr,
                       .fused = config.fused.crossEntropy,
                       .workspace = at(plan.workspace),
                       .weights = gradient == nullptr || gradient->weights == nullptr
                                      ? nullptr
                                      : gradient->weights + begin},
        "cross-entropy"));
    if (gradient == nullptr) continue;
    // The rows of x are done with once the weight's gradient has them: dx takes their place.
    Z2_TRY_VOID(weightGradient(at(plan.logits), x, ParameterKind::kHead, -1, rows));
    Z2_TRY_VOID(dataGradient(x, at(plan.logits), ParameterKind::kHead, -1, rows));
  }
  if (gradient == nullptr || config.tieWordEmbeddings) return {};
  return complete(layout.indexOf(ParameterKind::kHead));
}

Result<void> Llama::Impl::weighTargets(const TargetWeigher& weigh) {
  const auto count = static_cast<size_t>(batch.size());
  std::vector<float> logProbs(count);
  Z2_TRY_VOID(checkStatus(
      *ops,
      ops->copyToHost(ops->context, logProbs.data(), at(plan.evaluated), count * sizeof(float)),
      "reading log probabilities"));
  for (float& value : logProbs) value = 0.0f - value;
  hostWeights.assign(count, 0.0f);
  Z2_TRY_VOID(weigh(logProbs, hostWeights));
  return checkStatus(*ops,
                     ops->copyToDevice(ops->context, at(plan.lossWeights), hostWeights.data(),
                                       count * sizeof(float)),
                     "copying the weights of losses");
}

Result<double> Llama::Impl::sumLosses(const float* losses, int64_t count) const {
  std::vector<float> values(static_cast<size_t>(count));
  Z2_TRY_VOID(checkStatus(
      *ops, ops->copyToHost(ops->context, values.data(), losses, values.size() * sizeof(float)),
      "reading losses"));
  return std::accumulate(values.begin(), values.end(), 0.0);
}

Result<void> Llama::Impl::drainLosses() {
  for (int64_t slot = 0; slot < lossSlot; ++slot) {
    const float* const losses = at<float>(plan.lossRows) + slot * options.rows * options.columns;
    Z2_TRY(const double sum, sumLosses(losses, lossSizes[static_cast<size_t>(slot)]));
    lossSum += sum;
  }
  lossSlot = 0;
  return {};
}

}  // namespace z2
