// Low-rank adapters over frozen weights. With s = lora().scale() and a group's A [width, columns]
// and wide B (s B in blocks) [rows, width]:
//   forward   inner = dropout(x) A^T;  y += inner B^T
//   backward  dInner = dy B;  dA += dInner^T dropout(x);  dB += s dy^T inner, its blocks;
//             dx += dropout'(dInner A)

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/check.h"
#include "core/model/initialise.h"
#include "core/model/llama_impl.h"

namespace z2 {

namespace {

// Elements converted at once between the host's fp32 and 16-bit weights.
constexpr int64_t kConvertChunk = int64_t{1} << 22;

}  // namespace

Result<void> Llama::Impl::writeWeights(int64_t offset, std::span<const float> values) {
  const auto put = [&](void* to, std::span<const float> part) {
    return checkStatus(*ops, ops->copyToDevice(ops->context, to, part.data(), part.size_bytes()),
                       "writing weights");
  };
  if (buffers.master != nullptr) {
    Z2_TRY_VOID(put(buffers.master + offset, values));
    return checkStatus(*ops, ops->synchronize(ops->context), "writing weights");
  }
  const auto element = static_cast<int64_t>(sizeOf(buffers.type));
  const auto count = static_cast<int64_t>(values.size());
  const int64_t chunk = std::min(kConvertChunk, (count + 63) / 64 * 64);
  Z2_TRY(const DeviceMemory staging, DeviceMemory::allocate(*ops, chunk * (4 + element)));
  for (int64_t begin = 0; begin < count; begin += chunk) {
    const int64_t n = std::min(chunk, count - begin);
    Z2_TRY_VOID(
        put(staging.at(0), values.subspan(static_cast<size_t>(begin), static_cast<size_t>(n))));
    std::byte* const rounded = staging.at(chunk * 4);
    Z2_TRY_VOID(call<&Z2Ops::convert>(
        *ops,
        Z2Convert{.out = rounded, .in = staging.at(0), .n = n, .outType = type(), .inType = Z2_F32},
        "rounding weights"));
    std::byte* const to = static_cast<std::byte*>(buffers.weights) + (offset + begin) * element;
    Z2_TRY_VOID(checkStatus(
        *ops, ops->copyOnDevice(ops->context, to, rounded, static_cast<size_t>(n * element)),
        "writing weights"));
    Z2_TRY_VOID(checkStatus(*ops, ops->synchronize(ops->context), "writing weights"));
  }
  return {};
}

Result<void> Llama::Impl::readWeights(int64_t offset, std::span<float> values) const {
  const auto get = [&](std::span<float> part, const void* from) {
    return checkStatus(*ops, ops->copyToHost(ops->context, part.data(), from, part.size_bytes()),
                       "reading weights");
  };
  if (buffers.master != nullptr) return get(values, buffers.master + offset);
  const auto element = static_cast<int64_t>(sizeOf(buffers.type));
  const auto count = static_cast<int64_t>(values.size());
  const int64_t chunk = std::min(kConvertChunk, (count + 63) / 64 * 64);
  Z2_TRY(const DeviceMemory staging, DeviceMemory::allocate(*ops, chunk * (4 + element)));
  for (int64_t begin = 0; begin < count; begin += chunk) {
    const int64_t n = std::min(chunk, count - begin);
    std::byte* const rounded = staging.at(chunk * 4);
    const std::byte* const from =
        static_cast<const std::byte*>(buffers.weights) + (offset + begin) * element;
    Z2_TRY_VOID(checkStatus(
        *ops, ops->copyOnDevice(ops->context, rounded, from, static_cast<size_t>(n * element)),
        "reading weights"));
    Z2_TRY_VOID(call<&Z2Ops::convert>(
        *ops,
        Z2Convert{.out = staging.at(0), .in = rounded, .n = n, .outType = Z2_F32, .inType = type()},
        "widening weights"));
    Z2_TRY_VOID(
        get(values.subspan(static_cast<size_t>(begin), static_cast<size_t>(n)), staging.at(0)));
  }
  return {};
}

Result<void> Llama::initialiseAdapters(uint64_t seed) {
  std::vector<float> values;
  for (const AdapterTensor& tensor : adapterLayout().tensors()) {
    values.assign(static_cast<size_t>(tensor.size), 0.0f);
    const double columns = static_cast<double>(tensor.shape[1]);
    if (tensor.isA)
      fillUniform(values, 0, static_cast<float>(1 / std::sqrt(columns)), seed, tensor.name);
    Z2_TRY_VOID(writeAdapter(tensor, values));
  }
  return refreshWeights();
}

Result<void> Llama::writeAdapter(const AdapterTensor& tensor, std::span<const float> values) {
  Z2_CHECK(static_cast<int64_t>(values.size()) == tensor.size);
  Z2_TRY_VOID(checkStatus(ops(),
                          ops().copyToDevice(ops().context, adapters().master + tensor.offset,
                                             values.data(), values.size_bytes()),
                          "writing an adapter"));
  return checkStatus(ops(), ops().synchronize(ops().context), "writing an adapter");
}

Result<void> Llama::Impl::spreadAdapters() {
  const std::vector<AdapterGroup>& groups = adapterLayout.groups();
  const auto element = static_cast<int64_t>(sizeOf(options.type));
  for (size_t i = 0; i < groups.size(); ++i) {
    const AdapterGroup& group = groups[i];
    auto* const wide = at<std::byte>(plan.adapters[i].wide);
    int64_t column = 0;
    for (const AdapterBlock& block : group.blocks) {
      Z2_TRY_VOID(call<&Z2Ops::copyBlock>(
          *ops,
          Z2CopyBlock{.out = wide + (block.rowBegin * group.width + column) * element,
                      .in = adapters.master + block.offset,
                      .M = block.rows,
                      .N = options.lora.rank,
                      .outStride = group.width,
                      .inStride = options.lora.rank,
                      .scale = options.lora.scale(),
                      .accumulate = 0,
                      .outType = type(),
                      .inType = Z2_F32},
          "spreading an adapter"));
      column += options.lora.rank;
    }
  }
  return {};
}

std::optional<Llama::Impl::Adapter> Llama::Impl::adapterOf(ParameterKind kind,
                                                           int64_t index) const {
  const AdapterGroup* const group = adapterLayout.find(kind, index);
  if (group == nullptr) return std::nullopt;
  const Place place = kind == ParameterKind::kQkv      ? Place::kQkvAdapter
                      : kind == ParameterKind::kOutput ? Place::kOutputAdapter
                      : kind == ParameterKind::kGateUp ? Place::kGateUpAdapter
                                                       : Place::kDownAdapter;
  const auto number = static_cast<size_t>(group - adapterLayout.groups().data());
  const auto element = static_cast<int64_t>(sizeOf(options.type));
  return Adapter{
      .group = group,
      .plan = &plan.adapters[number],
      .a = static_cast<const std::byte*>(adapters.weights) + group->offset * element,
      .aGradient = adapters.gradients == nullptr ? nullptr : adapters.gradients + group->offset,
      .dropout = dropout(place, index)};
}

Result<const void*> Llama::Impl::dropInput(const Adapter& adapter, const void* x, int place,
                                           int64_t N) const {
  if (adapter.dropout.probability == 0) return x;
  Z2_TRY_VOID(call<&Z2Ops::dropout>(*ops,
                                    Z2DropoutApply{.out = at(place),
                                                   .in = x,
                                                   .n = N * adapter.group->columns,
                                                   .outType = type(),
                                                   .inType = type(),
                                                   .dropout = adapter.dropout},
                                    "an adapter's dropout"));
  return at(place);
}

Result<void> Llama::Impl::addAdapter(void* out, const void* x, ParameterKind kind, int64_t index,
                                     int64_t N) {
  const std::optional<Adapter> adapter = adapterOf(kind, index);
  if (!adapter) return {};
  const AdapterGroup& group = *adapter->group;
  const int dropped = isAgain ? adapter->plan->droppedAgain : adapter->plan->dropped;
  Z2_TRY(const void* const input, dropInput(*adapter, x, dropped, N));
  Z2_TRY_VOID(call<&Z2Ops::matmul>(*ops,
                                   Z2Matmul{.out = at(adapter->plan->inner),
                                            .a = input,
                                            .b = adapter->a,
                                            .bias = nullptr,
                                            .M = N,
                                            .N = group.width,
                                            .K = group.columns,
                                            .transposeA = 0,
                                            .transposeB = 1,
                                            .beta = 0,
                                            .type = type(),
                                            .outType = type()},
                                   "an adapter's A"));
  return call<&Z2Ops::matmul>(*ops,
                              Z2Matmul{.out = out,
                                       .a = at(adapter->plan->inner),
                                       .b = at(adapter->plan->wide),
                                       .bias = nullptr,
                                       .M = N,
                                       .N = group.rows,
                                       .K = group.width,
                                       .transposeA = 0,
                                       .transposeB = 1,
                                       .beta = 1,
                                       .type = type(),
                                       .outType = type()},
                              "an adapter's B");
}

Result<void> Llama::Impl::adapterDataGradient(void* dx, const void* dy, ParameterKind kind,
                                              int64_t index) {
  const std::optional<Adapter> adapter = adapterOf(kind, index);
  if (!adapter) return {};
  const AdapterGroup& group = *adapter->group;
  const int64_t N = batch.size();
  Z2Matmul product = {.out = at(adapter->plan->dInner),
                      .a = dy,
                      .b = at(adapter->plan->wide),
                      .bias = nullptr,
                      .M = N,
                      .N = group.width,
                      .K = group.rows,
                      .transposeA = 0,
                      .transposeB = 0,
                      .beta = 0,
                      .type = type(),
                      .outType = type()};
  Z2_TRY_VOID(call<&Z2Ops::matmul>(*ops, product, "an adapter's B backward"));
  Z2_TRY_VOID(wideGradient(*adapter, dy));
  const bool drops = adapter->dropout.probability > 0;
  product.a = at(adapter->plan->dInner);
  product.b = adapter->a;
  product.N = group.columns;
  product.K = group.width;
  product.out = drops ? at(adapter->plan->dDropped) : dx;
  product.beta = drops ? 0.0f : 1.0f;
  Z2_TRY_VOID(call<&Z2Ops::matmul>(*ops, product, "an adapter's A backward"));
  if (!drops) return {};
  return call<&Z2Ops::add>(*ops,
                           Z2Add{.out = dx,
                                 .a = dx,
                                 .b = at(adapter->plan->dDropped),
                                 .n = N * group.columns,
                                 .type = type(),
                                 .typeB = type(),
                                 .dropout = adapter->dropout},
                           "an adapter's dropout");
}

Result<void> Llama::Impl::wideGradient(const Adapter& adapter, const void* dy) {
  const AdapterGroup& group = *adapter.group;
  float* const wide = at<float>(plan.wideGradient);
  Z2_TRY_VOID(call<&Z2Ops::matmul>(*ops,
                                   Z2Matmul{.out = wide,
                                            .a = dy,
                                            .b = at(adapter.plan->inner),
                                            .bias = nullptr,
                                            .M = group.rows,
                                            .N = group.width,
                                            .K = batch.size(),
                                            .transposeA = 1,
                                            .transposeB = 0,
                                            .beta = 0,
                                            .type = type(),
                                            .outType = Z2_F32},
                                   "an adapter's gradient of B"));
  int64_t column = 0;
  for (const AdapterBlock& block : group.blocks) {
    Z2_TRY_VOID(
        call<&Z2Ops::copyBlock>(*ops,
                                Z2CopyBlock{.out = adapters.gradients + block.offset,
                                            .in = wide + block.rowBegin * group.width + column,
                                            .M = block.rows,
                                            .N = options.lora.rank,
                                            .outStride = options.lora.rank,
                                            .inStride = group.width,
                                            .scale = options.lora.scale(),
                                            .accumulate = 1,
                                            .outType = Z2_F32,
                                            .inType = Z2_F32},
                                "gathering an adapter's gradient"));
    column += options.lora.rank;
  }
  return {};
}

Result<void> Llama::Impl::adapterWeightGradient(const void* x, ParameterKind kind, int64_t index) {
  const std::optional<Adapter> adapter = adapterOf(kind, index);
  if (!adapter) return {};
  const AdapterGroup& group = *adapter->group;
  Z2_TRY(const void* const input,
         dropInput(*adapter, x, adapter->plan->droppedAgain, batch.size()));
  return call<&Z2Ops::matmul>(*ops,
                              Z2Matmul{.out = adapter->aGradient,
                                       .a = at(adapter->plan->dInner),
                                       .b = input,
                                       .bias = nullptr,
                                       .M = group.width,
                                       .N = group.columns,
                                       .K = batch.size(),
                                       .transposeA = 1,
                                       .transposeB = 0,
                                       .beta = 1,
                                       .type = type(),
                                       .outType = Z2_F32},
                              "an adapter's gradient of A");
}

}  // namespace z2
