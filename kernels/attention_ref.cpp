#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <omp.h>

#include "kernels/cpu/checks.h"
#include "kernels/cpu/element.h"
#include "kernels/cpu/philox.h"
#include "kernels/cpu/reference.h"

namespace z2::reference {
namespace {

// Where the packed projection of one row of the batch keeps its heads.
template <typename T, typename Args>
struct Packed {
  explicit Packed(const Args& a) : D(a.D), Hq(a.Hq), Hkv(a.Hkv), stride((a.Hq + 2 * a.Hkv) * a.D) {}
  [[nodiscard]] int64_t q(int64_t row, int64_t h) const { return row * stride + h * D; }
  [[nodiscard]] int64_t k(int64_t row, int64_t h) const { return row * stride + (Hq + h) * D; }
  [[nodiscard]] int64_t v(int64_t row, int64_t h) const {
    return row * stride + (Hq + Hkv + h) * D;
  }
  int64_t D, Hq, Hkv, stride;
};

template <typename T>
double dot(const T* x, const T* y, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += toDouble(x[i]) * toDouble(y[i]);
  return sum;
}

template <typename Args>
int64_t firstVisible(const Args& a, int64_t b, int64_t i) {
  return a.documentStart == nullptr ? 0 : a.documentStart[b * a.T + i];
}

template <typename Args>
double dropoutOf(const Args& a, int64_t b, int64_t h, int64_t i, int64_t j) {
  return dropoutFactor(a.dropout, ((b * a.Hq + h) * a.T + i) * a.T + j);
}

// One query against the positions first .. last of its keys; p: room for last + 1 numbers. Returns
// the log of the sum of exponentials; p is left as the softmax.
template <typename T, typename KeyAt>
double softmaxRow(const T* q, KeyAt keyAt, int64_t first, int64_t last, int64_t D, float scale,
                  double* p) {
  double largest = -INFINITY;
  for (int64_t j = first; j <= last; ++j) {
    p[j] = scale * dot(q, keyAt(j), D);
    largest = std::max(largest, p[j]);
  }
  double sum = 0;
  for (int64_t j = first; j <= last; ++j) sum += p[j] = std::exp(p[j] - largest);
  for (int64_t j = first; j <= last; ++j) p[j] /= sum;
  return largest + std::log(sum);
}

template <typename T>
void forwardHead(const Z2AttentionForward& a, int64_t b, int64_t h, double* p) {
  const Packed<T, Z2AttentionForward> at(a);
  const auto* qkv = static_cast<const T*>(a.qkv);
  const int64_t hkv = h / (a.Hq / a.Hkv);
  for (int64_t i = 0; i < a.T; ++i) {
    const int64_t row = b * a.T + i;
    const int64_t first = firstVisible(a, b, i);
    const auto keyAt = [&](int64_t j) { return qkv + at.k(b * a.T + j, hkv); };
    a.lse[(b * a.Hq + h) * a.T + i] =
        static_cast<float>(softmaxRow(qkv + at.q(row, h), keyAt, first, i, a.D, a.scale, p));
    for (int64_t j = first; j <= i; ++j) p[j] *= dropoutOf(a, b, h, i, j);
    auto* out = static_cast<T*>(a.out) + (row * a.Hq + h) * a.D;
    for (int64_t d = 0; d < a.D; ++d) {
      double sum = 0;
      for (int64_t j = first; j <= i; ++j) {
        sum += p[j] * toDouble(qkv[at.v(b * a.T + j, hkv) + d]);
      }
      out[d] = fromDouble<T>(sum);
    }
  }
}

// dKeys, dValues: [T, D] sums over the queries of all heads of the group.
template <typename T>
void backwardHead(const Z2AttentionBackward& a, int64_t b, int64_t h, double* dKeys,
                  double* dValues, double* dQuery) {
  const Packed<T, Z2AttentionBackward> at(a);
  const auto* qkv = static_cast<const T*>(a.qkv);
  const int64_t hkv = h / (a.Hq / a.Hkv);
  for (int64_t i = 0; i < a.T; ++i) {
    const int64_t row = b * a.T + i;
    const T* q = qkv + at.q(row, h);
    const T* dOut = static_cast<const T*>(a.dOut) + (row * a.Hq + h) * a.D;
    const double delta = dot(dOut, static_cast<const T*>(a.out) + (row * a.Hq + h) * a.D, a.D);
    std::fill(dQuery, dQuery + a.D, 0.0);
    for (int64_t j = firstVisible(a, b, i); j <= i; ++j) {
      const T* k = qkv + at.k(b * a.T + j, hkv);
      const T* v = qkv + at.v(b * a.T + j, hkv);
      const double p = std::exp(a.scale * dot(q, k, a.D) - a.lse[(b * a.Hq + h) * a.T + i]);
      const double kept = dropoutOf(a, b, h, i, j);
      const double dS = a.scale * p * (kept * dot(dOut, v, a.D) - delta);
      for (int64_t d = 0; d < a.D; ++d) {
        dQuery[d] += dS * toDouble(k[d]);
        dKeys[j * a.D + d] += dS * toDouble(q[d]);
        dValues[j * a.D + d] += p * kept * toDouble(dOut[d]);
      }
    }
    auto* dQ = static_cast<T*>(a.dQkv) + at.q(row, h);
    for (int64_t d = 0; d < a.D; ++d) dQ[d] = fromDouble<T>(dQuery[d]);
  }
}

template <typename T>
void backwardGroup(const Z2AttentionBackward& a, int64_t b, int64_t hkv, double* memory) {
  const Packed<T, Z2AttentionBackward> at(a);
  double* dKeys = memory;
  double* dValues = dKeys + a.T * a.D;
  double* dQuery = dValues + a.T * a.D;
  std::fill(dKeys, dQuery, 0.0);
  const int64_t group = a.Hq / a.Hkv;
  for (int64_t h = hkv * group; h < (hkv + 1) * group; ++h) {
    backwardHead<T>(a, b, h, dKeys, dValues, dQuery);
  }
  auto* dQkv = static_cast<T*>(a.dQkv);
  for (int64_t j = 0; j < a.T; ++j) {
    for (int64_t d = 0; d < a.D; ++d) {
      dQkv[at.k(b * a.T + j, hkv) + d] = fromDouble<T>(dKeys[j * a.D + d]);
      dQkv[at.v(b * a.T + j, hkv) + d] = fromDouble<T>(dValues[j * a.D + d]);
    }
  }
}

template <typename T>
void cachedHead(const Z2AttentionCached& a, int64_t b, int64_t h, int64_t i) {
  const int64_t hkv = h / (a.Hq / a.Hkv);
  const int64_t last = a.length[b] - a.T + i;
  const auto* q = static_cast<const T*>(a.q) + (b * a.T + i) * a.qStride + h * a.D;
  const auto at = [&](const void* cache, int64_t j) {
    return static_cast<const T*>(cache) + ((b * a.capacity + j) * a.Hkv + hkv) * a.D;
  };
  double largest = -INFINITY;
  for (int64_t j = 0; j <= last; ++j) {
    largest = std::max(largest, a.scale * dot(q, at(a.keys, j), a.D));
  }
  std::array<double, kMaxHeadSize> value = {};
  double sum = 0;
  for (int64_t j = 0; j <= last; ++j) {
    const double p = std::exp(a.scale * dot(q, at(a.keys, j), a.D) - largest);
    sum += p;
    for (int64_t d = 0; d < a.D; ++d) {
      value[static_cast<size_t>(d)] += p * toDouble(at(a.values, j)[d]);
    }
  }
  auto* out = static_cast<T*>(a.out) + ((b * a.T + i) * a.Hq + h) * a.D;
  for (int64_t d = 0; d < a.D; ++d) out[d] = fromDouble<T>(value[static_cast<size_t>(d)] / sum);
}

size_t numbersPerThread(int64_t T, int64_t D) {
  return static_cast<size_t>(std::max(T, 2 * T * D + D));
}

}  // namespace

size_t attentionWorkspace(const Z2AttentionBackward& shape, int threads) {
  return static_cast<size_t>(threads) * numbersPerThread(shape.T, shape.D) * sizeof(double);
}

void attentionForward(const Z2AttentionForward& a, int threads) {
  withType(a.type, [&](auto element) {
#pragma omp parallel for num_threads(threads)
    for (int64_t job = 0; job < a.B * a.Hq; ++job) {
      auto* memory = static_cast<double*>(a.workspace) +
                     static_cast<size_t>(omp_get_thread_num()) * numbersPerThread(a.T, a.D);
      forwardHead<decltype(element)>(a, job / a.Hq, job % a.Hq, memory);
    }
  });
}

void attentionBackward(const Z2AttentionBackward& a, int threads) {
  withType(a.type, [&](auto element) {
#pragma omp parallel for num_threads(threads)
    for (int64_t job = 0; job < a.B * a.Hkv; ++job) {
      auto* memory = static_cast<double*>(a.workspace) +
                     static_cast<size_t>(omp_get_thread_num()) * numbersPerThread(a.T, a.D);
      backwardGroup<decltype(element)>(a, job / a.Hkv, job % a.Hkv, memory);
    }
  });
}

void attentionCached(const Z2AttentionCached& a, int threads) {
  withType(a.type, [&](auto element) {
#pragma omp parallel for num_threads(threads)
    for (int64_t job = 0; job < a.B * a.Hq * a.T; ++job) {
      cachedHead<decltype(element)>(a, job / (a.Hq * a.T), job / a.T % a.Hq, job % a.T);
    }
  });
}

// The three operations that it joins, one after the other.
void attentionStep(const Z2AttentionStep& a, int threads) {
  rope({.qkv = a.qkv,
        .bias = nullptr,
        .cosine = a.cosine,
        .sine = a.sine,
        .positions = a.positions,
        .N = a.B,
        .Hq = a.Hq,
        .Hkv = a.Hkv,
        .D = a.D,
        .P = a.capacity,
        .type = a.type,
        .inverse = 0,
        .fused = 1},
       threads);
  const int64_t width = a.Hkv * a.D, packed = (a.Hq + 2 * a.Hkv) * a.D;
  std::vector<int32_t> length(static_cast<size_t>(a.B));
  withType(a.type, [&](auto element) {
    using T = decltype(element);
    for (int64_t b = 0; b < a.B; ++b) {
      const auto* key = static_cast<const T*>(a.qkv) + b * packed + a.Hq * a.D;
      const int64_t place = (b * a.capacity + a.positions[b]) * width;
      std::copy_n(key, width, static_cast<T*>(a.keys) + place);
      std::copy_n(key + width, width, static_cast<T*>(a.values) + place);
      length[static_cast<size_t>(b)] = a.positions[b] + 1;
    }
  });
  attentionCached({.out = a.out,
                   .q = a.qkv,
                   .keys = a.keys,
                   .values = a.values,
                   .length = length.data(),
                   .B = a.B,
                   .T = 1,
                   .Hq = a.Hq,
                   .Hkv = a.Hkv,
                   .D = a.D,
                   .capacity = a.capacity,
                   .qStride = packed,
                   .scale = a.scale,
                   .type = a.type},
                  threads);
}

}  // namespace z2::reference
