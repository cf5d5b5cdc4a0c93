#pragma once

// The products of a step of generation. A warp of its own copies the weights of all products, one
// behind the other, through a ring in shared memory with the copy engine, so that reading never
// stops where one product ends and blocks wait for each other. It is not done by the threads that
// multiply: what those then read or write themselves would wait behind their copies.

#include <cstdint>
#include <type_traits>

#include "kernels/cuda/decode_model.cuh"
#include "kernels/cuda/hopper.cuh"
#include "kernels/cuda/row_output.cuh"

namespace z2::cuda::decode {

// Elements of a column, of 16 bits each, that a warp multiplies of a stage, and those of a stage.
constexpr int kStep = rows::kStep<__half>;
constexpr int kPiece = 2 * rows::kGroup * kStep;
constexpr int kSlice = kWarps * kPiece;

// Bytes from a column of a stage to the next: two columns lie in different banks.
constexpr int kColumnBytes = kSlice * 2 + 64;
constexpr int kStageBytes = rows::kColumns * kColumnBytes;
constexpr int kMostStages = 6;
constexpr int kTurns = kWarps;  // units whose parts are put together at once, a warp each
constexpr int kPair = 2;        // units that are multiplied at once

struct Signals {
  uint64_t full[kMostStages], empty[kMostStages];

  // By one thread, before a barrier of the block.
  __device__ void init() {
    for (int i = 0; i < kMostStages; ++i) {
      hopper::initBarrier(full + i, 1);
      hopper::initBarrier(empty + i, kWarps);
    }
    hopper::publishBarriers();
  }
};

// Where one is in a ring of so many stages, and the parity of its next phase.
struct Place {
  int stage = 0;
  uint32_t parity = 0;

  __device__ __forceinline__ void next(int stages) {
    if (++stage == stages) stage = 0, parity ^= 1;
  }
};

// Goes through the stages of this block's units of all products: those of a pair of units take
// turns. A lane has a column.
template <typename T>
class Cursor {
 public:
  __device__ explicit Cursor(const Model& model) : model_(model), last_(productCount(model)) {
    begin();
  }
  [[nodiscard]] __device__ bool isAtEnd() const { return number_ == last_; }
  [[nodiscard]] __device__ const T* place() const { return column_ + k_; }
  [[nodiscard]] __device__ uint32_t bytes() const {
    return static_cast<uint32_t>(min(kSlice, K_ - k_) * sizeof(T));
  }
  __device__ __forceinline__ void next() {
    if (++inPair_ < pair_) return findColumn();
    k_ += kSlice;
    inPair_ = 0;
    if (k_ < K_) return findColumn();
    unit_ += pair_ * static_cast<int>(gridDim.x);
    if (unit_ * outputs_ < width_) return beginPair();
    ++number_;
    begin();
  }

 private:
  // Product number_, or the first behind it of which this block has units.
  __device__ void begin() {
    for (; number_ < last_; ++number_) {
      const Z2RowLinear a = productOf(model_, number_);
      outputs_ = a.swiglu != 0 ? rows::kColumns / 2 : rows::kColumns;
      width_ = static_cast<int>(a.swiglu != 0 ? a.N / 2 : a.N);
      K_ = static_cast<int>(a.K);
      weight_ = static_cast<const T*>(a.weight);
      unit_ = static_cast<int>(blockIdx.x);
      if (unit_ * outputs_ < width_) return beginPair();
    }
  }
  __device__ __forceinline__ void beginPair() {
    pair_ = (unit_ + static_cast<int>(gridDim.x)) * outputs_ < width_ ? kPair : 1;
    k_ = 0;
    findColumn();
  }
  // Columns behind the last are read as the last.
  __device__ __forceinline__ void findColumn() {
    const int lane = static_cast<int>(threadIdx.x % 32);
    const int unit = unit_ + inPair_ * static_cast<int>(gridDim.x);
    const int output = min(unit * outputs_ + lane % outputs_, width_ - 1);
    column_ = weight_ + static_cast<int64_t>(lane < outputs_ ? output : width_ + output) * K_;
  }

  const Model& model_;
  int last_, number_ = 0, outputs_ = 0, width_ = 0, K_ = 0;
  int unit_ = 0, pair_ = 1, inPair_ = 0, k_ = 0;  // of a pair: its first unit, units, which
  const T *weight_ = nullptr, *column_ = nullptr;
};

// Stages on their way at a time: as many as memory needs, for what blocks tell each other waits
// behind them.
constexpr int kOnTheWay = 2;

// While the ring is full and all of it is there, memory would rest: then the next stages, up to
// kLead of them, are brought into the L2 cache, kPause cycles apart, about as fast as memory gives
// them (measured; as fast as they can be asked for, or always, is slower than not at all).
constexpr int kLead = 4;
constexpr unsigned kPause = 2500;

// What the copying warp does, until all is copied.
template <typename T>
__device__ void copyWeights(const Model& model, unsigned char* ring, Signals& signals) {
  const bool copies = threadIdx.x % 32 < rows::kColumns;
  Cursor<T> cursor(model), ahead(model);
  int lead = 0;  // stages from the cursor to `ahead`
  int copied = 0;
  Place newest, oldest;  // stages on their way
  unsigned last = 0;
  const auto isAllThere = [&] {
    return hopper::isOver(signals.full + newest.stage, newest.parity);
  };
  for (Place at; !cursor.isAtEnd(); at.next(model.stages)) {
    uint64_t* const empty = signals.empty + at.stage;
    while (!hopper::isOver(empty, at.parity ^ 1)) {
      if (lead == kLead || ahead.isAtEnd() || static_cast<unsigned>(clock()) - last < kPause ||
          !isAllThere())
        continue;
      if (copies) hopper::bringToL2(ahead.place(), ahead.bytes());
      ahead.next();
      ++lead;
      last = static_cast<unsigned>(clock());
    }
    if (++copied > kOnTheWay) {
      while (!hopper::isOver(signals.full + oldest.stage, oldest.parity)) continue;
      oldest.next(model.stages);
    }
    uint64_t* const full = signals.full + at.stage;
    if (threadIdx.x % 32 == 0) hopper::arriveAndExpect(full, rows::kColumns * cursor.bytes());
    __syncwarp();
    if (copies)
      hopper::copyBytes(ring + at.stage * kStageBytes + threadIdx.x % 32 * kColumnBytes,
                        cursor.place(), cursor.bytes(), full);
    newest = at;
    last = static_cast<unsigned>(clock());
    cursor.next();
    if (lead > 0)
      --lead;
    else
      ahead.next();
  }
}

// The ring as a thread that multiplies sees it. Lane 4 c + t has parts of column c. A product of
// tensor cores has room for 16 rows of weights and eight vectors: each column takes two rows, so
// that 16 bytes of it are an operand as they lie, one with elements 0, 1, 4, 5 of each eight and
// one with 2, 3, 6, 7; two vectors are what stands against each of them.
template <typename T>
class Weights {
 public:
  static constexpr int kVectors = kPiece / kStep;  // of a thread, of a stage

  __device__ Weights(const unsigned char* ring, int stages, Signals& signals)
      : warpFirst_(static_cast<int>(threadIdx.x / 32) * kPiece),
        first_(warpFirst_ + static_cast<int>(threadIdx.x) % 4 * kWidth<T>),
        its_(ring + static_cast<int>(threadIdx.x % 32 / 4) * kColumnBytes + first_ * 2),
        stages_(stages),
        signals_(signals) {}

  // What the thread's part of a stage is multiplied by: of elements k .. of `input`, which is zero
  // from K to the end of a group.
  __device__ __forceinline__ void readInput(uint2 (&x)[kVectors], const T* input, int k,
                                            int K) const {
    const int column = static_cast<int>(threadIdx.x % 32 / 4);
#pragma unroll
    for (int v = 0; v < kVectors; ++v) {
      const int at = k + first_ + v * kStep;
      const bool isThere = column < 2 && at < K;
      const uint4 its = *reinterpret_cast<const uint4*>(input + (at < K ? at : 0));
      x[v] = column == 0 ? make_uint2(its.x, its.z) : make_uint2(its.y, its.w);
      if (!isThere) x[v] = {0, 0};
    }
  }
  // The thread's part of the next stage: elements k .. of K of its column.
  __device__ __forceinline__ void take(uint4 (&weights)[kVectors], int k, int K) {
    hopper::wait(signals_.full + at_.stage, at_.parity);
    const unsigned char* const stage = its_ + at_.stage * kStageBytes;
    if (K - k - warpFirst_ >= kPiece) {
#pragma unroll
      for (int v = 0; v < kVectors; ++v)
        weights[v] = *reinterpret_cast<const uint4*>(stage + v * kStep * 2);
    } else {
#pragma unroll
      for (int v = 0; v < kVectors; ++v) {
        weights[v] = {};
        if (k + first_ + v * kStep < K)
          weights[v] = *reinterpret_cast<const uint4*>(stage + v * kStep * 2);
      }
    }
    taken_ = at_.stage;
    at_.next(stages_);
  }
  // The last so many stages taken may be filled again.
  __device__ __forceinline__ void give(int count) {
    __syncwarp();
    if (threadIdx.x % 32 != 0) return;
    hopper::arrive(signals_.empty + taken_);
    if (count > 1) hopper::arrive(signals_.empty + (taken_ == 0 ? stages_ : taken_) - 1);
  }
  static __device__ __forceinline__ void add(float (&sums)[rows::kGroup][4],
                                             const uint4 (&weights)[kVectors],
                                             const uint2 (&x)[kVectors]) {
#pragma unroll
    for (int v = 0; v < kVectors; ++v) addProduct(sums[v % rows::kGroup], weights[v], x[v]);
  }
  // The warp's part of a unit's sums, in lane 4 c that of column c.
  static __device__ __forceinline__ float total(const float (&sums)[rows::kGroup][4]) {
    float sum = 0.f;
#pragma unroll
    for (int j = 0; j < rows::kGroup; ++j) sum += sums[j][0] + sums[j][3];
    return sum;
  }

 private:
  static __device__ __forceinline__ void addProduct(float (&sum)[4], const uint4& w,
                                                    const uint2& x) {
    if constexpr (std::is_same_v<T, __half>)
      asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
          "{%8, %9}, {%0, %1, %2, %3};"
          : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
          : "r"(w.x), "r"(w.y), "r"(w.z), "r"(w.w), "r"(x.x), "r"(x.y));
    else
      asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, "
          "%7}, {%8, %9}, {%0, %1, %2, %3};"
          : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
          : "r"(w.x), "r"(w.y), "r"(w.z), "r"(w.w), "r"(x.x), "r"(x.y));
  }

  int warpFirst_, first_;  // elements of a stage's columns that are the warp's, the thread's
  const unsigned char* its_;
  int stages_;
  Signals& signals_;
  Place at_;
  int taken_ = 0;
};

// What becomes of a product's outputs.
struct Outputs {
  Message* messages;  // null: they are logits
  uint32_t number;
  float* logits;
  float* own;  // null, or [units of the block, kColumns] of the residual stream, to be added to
};

// A product's units: kColumns outputs each, or half as many gated ones.
struct Units {
  int outputs, width, count;  // of a unit; of the product; units

  __device__ explicit Units(const Z2RowLinear& a)
      : outputs(a.swiglu != 0 ? rows::kColumns / 2 : rows::kColumns),
        width(static_cast<int>(a.swiglu != 0 ? a.N / 2 : a.N)),
        count((width + outputs - 1) >> (a.swiglu != 0 ? 2 : 3)) {}
};

// One warp puts the parts of a unit together; the rest as kernels/row_linear.h says. `turn`: which
// of the block's units it is.
template <typename T, typename X>
__device__ __forceinline__ void finish(const Units& units, int unit, int turn, float bias,
                                       const float* parts, const Outputs& to) {
  const int lane = static_cast<int>(threadIdx.x) % 32, column = lane % rows::kColumns;
  const int quarter = lane / rows::kColumns, output = unit * units.outputs + column;
  float value = 0.f;
#pragma unroll
  for (int w = 0; w < kWarps; w += 4) value += parts[(w + quarter) * rows::kColumns + column];
  value += __shfl_xor_sync(~0u, value, 8);
  value += __shfl_xor_sync(~0u, value, 16);
  value += bias;
  if (units.outputs < rows::kColumns) {
    const float up = __shfl_down_sync(~0u, value, rows::kColumns / 2);
    value = value / (1.f + __expf(-value)) * up;
  }
  if (to.own != nullptr) {
    float* const its = to.own + turn * rows::kColumns + column;
    value = toFloat(fromFloat<X>(*its + value));
    __syncwarp();
    if (quarter == 0) *its = value;
  }
  const float next = __shfl_down_sync(~0u, value, 1);
  const bool isTold = quarter == 0 && column < units.outputs && output < units.width;
  if (to.messages == nullptr) {
    if (isTold) to.logits[output] = value;
    return;
  }
  if (to.own != nullptr && sizeof(X) == 4) {
    if (isTold) send(to.messages + output, __float_as_uint(value), to.number);
  } else if (isTold && column % 2 == 0) {
    send(to.messages + output / 2, hopper::pack<T>(value, next), to.number);
  }
}

// Product `a` of `input`, which is in shared memory. `parts`: [2, kTurns, kWarps, kColumns].
template <typename T, typename X>
__device__ __forceinline__ void multiply(Weights<T>& weights, const Z2RowLinear& a, const T* input,
                                         float* parts, const Outputs& to) {
  const Units units(a);
  const int warp = static_cast<int>(threadIdx.x) / 32, lane = static_cast<int>(threadIdx.x) % 32;
  const int blocks = static_cast<int>(gridDim.x), K = static_cast<int>(a.K);
  uint2 x[Weights<T>::kVectors];
  weights.readInput(x, input, 0, K);
  int unit = static_cast<int>(blockIdx.x);
#pragma unroll 1
  for (int batch = 0; unit < units.count; ++batch) {
    float* const its = parts + batch % 2 * kTurns * kWarps * rows::kColumns;
    const int own = unit + warp * blocks;
    float bias = 0.f;
    if (own < units.count && a.bias != nullptr)
      bias = toFloat(static_cast<const T*>(
          a.bias)[min(own * rows::kColumns + lane % rows::kColumns, units.width - 1)]);
#pragma unroll 1
    for (int turn = 0; turn < kTurns && unit < units.count; turn += kPair, unit += kPair * blocks) {
      const bool isPair = unit + blocks < units.count;
      float first[rows::kGroup][4] = {}, second[rows::kGroup][4] = {};
#pragma unroll 1
      for (int k = 0; k < K; k += kSlice) {
        uint4 one[Weights<T>::kVectors], other[Weights<T>::kVectors];
        weights.take(one, k, K);
        if (isPair) weights.take(other, k, K);
        if (K > kSlice) weights.readInput(x, input, k, K);
        Weights<T>::add(first, one, x);
        if (isPair) Weights<T>::add(second, other, x);
        weights.give(isPair ? 2 : 1);
      }
      float* const place = its + (turn * kWarps + warp) * rows::kColumns + lane / 4;
      const float sums[kPair] = {Weights<T>::total(first), Weights<T>::total(second)};
      if (lane % 4 == 0) {
        place[0] = sums[0];
        if (isPair) place[kWarps * rows::kColumns] = sums[1];
      }
    }
    sync();
    if (own < units.count)
      finish<T, X>(units, own, batch * kTurns + warp, bias, its + warp * kWarps * rows::kColumns,
                   to);
  }
}

}  // namespace z2::cuda::decode
