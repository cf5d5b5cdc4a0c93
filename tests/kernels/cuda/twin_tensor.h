#pragma once

// A tensor that exists twice: for the CPU's table and for the GPU's, with the same contents at
// first.

#include <cstdint>
#include <random>
#include <vector>

#include "core/base/dtype.h"
#include "kernels/ops.h"

namespace z2 {

struct Twins {
  const Z2Ops* cpu = nullptr;
  const Z2Ops* gpu = nullptr;
};

class TwinTensor {
 public:
  // Normal values of the given spread, rounded to `type`. Guard bytes lie behind the tensor.
  static TwinTensor random(const Twins& twins, int64_t n, Z2DType type, float spread,
                           std::mt19937& generator);
  // Every byte 0xFF: NaN in all three types. For outputs, so that a place not written shows.
  static TwinTensor poisoned(const Twins& twins, int64_t n, Z2DType type);
  static TwinTensor zeros(const Twins& twins, int64_t n, Z2DType type);
  static TwinTensor bytes(const Twins& twins, const void* data, size_t size);

  TwinTensor(TwinTensor&& other) noexcept;
  TwinTensor& operator=(TwinTensor&&) = delete;
  ~TwinTensor();

  // The tensor's memory for that table.
  [[nodiscard]] void* on(const Z2Ops& ops) const;
  template <typename T>
  [[nodiscard]] T* as(const Z2Ops& ops) const {
    return static_cast<T*>(on(ops));
  }

  // Values as they are now, as floats; fails the test when the guard behind the tensor changed.
  [[nodiscard]] std::vector<float> values(const Z2Ops& ops) const;
  [[nodiscard]] std::vector<uint8_t> raw(const Z2Ops& ops) const;

 private:
  TwinTensor(const Twins& twins, int64_t n, Z2DType type, const std::vector<uint8_t>& contents);

  Twins twins_;
  int64_t n_;
  Z2DType type_;
  size_t size_;
  void* onCpu_ = nullptr;
  void* onGpu_ = nullptr;
};

// ||gpu - cpu|| / ||cpu||; NaN when either holds one.
[[nodiscard]] double distance(const Twins& twins, const TwinTensor& tensor);

}  // namespace z2
