#include "core/model/operations.h"

#include <fmt/format.h>

#include "core/base/format.h"

namespace z2 {

Result<void> checkStatus(const Z2Ops& ops, Z2Status status, std::string_view operation) {
  if (status == Z2_OK) return {};
  const char* const words = ops.lastError(ops.context);
  return environmentError(std::string(operation),
                          words == nullptr ? "the device gave no reason" : words);
}

Result<DeviceMemory> DeviceMemory::allocate(const Z2Ops& ops, int64_t bytes) {
  if (bytes == 0) return DeviceMemory();
  void* data = nullptr;
  if (ops.allocate(ops.context, static_cast<size_t>(bytes), &data) != Z2_OK) {
    Z2DeviceInfo info = {};
    std::string there;
    if (ops.deviceInfo(ops.context, &info) == Z2_OK) {
      there = fmt::format(", {} of {} are free", formatBytes(static_cast<double>(info.freeBytes)),
                          formatBytes(static_cast<double>(info.memoryBytes)));
    }
    return environmentError(
        info.name,
        fmt::format("the model needs {}{}", formatBytes(static_cast<double>(bytes)), there),
        "Lower train.micro_batch_size or data.seq_len, or choose a smaller model.");
  }
  DeviceMemory memory(ops, static_cast<std::byte*>(data), bytes);
  Z2_TRY_VOID(checkStatus(ops, ops.fillZero(ops.context, data, static_cast<size_t>(bytes)),
                          "clearing memory"));
  return memory;
}

DeviceMemory::DeviceMemory(DeviceMemory&& other) noexcept
    : ops_(other.ops_),
      data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)) {}

DeviceMemory& DeviceMemory::operator=(DeviceMemory&& other) noexcept {
  std::swap(ops_, other.ops_);
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

DeviceMemory::~DeviceMemory() {
  if (data_ != nullptr) ops_->release(ops_->context, data_);
}

}  // namespace z2
