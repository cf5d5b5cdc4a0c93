#include "app/trainer/model_loading.h"

#include <fmt/format.h>

namespace z2 {

void addModelChoice(CLI::App& command, ModelChoice& choice) {
  command.add_option("--model", choice.model, "A run, a checkpoint or a Hugging Face directory")
      ->required();
  command.add_option("--dtype", choice.type, "fp32, bf16 or fp16")->capture_default_str();
  command.add_option("--device", choice.device, "cpu, cuda or auto")->capture_default_str();
  command.add_option("--threads", choice.threads, "0: all cores")->capture_default_str();
}

Result<DType> parseComputeType(const std::string& name) {
  for (const DType type : {DType::kF32, DType::kBF16, DType::kF16})
    if (nameOf(type) == name) return type;
  return usageError(fmt::format("there is no type \"{}\"", name), "Use fp32, bf16 or fp16");
}

Result<Llama> loadModel(const ModelSource& source, const LlamaOptions& options,
                        const Device& device) {
  Z2_TRY(Llama model, Llama::create(source.config(), options, *device.ops));
  Z2_TRY_VOID(loadWeights(source, model));
  return model;
}

}  // namespace z2
