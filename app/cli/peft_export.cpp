#include "app/cli/peft_export.h"

#include <cstdio>
#include <span>

#include <fmt/format.h>

#include "app/cli/command.h"
#include "core/base/format.h"
#include "core/model_files/adapter_files.h"
#include "core/model_files/model_source.h"

namespace z2::cli {

Result<void> exportPeft(const std::string& source, const std::string& output, bool asJson) {
  Z2_TRY(const ModelSource model, ModelSource::open(source));
  const AdapterOrigin* const origin = model.adapters();
  if (origin == nullptr)
    return badInput(source, "this model has no adapters", "Use --format hf for the whole model");
  const AdapterLayout layout(model.config(), origin->lora);
  Z2_TRY_VOID(writePeftDirectory(output, *origin, layout,
                                 [&](const AdapterTensor& tensor, std::span<float> values) {
                                   return model.readAdapter(tensor, values);
                                 }));
  const std::string base = locateBase(origin->base, model.weightsFolder()).native();
  if (asJson) {
    printJson({{"output", output},
               {"source", model.weightsFolder().native()},
               {"parameters", layout.parameterCount()},
               {"base", base},
               {"files", {"adapter_config.json", "adapter_model.safetensors"}}});
    return {};
  }
  fmt::print("{}: {} parameters of adapters from {}\n", output,
             formatCount(static_cast<double>(layout.parameterCount())),
             model.weightsFolder().native());
  const auto described = describeModel(base);
  if (described && described->kind != ModelKind::kHfDirectory)
    fmt::print(
        "  PEFT puts them onto the base as a Hugging Face directory: `z2all model export {} "
        "--format hf`\n",
        base);
  return {};
}

}  // namespace z2::cli
