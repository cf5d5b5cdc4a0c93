#include "core/model/inference_plan.h"

#include "core/model/inference_step.h"

namespace z2 {

InferencePlan planInference(const Llama& model, const LlamaInference::Options& options, int64_t N) {
  const LlamaConfig& config = model.config();
  const auto element = static_cast<int64_t>(sizeOf(model.options().type));
  InferencePlan plan;
  const auto add = [&plan](const char* name, int64_t bytes) {
    return plan.memory.addPermanent(name, MemoryPart::kActivations, bytes);
  };
  plan.tokens = add("tokens", N * 4);
  plan.positions = add("positions", N * 4);
  plan.cosine = add("rope cosines", places(options) * config.headDim / 2 * 4);
  plan.sine = add("rope sines", places(options) * config.headDim / 2 * 4);
  plan.residual = add("residual", N * config.hiddenSize * (config.residualFp32 ? 4 : element));
  plan.delta = add("delta", N * config.hiddenSize * element);
  plan.normed = add("norm", N * config.hiddenSize * element);
  plan.rstd = add("rstd", N * 4);
  plan.qkv = add("qkv", N * config.qkvWidth() * element);
  plan.attention = add("attention", N * config.attentionWidth() * element);
  plan.gateUp = add("gate_up", N * 2 * config.intermediateSize * element);
  plan.inner = add("inner", N * config.intermediateSize * element);
  plan.logits = add("logits", options.rows * config.vocabSize * 4);
  plan.chosen = add("chosen tokens", options.rows * 4);
  plan.history = add("chosen tokens of some steps", kStepsAhead * options.rows * 4);
  StepBuffers shape;
  shape.capacity = places(options);
  const InferenceStep step(config, {config, model.layout(), model.buffers(), model.ops()},
                           model.ops(), shape);
  plan.stepWorkspace = add("workspace of a step", step.workspaceBytes(options.rows));
  const int64_t cache =
      options.rows * places(options) * config.numKeyValueHeads * config.headDim * element;
  for (int64_t layer = 0; layer < config.numHiddenLayers; ++layer) {
    plan.keys.push_back(add("keys", cache));
    plan.values.push_back(add("values", cache));
  }
  plan.memory.place();
  return plan;
}

}  // namespace z2
