// Attention's backward by blocks: the probabilities are computed again from lse, block by block,
// and five small products take the gradients out of each block. A job owns one key/value head and
// goes over the query heads of its group in order, so that sums do not depend on threads.

#include <cmath>

#include "kernels/cpu/attention_shape.h"
#include "kernels/cpu/kernel_set_isa.h"
#include "kernels/cpu/parallel.h"

namespace z2 {
inline namespace Z2_ISA {
namespace {

// Where a thread keeps its blocks.
struct BackwardMemory {
  BackwardMemory(float* memory, const BackwardShape& s)
      : keysAcross(memory),
        valuesAcross(keysAcross + s.paddedT * s.D),
        keysAlong(valuesAcross + s.paddedT * s.D),
        dKeys(keysAlong + s.paddedT * s.paddedD),
        dValues(dKeys + s.paddedT * s.paddedD),
        queries(dValues + s.paddedT * s.paddedD),
        dOut(queries + s.block.rows * s.D),
        queriesAlong(dOut + s.block.rows * s.D),
        dOutAlong(queriesAlong + s.block.rows * s.paddedD),
        dQueries(dOutAlong + s.block.rows * s.paddedD),
        probabilities(dQueries + s.block.rows * s.paddedD),
        dScores(probabilities + s.block.rows * s.block.columns) {}
  float *keysAcross, *valuesAcross;  // [T / 16][D][16]
  float* keysAlong;                  // [D / 16][T][16]
  float *dKeys, *dValues;            // [T, D to 16]
  float *queries, *dOut;             // [rows, D]
  float *queriesAlong, *dOutAlong;   // [D / 16][rows][16]
  float* dQueries;                   // [rows, D to 16]
  float *probabilities, *dScores;    // [rows, columns]
};

template <typename T>
class BackwardGroup {
 public:
  BackwardGroup(const Z2AttentionBackward& a, int64_t b, int64_t hkv, float* memory)
      : a_(a),
        b_(b),
        hkv_(hkv),
        shape_(a.T, a.D, a.fused),
        at_(memory, shape_),
        heads_(a, static_cast<const T*>(a.qkv), b),
        grads_(a, static_cast<const T*>(a.dQkv), b),
        mask_(a.dropout) {}

  void run() const {
    const size_t bytes = static_cast<size_t>(shape_.paddedT * shape_.paddedD) * sizeof(float);
    std::memset(at_.dKeys, 0, bytes);
    std::memset(at_.dValues, 0, bytes);
    packAcross(at_.keysAcross, heads_.k(hkv_), heads_.stride, a_.T, a_.D);
    packAcross(at_.valuesAcross, heads_.v(hkv_), heads_.stride, a_.T, a_.D);
    packAlong(at_.keysAlong, heads_.k(hkv_), heads_.stride, a_.T, a_.D, shape_.paddedT);
    const int64_t group = a_.Hq / a_.Hkv;
    for (int64_t h = hkv_ * group; h < (hkv_ + 1) * group; ++h) {
      for (int64_t i = 0; i < a_.T; i += shape_.block.rows) {
        attend(h, i, smaller(i + shape_.block.rows, a_.T));
      }
    }
    const auto asIs = [](int64_t) { return 1.0f; };
    storeRows(writable(grads_.k(hkv_)), grads_.stride, at_.dKeys, shape_.paddedD, a_.T, a_.D, asIs);
    storeRows(writable(grads_.v(hkv_)), grads_.stride, at_.dValues, shape_.paddedD, a_.T, a_.D,
              asIs);
  }

 private:
  // A head of dQkv: the geometry is that of the constant projection.
  static T* writable(const T* head) { return const_cast<T*>(head); }

  void attend(int64_t h, int64_t begin, int64_t end) const {
    const int64_t rows = end - begin;
    float delta[kMostRows];
    loadQueries(h, begin, rows, delta);
    const int64_t limit = a_.fused != 0 ? end : a_.T;
    const int64_t first = a_.fused != 0 ? firstVisible(a_, b_, begin, end) : 0;
    for (int64_t j = first / kPanelColumns * kPanelColumns; j < limit; j += shape_.block.columns) {
      const int64_t columns = roundUp(smaller(shape_.block.columns, limit - j), kPanelColumns);
      differentiate(h, begin, rows, j, columns, delta);
      accumulate(rows, j, columns);
    }
    storeRows(writable(grads_.q(h)) + begin * grads_.stride, grads_.stride, at_.dQueries,
              shape_.paddedD, rows, a_.D, [](int64_t) { return 1.0f; });
  }

  // delta[r] = sum_d dOut * out: what softmax's gradient subtracts.
  void loadQueries(int64_t h, int64_t begin, int64_t rows, float* delta) const {
    const T* q = heads_.q(h) + begin * heads_.stride;
    const int64_t stride = a_.Hq * a_.D;
    const int64_t offset = ((b_ * a_.T + begin) * a_.Hq + h) * a_.D;
    const T* dOut = static_cast<const T*>(a_.dOut) + offset;
    const T* out = static_cast<const T*>(a_.out) + offset;
    copyRows(at_.queries, q, heads_.stride, rows, a_.D);
    copyRows(at_.dOut, dOut, stride, rows, a_.D);
    packAlong(at_.queriesAlong, q, heads_.stride, rows, a_.D, shape_.block.rows);
    packAlong(at_.dOutAlong, dOut, stride, rows, a_.D, shape_.block.rows);
    std::memset(at_.dQueries, 0,
                static_cast<size_t>(shape_.block.rows * shape_.paddedD) * sizeof(float));
    for (int64_t r = 0; r < rows; ++r) {
      F8 products = {};
      forLanes(a_.D, [&](int64_t d, auto lanes) {
        products += load(dOut + r * stride + d, lanes) * load(out + r * stride + d, lanes);
      });
      delta[r] = sum(products);
    }
  }

  // Fills the blocks of (dropped) probabilities and of the scores' gradient; masked columns and
  // rows past the end are 0.
  void differentiate(int64_t h, int64_t begin, int64_t rows, int64_t j, int64_t columns,
                     const float* delta) const {
    const int64_t ld = shape_.block.columns;
    multiplyBlock<false>(
        at_.probabilities, ld, rows, columns,
        {at_.queries, a_.D, 1, at_.keysAcross + j * a_.D, kPanelColumns * a_.D, a_.D});
    multiplyBlock<false>(
        at_.dScores, ld, rows, columns,
        {at_.dOut, a_.D, 1, at_.valuesAcross + j * a_.D, kPanelColumns * a_.D, a_.D});
    for (int64_t r = 0; r < rows; ++r) {
      const int64_t i = begin + r;
      const int64_t row = (b_ * a_.Hq + h) * a_.T + i;
      float* p = at_.probabilities + r * ld;
      float* dS = at_.dScores + r * ld;
      const int64_t first = larger(firstVisible(a_, b_, i) - j, 0);
      const int64_t last = smaller(i - j, columns - 1);
      for (int64_t c = 0; c < columns; c += kLanes) {
        differentiateLanes(p + c, dS + c, c, first, last, a_.lse[row], delta[r], row * a_.T + j);
      }
      clear(p, columns);
      clear(dS, columns);
    }
    const auto rest = static_cast<size_t>((shape_.block.rows - rows) * ld) * sizeof(float);
    std::memset(at_.probabilities + rows * ld, 0, rest);
    std::memset(at_.dScores + rows * ld, 0, rest);
  }

  // Columns up to the next multiple of 6 are read by the products over keys.
  void clear(float* row, int64_t columns) const {
    for (int64_t c = columns; c < roundUp(columns, kStripRows); ++c) row[c] = 0;
  }

  Z2_INLINE void differentiateLanes(float* p, float* dS, int64_t c, int64_t first, int64_t last,
                                    float lse, float delta, int64_t index) const {
    const I8 column = I8{0, 1, 2, 3, 4, 5, 6, 7} + static_cast<int32_t>(c);
    const I8 isVisible =
        (column >= static_cast<int32_t>(first)) & (column <= static_cast<int32_t>(last));
    const F8 probability = select(isVisible, exponential(load(p) * a_.scale - lse), F8{});
    F8 dProbability = load(dS);
    F8 kept = probability;
    if (!mask_.isOff()) {
      const F8 factors = mask_.factors(index + c);
      dProbability *= factors;
      kept *= factors;
    }
    store(p, kept);
    store(dS, select(isVisible, probability * (dProbability - delta) * a_.scale, F8{}));
  }

  void accumulate(int64_t rows, int64_t j, int64_t columns) const {
    const int64_t ld = shape_.block.columns;
    const int64_t panel = shape_.block.rows * kPanelColumns;
    multiplyBlock<true>(at_.dQueries, shape_.paddedD, rows, a_.D,
                        {at_.dScores, ld, 1, at_.keysAlong + j * kPanelColumns,
                         shape_.paddedT * kPanelColumns, columns});
    multiplyBlock<true>(at_.dKeys + j * shape_.paddedD, shape_.paddedD, columns, a_.D,
                        {at_.dScores, 1, ld, at_.queriesAlong, panel, rows});
    multiplyBlock<true>(at_.dValues + j * shape_.paddedD, shape_.paddedD, columns, a_.D,
                        {at_.probabilities, 1, ld, at_.dOutAlong, panel, rows});
  }

  const Z2AttentionBackward& a_;
  int64_t b_, hkv_;
  BackwardShape shape_;
  BackwardMemory at_;
  Heads<T> heads_, grads_;
  DropoutMask mask_;
};

}  // namespace

size_t attentionWorkspace(const Z2AttentionBackward& shape, int threads) {
  const int64_t forward = ForwardShape(shape.T, shape.D, shape.fused).floats();
  const int64_t backward = BackwardShape(shape.T, shape.D, shape.fused).floats();
  return static_cast<size_t>(larger(forward, backward) * threads) * sizeof(float);
}

void attentionBackward(const Z2AttentionBackward& a, int threads) {
  const BackwardShape shape(a.T, a.D, a.fused);
  withType(a.type, [&](auto element) {
    parallelFor(threads, a.B * a.Hkv, a.T * a.T * a.D, [&](int64_t job) {
      float* memory = static_cast<float*>(a.workspace) + threadNumber() * shape.floats();
      BackwardGroup<decltype(element)>(a, job / a.Hkv, job % a.Hkv, memory).run();
    });
  });
}

}  // namespace Z2_ISA
}  // namespace z2
