#include "core/train/model_state.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/model/operations.h"

namespace z2 {

std::vector<TensorView> checkpointTensors(const Llama& model) {
  const FlatBuffers& buffers = model.trained();
  const bool hasAdapters = model.adapters().size > 0;
  const std::pair<const char*, const float*> parts[] = {
      {hasAdapters ? "lora:" : "model:", buffers.master},
      {"optim.m:", buffers.m},
      {"optim.v:", buffers.v}};
  std::vector<TensorView> views;
  for (const auto& [prefix, data] : parts) {
    if (data == nullptr) continue;
    const auto add = [&, prefix = prefix, data = data](const auto& tensor) {
      views.push_back(
          {prefix + tensor.name, DType::kF32, tensor.shape,
           std::as_bytes(std::span(data + tensor.offset, static_cast<size_t>(tensor.size)))});
    };
    if (hasAdapters)
      for (const AdapterTensor& tensor : model.adapterLayout().tensors()) add(tensor);
    else
      for (const HfTensor& tensor : model.layout().hfTensors()) add(tensor);
  }
  return views;
}

Result<void> restoreTensors(const LoadedCheckpoint& checkpoint, Llama& model) {
  const Z2Ops& ops = model.ops();
  for (const TensorView& target : checkpointTensors(model)) {
    const TensorView* source = checkpoint.find(target.name);
    if (source == nullptr || source->type != target.type || source->shape != target.shape)
      return badInput(checkpoint.info().folder.native(),
                      "tensor \"" + target.name + "\" is missing or has another shape than the run",
                      "The checkpoint belongs to another model");
    // The views of a model are const to those who save it; the memory itself is the model's.
    void* to = const_cast<std::byte*>(target.bytes.data());
    Z2_TRY_VOID(checkStatus(
        ops, ops.copyToDevice(ops.context, to, source->bytes.data(), source->bytes.size()),
        "restoring " + target.name));
  }
  return model.refreshWeights();
}

}  // namespace z2
