#pragma once

// Memory for tests of operations: every buffer starts poisoned with NaN and lies between guard
// bands, so that an element left out or written past the end is seen.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/cpu/element.h"
#include "kernels/cpu_ops.h"

namespace z2::test {

inline const Z2Ops& ops() { return cpuOps(2); }

// Fails the test with the operation's own words.
inline void expectOk(Z2Status status) {
  EXPECT_EQ(status, Z2_OK) << ops().lastError(ops().context);
}

inline const std::vector<Z2DType>& allTypes() {
  static const std::vector<Z2DType> kTypes = {Z2_F32, Z2_BF16, Z2_F16};
  return kTypes;
}

// The largest relative error of one rounding to the type.
inline double epsilonOf(Z2DType type) {
  if (type == Z2_BF16) return 0x1p-8;
  return type == Z2_F16 ? 0x1p-11 : 0x1p-24;
}

class Buffer {
 public:
  // Poisoned with NaN.
  explicit Buffer(int64_t n, Z2DType type = Z2_F32)
      : n_(n), type_(type), memory_(static_cast<size_t>(n * sizeOfType(type)) + 2 * kBand + 64) {
    std::memset(memory_.data(), 0xff, memory_.size());
    std::memset(data<char>() - kBand, kCanary, kBand);
    std::memset(data<char>() + bytes(), kCanary, kBand);
  }
  Buffer(const std::vector<double>& values, Z2DType type)
      : Buffer(static_cast<int64_t>(values.size()), type) {
    set(values);
  }
  Buffer(const Buffer& other) : Buffer(other.n_, other.type_) {
    std::memcpy(data<char>(), other.data<char>(), static_cast<size_t>(bytes()));
  }
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { EXPECT_TRUE(bandsAreWhole()) << "written outside of a buffer of " << n_; }

  template <typename T = void>
  [[nodiscard]] T* data() const {
    const auto start = reinterpret_cast<uintptr_t>(memory_.data()) + kBand;
    return reinterpret_cast<T*>((start + 63) / 64 * 64);
  }
  [[nodiscard]] float* floats() const { return data<float>(); }
  [[nodiscard]] int64_t size() const { return n_; }
  [[nodiscard]] int64_t bytes() const { return n_ * sizeOfType(type_); }
  [[nodiscard]] Z2DType type() const { return type_; }

  void set(const std::vector<double>& values) const {
    withType(type_, [&](auto element) {
      using T = decltype(element);
      for (size_t i = 0; i < values.size(); ++i) data<T>()[i] = fromDouble<T>(values[i]);
    });
  }
  [[nodiscard]] std::vector<double> get() const {
    std::vector<double> values(static_cast<size_t>(n_));
    withType(type_, [&](auto element) {
      for (size_t i = 0; i < values.size(); ++i) {
        values[i] = toDouble(data<decltype(element)>()[i]);
      }
    });
    return values;
  }
  [[nodiscard]] bool hasSameBits(const Buffer& other) const {
    return n_ == other.n_ &&
           std::memcmp(data<char>(), other.data<char>(), static_cast<size_t>(bytes())) == 0;
  }

 private:
  static constexpr size_t kBand = 256;
  static constexpr char kCanary = 0x5a;

  [[nodiscard]] bool bandsAreWhole() const {
    const auto isCanary = [](char c) { return c == kCanary; };
    const char* start = data<char>();
    return std::all_of(start - kBand, start, isCanary) &&
           std::all_of(start + bytes(), start + bytes() + kBand, isCanary);
  }

  int64_t n_;
  Z2DType type_;
  std::vector<char> memory_;
};

// Normal numbers, the same ones for the same seed.
inline std::vector<double> normal(int64_t n, unsigned seed, double scale = 1) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> distribution(0.0f, static_cast<float>(scale));
  std::vector<double> values(static_cast<size_t>(n));
  for (double& value : values) value = distribution(generator);
  return values;
}

inline Buffer normalBuffer(int64_t n, unsigned seed, Z2DType type = Z2_F32, double scale = 1) {
  return {normal(n, seed, scale), type};
}

inline std::vector<int32_t> integers(int64_t n, unsigned seed, int32_t from, int32_t below) {
  std::mt19937 generator(seed);
  std::vector<int32_t> values(static_cast<size_t>(n));
  for (int32_t& value : values) {
    value = from + static_cast<int32_t>(generator() % static_cast<uint32_t>(below - from));
  }
  return values;
}

// |got - want| / |want| in the Euclidean norm; infinite when an element is not finite.
inline double relativeError(const std::vector<double>& got, const std::vector<double>& want) {
  double difference = 0;
  double size = 0;
  if (got.size() != want.size()) return INFINITY;
  for (size_t i = 0; i < got.size(); ++i) {
    difference += (got[i] - want[i]) * (got[i] - want[i]);
    size += want[i] * want[i];
  }
  if (!std::isfinite(difference)) return INFINITY;
  return difference == 0 ? 0 : std::sqrt(difference / std::max(size, 1e-300));
}
inline double relativeError(const Buffer& got, const Buffer& want) {
  return relativeError(got.get(), want.get());
}

// What one rounding of the result may cost, and a little for sums in fp32.
inline double toleranceOf(Z2DType type) { return type == Z2_F32 ? 1e-6 : 1.05 * epsilonOf(type); }

}  // namespace z2::test
