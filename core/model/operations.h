#pragma once

// The table of operations as the engine calls it: a failed call becomes an Error with the device's
// own words, and device memory has an owner.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "kernels/ops.h"

namespace z2 {

// Z2_OK: nothing; else an Error that names the operation and tells lastError.
[[nodiscard]] Result<void> checkStatus(const Z2Ops& ops, Z2Status status,
                                       std::string_view operation);

// call<&Z2Ops::matmul>(ops, Z2Matmul{…}, "qkv projection").
template <auto entry, typename Args>
[[nodiscard]] Result<void> call(const Z2Ops& ops, const Args& args, std::string_view operation) {
  return checkStatus(ops, (ops.*entry)(ops.context, &args), operation);
}

// Memory of a device, released with the object. Moves; one owner.
class DeviceMemory {
 public:
  // The bytes are zero. For lack of memory the error says how much was asked and is there.
  [[nodiscard]] static Result<DeviceMemory> allocate(const Z2Ops& ops, int64_t bytes);
  DeviceMemory() = default;
  DeviceMemory(DeviceMemory&& other) noexcept;
  DeviceMemory& operator=(DeviceMemory&& other) noexcept;
  ~DeviceMemory();

  [[nodiscard]] std::byte* at(int64_t offset) const { return data_ + offset; }
  [[nodiscard]] int64_t bytes() const { return bytes_; }

 private:
  DeviceMemory(const Z2Ops& ops, std::byte* data, int64_t bytes)
      : ops_(&ops), data_(data), bytes_(bytes) {}
  const Z2Ops* ops_ = nullptr;
  std::byte* data_ = nullptr;
  int64_t bytes_ = 0;
};

}  // namespace z2
