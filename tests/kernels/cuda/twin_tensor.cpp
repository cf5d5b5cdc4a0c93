#include "tests/kernels/cuda/twin_tensor.h"

#include <cmath>
#include <cstring>
#include <utility>

#include <gtest/gtest.h>

#include "core/base/check.h"

namespace z2 {

namespace {

constexpr size_t kGuardBytes = 4096;
constexpr uint8_t kGuard = 0xA5;

uint16_t bf16Of(float x) {
  uint32_t bits = 0;
  std::memcpy(&bits, &x, 4);
  return static_cast<uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

float floatOf(uint16_t half, Z2DType type) {
  if (type == Z2_BF16) {
    const uint32_t bits = uint32_t{half} << 16;
    float x = 0;
    std::memcpy(&x, &bits, 4);
    return x;
  }
  return static_cast<float>(std::bit_cast<_Float16>(half));
}

void expectOk(const Z2Ops& ops, Z2Status status) {
  Z2_CHECK(status == Z2_OK, ops.lastError(ops.context));
}

void* place(const Z2Ops& ops, const std::vector<uint8_t>& contents) {
  void* memory = nullptr;
  expectOk(ops, ops.allocate(ops.context, contents.size(), &memory));
  expectOk(ops, ops.copyToDevice(ops.context, memory, contents.data(), contents.size()));
  expectOk(ops, ops.synchronize(ops.context));
  return memory;
}

}  // namespace

TwinTensor::TwinTensor(const Twins& twins, int64_t n, Z2DType type,
                       const std::vector<uint8_t>& contents)
    : twins_(twins), n_(n), type_(type), size_(contents.size()) {
  std::vector<uint8_t> guarded = contents;
  guarded.resize(size_ + kGuardBytes, kGuard);
  onCpu_ = place(*twins.cpu, guarded);
  onGpu_ = place(*twins.gpu, guarded);
}

TwinTensor::TwinTensor(TwinTensor&& other) noexcept
    : twins_(other.twins_),
      n_(other.n_),
      type_(other.type_),
      size_(other.size_),
      onCpu_(std::exchange(other.onCpu_, nullptr)),
      onGpu_(std::exchange(other.onGpu_, nullptr)) {}

TwinTensor::~TwinTensor() {
  if (onCpu_ != nullptr) twins_.cpu->release(twins_.cpu->context, onCpu_);
  if (onGpu_ != nullptr) twins_.gpu->release(twins_.gpu->context, onGpu_);
}

TwinTensor TwinTensor::random(const Twins& twins, int64_t n, Z2DType type, float spread,
                              std::mt19937& generator) {
  std::normal_distribution<float> normal(0.f, spread);
  std::vector<uint8_t> contents(static_cast<size_t>(n) * sizeOf(static_cast<DType>(type)));
  for (int64_t i = 0; i < n; ++i) {
    const float x = normal(generator);
    if (type == Z2_F32) {
      std::memcpy(contents.data() + i * 4, &x, 4);
    } else {
      const uint16_t half =
          type == Z2_BF16 ? bf16Of(x) : std::bit_cast<uint16_t>(static_cast<_Float16>(x));
      std::memcpy(contents.data() + i * 2, &half, 2);
    }
  }
  return {twins, n, type, contents};
}

TwinTensor TwinTensor::poisoned(const Twins& twins, int64_t n, Z2DType type) {
  return {twins, n, type,
          std::vector<uint8_t>(static_cast<size_t>(n) * sizeOf(static_cast<DType>(type)), 0xFF)};
}

TwinTensor TwinTensor::zeros(const Twins& twins, int64_t n, Z2DType type) {
  return {twins, n, type,
          std::vector<uint8_t>(static_cast<size_t>(n) * sizeOf(static_cast<DType>(type)), 0)};
}

TwinTensor TwinTensor::bytes(const Twins& twins, const void* data, size_t size) {
  const auto* first = static_cast<const uint8_t*>(data);
  return {twins, 0, Z2_F32, std::vector<uint8_t>(first, first + size)};
}

void* TwinTensor::on(const Z2Ops& ops) const { return &ops == twins_.cpu ? onCpu_ : onGpu_; }

std::vector<uint8_t> TwinTensor::raw(const Z2Ops& ops) const {
  std::vector<uint8_t> contents(size_ + kGuardBytes);
  expectOk(ops, ops.copyToHost(ops.context, contents.data(), on(ops), contents.size()));
  for (size_t i = size_; i < contents.size(); ++i) {
    if (contents[i] == kGuard) continue;
    ADD_FAILURE() << "the guard behind the tensor was overwritten at byte " << i - size_;
    break;
  }
  contents.resize(size_);
  return contents;
}

std::vector<float> TwinTensor::values(const Z2Ops& ops) const {
  const std::vector<uint8_t> contents = raw(ops);
  std::vector<float> result(static_cast<size_t>(n_));
  for (int64_t i = 0; i < n_; ++i) {
    if (type_ == Z2_F32) {
      std::memcpy(&result[i], contents.data() + i * 4, 4);
    } else {
      uint16_t half = 0;
      std::memcpy(&half, contents.data() + i * 2, 2);
      result[i] = floatOf(half, type_);
    }
  }
  return result;
}

double distance(const Twins& twins, const TwinTensor& tensor) {
  const std::vector<float> expected = tensor.values(*twins.cpu), actual = tensor.values(*twins.gpu);
  double difference = 0, size = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    difference += std::pow(static_cast<double>(actual[i]) - expected[i], 2);
    size += std::pow(static_cast<double>(expected[i]), 2);
  }
  return std::sqrt(difference) / std::sqrt(std::max(size, 1e-30));
}

}  // namespace z2
