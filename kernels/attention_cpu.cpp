// Attention's forward by blocks (FlashAttention, Dao et al., 2022): a block of queries meets the
// blocks of keys one after the other, with a running maximum and sum for each query.

#include <cmath>

#include "kernels/cpu/attention_shape.h"
#include "kernels/cpu/kernel_set_isa.h"
#include "kernels/cpu/parallel.h"

namespace z2 {
inline namespace Z2_ISA {
namespace {

// Where a thread keeps its blocks.
struct ForwardMemory {
  ForwardMemory(float* memory, const ForwardShape& s)
      : keys(memory),
        values(keys + s.keyFloats()),
        queries(values + s.valueFloats()),
        scores(queries + s.block.rows * s.D),
        sums(scores + s.block.rows * s.block.columns) {}
  float* keys;     // [T / 16][D][16]
  float* values;   // [D / 16][T][16]
  float* queries;  // [rows, D]
  float* scores;   // [rows, columns]
  float* sums;     // [rows, D to 16]
};

// Softmax over blocks: the largest score so far and the sum of exponentials relative to it.
struct Running {
  float largest, sum;
};

template <typename T>
class ForwardHead {
 public:
  ForwardHead(const Z2AttentionForward& a, int64_t b, int64_t h, float* memory)
      : a_(a),
        b_(b),
        h_(h),
        shape_(a.T, a.D, a.fused),
        at_(memory, shape_),
        heads_(a, static_cast<const T*>(a.qkv), b),
        mask_(a.dropout) {}

  void run() const {
    const int64_t hkv = h_ / (a_.Hq / a_.Hkv);
    packAcross(at_.keys, heads_.k(hkv), heads_.stride, a_.T, a_.D);
    packAlong(at_.values, heads_.v(hkv), heads_.stride, a_.T, a_.D, shape_.paddedT);
    for (int64_t i = 0; i < a_.T; i += shape_.block.rows) {
      attend(i, smaller(i + shape_.block.rows, a_.T));
    }
  }

 private:
  void attend(int64_t begin, int64_t end) const {
    Running running[kMostRows];
    const int64_t rows = end - begin;
    for (int64_t r = 0; r < rows; ++r) running[r] = {-__builtin_inff(), 0};
    copyRows(at_.queries, heads_.q(h_) + begin * heads_.stride, heads_.stride, rows, a_.D);
    std::memset(at_.sums, 0,
                static_cast<size_t>(shape_.block.rows * shape_.paddedD) * sizeof(float));
    const int64_t limit = a_.fused != 0 ? end : a_.T;
    const int64_t first = a_.fused != 0 ? firstVisible(a_, b_, begin, end) : 0;
    for (int64_t j = first / kPanelColumns * kPanelColumns; j < limit; j += shape_.block.columns) {
      const int64_t columns = roundUp(smaller(shape_.block.columns, limit - j), kPanelColumns);
      scoreBlock(begin, end, j, columns, running);
      multiplyBlock<true>(at_.sums, shape_.paddedD, rows, a_.D,
                          {at_.scores, shape_.block.columns, 1, at_.values + j * kPanelColumns,
                           shape_.paddedT * kPanelColumns, columns});
    }
    finish(begin, rows, running);
  }

  // Leaves exponentials in the block of scores and carries the rows' sums over to their maximum.
  void scoreBlock(int64_t begin, int64_t end, int64_t j, int64_t columns, Running* running) const {
    const int64_t rows = end - begin;
    multiplyBlock<false>(at_.scores, shape_.block.columns, rows, columns,
                         {at_.queries, a_.D, 1, at_.keys + j * a_.D, kPanelColumns * a_.D, a_.D});
    for (int64_t r = 0; r < rows; ++r) {
      const int64_t i = begin + r;
      float* row = at_.scores + r * shape_.block.columns;
      maskRow(row, j, columns, firstVisible(a_, b_, i), i);
      const float factor = exponentiate(row, columns, running[r]);
      if (factor != 1.0f) {
        float* sums = at_.sums + r * shape_.paddedD;
        for (int64_t d = 0; d < shape_.paddedD; d += kLanes) {
          store(sums + d, load(sums + d) * factor);
        }
      }
      if (mask_.isOff()) continue;
      const int64_t index = ((b_ * a_.Hq + h_) * a_.T + i) * a_.T + j;
      for (int64_t c = 0; c < columns; c += kLanes) {
        store(row + c, load(row + c) * mask_.factors(index + c));
      }
    }
  }

  static void maskRow(float* row, int64_t j, int64_t columns, int64_t first, int64_t last) {
    const float nothing = -__builtin_inff();
    for (int64_t c = 0; c < smaller(first - j, columns); ++c) row[c] = nothing;
    for (int64_t c = larger(last + 1 - j, 0); c < columns; ++c) row[c] = nothing;
  }

  // Returns what the sums so far are to be multiplied with.
  float exponentiate(float* row, int64_t columns, Running& running) const {
    F8 largest8 = splat(-__builtin_inff());
    for (int64_t c = 0; c < columns; c += kLanes) largest8 = maximum(load(row + c), largest8);
    const float scaled = maximum(largest8) * a_.scale;
    const float largest = scaled > running.largest ? scaled : running.largest;
    if (largest == -__builtin_inff()) {
      std::memset(row, 0, static_cast<size_t>(columns) * sizeof(float));
      return 1.0f;
    }
    F8 sum8 = {};
    for (int64_t c = 0; c < columns; c += kLanes) {
      const F8 e = exponential(load(row + c) * a_.scale - largest);
      store(row + c, e);
      sum8 += e;
    }
    const float factor = std::exp(running.largest - largest);
    running = {largest, running.sum * factor + sum(sum8)};
    return factor;
  }

  void finish(int64_t begin, int64_t rows, const Running* running) const {
    T* out = static_cast<T*>(a_.out) + ((b_ * a_.T + begin) * a_.Hq + h_) * a_.D;
    storeRows(out, a_.Hq * a_.D, at_.sums, shape_.paddedD, rows, a_.D,
              [&](int64_t r) { return 1.0f / running[r].sum; });
    float* lse = a_.lse + (b_ * a_.Hq + h_) * a_.T + begin;
    for (int64_t r = 0; r < rows; ++r) lse[r] = running[r].largest + std::log(running[r].sum);
  }

  const Z2AttentionForward& a_;
  int64_t b_, h_;
  ForwardShape shape_;
  ForwardMemory at_;
  Heads<T> heads_;
  DropoutMask mask_;
};

}  // namespace

void attentionForward(const Z2AttentionForward& a, int threads) {
  const ForwardShape shape(a.T, a.D, a.fused);
  withType(a.type, [&](auto element) {
    parallelFor(threads, a.B * a.Hq, a.T * a.T * a.D, [&](int64_t job) {
      float* memory = static_cast<float*>(a.workspace) + threadNumber() * shape.floats();
      ForwardHead<decltype(element)>(a, job / a.Hq, job % a.Hq, memory).run();
    });
  });
}

}  // namespace Z2_ISA
}  // namespace z2
