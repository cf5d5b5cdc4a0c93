#include "kernels/bench/bench_memory.h"

namespace z2 {

Result<void> checked(const Z2Ops& ops, Z2Status status) {
  if (status == Z2_OK) return {};
  return environmentError("operation", ops.lastError(ops.context));
}

Result<void*> BenchMemory::bytes(size_t size) {
  void* memory = nullptr;
  Z2_TRY_VOID(checked(*ops_, ops_->allocate(ops_->context, size, &memory)));
  owned_.emplace_back(memory, Release{ops_});
  Z2_TRY_VOID(checked(*ops_, ops_->fillZero(ops_->context, memory, size)));
  return memory;
}

Result<float*> BenchMemory::floats(int64_t n) {
  Z2_TRY(void* memory, elements(n, Z2_F32));
  return static_cast<float*>(memory);
}

Result<void*> BenchMemory::elements(int64_t n, Z2DType type) {
  const auto count = static_cast<size_t>(n);
  Z2_TRY(void* memory, bytes(count * (type == Z2_F32 ? 4 : 2)));
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i) {
    values[i] = static_cast<float>(i * 2654435761u % 1000) / 1000 - 0.5f;
  }
  if (type == Z2_F32) {
    Z2_TRY_VOID(checked(
        *ops_, ops_->copyToDevice(ops_->context, memory, values.data(), count * sizeof(float))));
    return memory;
  }
  Z2_TRY(float* wide, floats(n));
  const Z2Convert narrow = {.out = memory, .in = wide, .n = n, .outType = type, .inType = Z2_F32};
  Z2_TRY_VOID(checked(*ops_, ops_->convert(ops_->context, &narrow)));
  return memory;
}

Result<int32_t*> BenchMemory::indices(const std::vector<int32_t>& values) {
  const size_t size = values.size() * sizeof(int32_t);
  Z2_TRY(void* memory, bytes(size));
  Z2_TRY_VOID(checked(*ops_, ops_->copyToDevice(ops_->context, memory, values.data(), size)));
  return static_cast<int32_t*>(memory);
}

}  // namespace z2
