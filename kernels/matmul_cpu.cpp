// The matrix product in three levels of blocks (Goto & van de Geijn, "Anatomy of high-performance
// matrix multiplication", 2008): a panel of b stays in the first cache, a block of a in the second,
// a slice of b in the third. Every element of the result is summed over k in one order, whatever
// the number of threads. 16-bit operands are widened while they are packed.

#include "kernels/cpu/kernel_set_isa.h"
#include "kernels/cpu/packing.h"
#include "kernels/cpu/parallel.h"

namespace z2 {
inline namespace Z2_ISA {
namespace {

constexpr int64_t kBlockRows = 96;       // of a, a multiple of kStripRows
constexpr int64_t kBlockDepth = 320;     // of k
constexpr int64_t kSliceColumns = 2048;  // of b, a multiple of kPanelColumns
constexpr int64_t kFewRows = 4;          // up to here b is read once, unpacked
constexpr int64_t kAlignFloats = 16;

// k in equal blocks, none deeper than kBlockDepth.
int64_t blockDepth(int64_t K) { return larger(1, ceilDivide(K, ceilDivide(K, kBlockDepth))); }

// Rows of the fp32 result that a 16-bit result is summed in before it is rounded.
int64_t rowsAtOnce(const Z2Matmul& a, int threads) {
  if (a.outType == Z2_F32) return a.M;
  return smaller(a.M, larger(kBlockRows * threads, (int64_t{1} << 21) / larger(a.N, 1)));
}

// A packed block of a, with room for what packStrips writes behind it.
int64_t floatsOfBlock(int64_t depth) { return roundUp(depth * kBlockRows + 2, kAlignFloats); }

struct Scratch {
  float* packedB;
  float* packedA;  // one block a thread
  float* sums;     // for a 16-bit result
  int64_t floats;
};

Scratch layout(const Z2Matmul& a, int threads, float* memory) {
  const int64_t depth = blockDepth(a.K);
  const int64_t columns = smaller(kSliceColumns, ceilDivide(a.N, kPanelColumns) * kPanelColumns);
  const int64_t sizeB = depth * columns;
  const int64_t sizeA = floatsOfBlock(depth) * threads;
  const int64_t sums = a.outType == Z2_F32 ? 0 : rowsAtOnce(a, threads) * a.N;
  return {memory, memory + sizeB, memory + sizeB + sizeA, sizeB + sizeA + sums};
}

// Where a tile goes, and what is added to it on the way.
template <typename T>
struct Target {
  float* out;
  int64_t stride;
  const T* bias;  // of the tile's first column, or null
  bool accumulates;
};

template <typename T>
Z2_INLINE void storeRow(const Tile& tile, int64_t r, float* out, const Target<T>& to) {
  for (int64_t half = 0; half < 2; ++half) {
    F8 x = tile.sums[r][half];
    if (to.bias != nullptr) x += load(to.bias + half * kLanes);
    if (to.accumulates) x += load(out + half * kLanes);
    store(out + half * kLanes, x);
  }
}

template <typename T>
Z2_INLINE void storeTile(const Tile& tile, const Target<T>& to, int64_t rows, int64_t columns) {
  if (rows == kStripRows && columns == kPanelColumns) {
    for (int64_t r = 0; r < kStripRows; ++r) storeRow(tile, r, to.out + r * to.stride, to);
    return;
  }
  for (int64_t r = 0; r < rows; ++r) {
    float values[kPanelColumns];
    store(values, tile.sums[r][0]);
    store(values + kLanes, tile.sums[r][1]);
    float* out = to.out + r * to.stride;
    for (int64_t c = 0; c < columns; ++c) {
      const float bias = to.bias == nullptr ? 0.0f : toFloat(to.bias[c]);
      out[c] = values[c] + bias + (to.accumulates ? out[c] : 0.0f);
    }
  }
}

// One product into fp32; rows from .. to of the whole.
template <typename T>
class Product {
 public:
  Product(const Z2Matmul& a, int threads, const Scratch& scratch, int64_t from, int64_t rows,
          float* out)
      : a_(a),
        threads_(threads),
        scratch_(scratch),
        from_(from),
        rows_(rows),
        out_(out),
        rowStrideA_(a.transposeA != 0 ? 1 : a.K),
        kStrideA_(a.transposeA != 0 ? a.M : 1),
        kStrideB_(a.transposeB != 0 ? 1 : a.N),
        columnStrideB_(a.transposeB != 0 ? a.K : 1),
        depth_(blockDepth(a.K)) {}

  void run() const {
    for (int64_t n = 0; n < a_.N; n += kSliceColumns) {
      const int64_t columns = smaller(kSliceColumns, a_.N - n);
      for (int64_t k = 0; k < a_.K; k += depth_) {
        const int64_t depth = smaller(depth_, a_.K - k);
        packSlice(n, columns, k, depth);
        multiplySlice(n, columns, k, depth);
      }
    }
  }

 private:
  void packSlice(int64_t n, int64_t columns, int64_t k, int64_t depth) const {
    const auto* b = static_cast<const T*>(a_.b) + n * columnStrideB_ + k * kStrideB_;
    parallelFor(threads_, ceilDivide(columns, kPanelColumns), kPanelColumns * depth,
                [&](int64_t p) {
                  const int64_t c = p * kPanelColumns;
                  packPanel(scratch_.packedB + c * depth, b + c * columnStrideB_, kStrideB_,
                            columnStrideB_, smaller(kPanelColumns, columns - c), depth);
                });
  }

  // Blocks of rows go to threads; where there are fewer blocks than threads, their columns too.
  void multiplySlice(int64_t n, int64_t columns, int64_t k, int64_t depth) const {
    const int64_t panels = ceilDivide(columns, kPanelColumns);
    const int64_t turns = ceilDivide(rows_, kBlockRows * threads_);
    const int64_t even = ceilDivide(rows_, turns * threads_);
    const int64_t blockRows = smaller(kBlockRows, ceilDivide(even, kStripRows) * kStripRows);
    const int64_t blocks = ceilDivide(rows_, blockRows);
    const int64_t parts = smaller(panels, ceilDivide(threads_, blocks));
#pragma omp parallel for schedule(static) num_threads(threads_)
    for (int64_t job = 0; job < blocks * parts; ++job) {
      const int64_t row = job / parts * blockRows;
      const int64_t rows = smaller(blockRows, rows_ - row);
      const int64_t part = job % parts;
      float* block = scratch_.packedA + threadNumber() * floatsOfBlock(depth_);
      const auto* a = static_cast<const T*>(a_.a) + (from_ + row) * rowStrideA_ + k * kStrideA_;
      packStrips(block, a, rowStrideA_, kStrideA_, rows, depth);
      for (int64_t p = part * panels / parts; p < (part + 1) * panels / parts; ++p) {
        multiplyPanel(block, row, rows, n, p, columns, k, depth);
      }
    }
  }

  void multiplyPanel(const float* block, int64_t row, int64_t rows, int64_t n, int64_t p,
                     int64_t columns, int64_t k, int64_t depth) const {
    const int64_t c = p * kPanelColumns;
    const float* panel = scratch_.packedB + c * depth;
    const T* bias = a_.bias == nullptr || k > 0 ? nullptr : static_cast<const T*>(a_.bias) + n + c;
    for (int64_t strip = 0; strip < rows; strip += kStripRows) {
      Tile tile;
      multiplyTile(tile, depth, block + strip * depth, 1, kStripRows, panel);
      storeTile<T>(tile,
                   {out_ + (row + strip) * a_.N + n + c, a_.N, bias, k > 0 || startsFromOut()},
                   smaller(kStripRows, rows - strip), smaller(kPanelColumns, columns - c));
    }
  }

  [[nodiscard]] bool startsFromOut() const { return a_.beta != 0; }

  const Z2Matmul& a_;
  int threads_;
  const Scratch& scratch_;
  int64_t from_, rows_;
  float* out_;  // [rows_, N]
  int64_t rowStrideA_, kStrideA_, kStrideB_, columnStrideB_;
  int64_t depth_;
};

// Few rows times a transposed b, as in generation: each row of b is read once.
template <typename T, typename Out>
void multiplyFewRows(const Z2Matmul& a, int threads) {
  const auto* left = static_cast<const T*>(a.a);
  const auto* bias = static_cast<const T*>(a.bias);
  auto* out = static_cast<Out*>(a.out);
  parallelFor(threads, a.N, a.M * a.K, [&](int64_t n) {
    const T* right = static_cast<const T*>(a.b) + n * a.K;
    F8 sums[kFewRows] = {};
    forLanes(a.K, [&](int64_t k, auto lanes) {
      const F8 y = load(right + k, lanes);
      for (int64_t m = 0; m < a.M; ++m) sums[m] += load(left + m * a.K + k, lanes) * y;
    });
    for (int64_t m = 0; m < a.M; ++m) {
      float value = sum(sums[m]);
      if (bias != nullptr) value += toFloat(bias[n]);
      if (a.beta != 0) value += toFloat(out[m * a.N + n]);
      out[m * a.N + n] = fromFloat<Out>(value);
    }
  });
}

template <typename T, typename Out>
void multiply(const Z2Matmul& a, int threads, const Scratch& scratch) {
  auto* out = static_cast<Out*>(a.out);
  if constexpr (sizeof(Out) == sizeof(float)) {
    Product<T>(a, threads, scratch, 0, a.M, out).run();
  } else {
    const int64_t step = rowsAtOnce(a, threads);
    for (int64_t from = 0; from < a.M; from += step) {
      const int64_t rows = smaller(step, a.M - from);
      Out* part = out + from * a.N;
      if (a.beta != 0) {
        parallelBlocks(threads, rows * a.N, kWorthAThread, [&](int64_t begin, int64_t end) {
          forLanes(end - begin, [&](int64_t i, auto lanes) {
            store(scratch.sums + begin + i, load(part + begin + i, lanes), lanes);
          });
        });
      }
      Product<T>(a, threads, scratch, from, rows, scratch.sums).run();
      parallelBlocks(threads, rows * a.N, kWorthAThread, [&](int64_t begin, int64_t end) {
        forLanes(end - begin, [&](int64_t i, auto lanes) {
          store(part + begin + i, load(scratch.sums + begin + i, lanes), lanes);
        });
      });
    }
  }
}

}  // namespace

size_t matmulScratch(const Z2Matmul& a, int threads) {
  return static_cast<size_t>(layout(a, threads, nullptr).floats) * sizeof(float);
}

void matmul(const Z2Matmul& a, int threads, void* memory) {
  const Scratch scratch = layout(a, threads, static_cast<float*>(memory));
  withType(a.type, [&](auto element) {
    withType(a.outType, [&](auto outElement) {
      using T = decltype(element);
      using Out = decltype(outElement);
      if (a.M <= kFewRows && a.transposeA == 0 && a.transposeB != 0) {
        multiplyFewRows<T, Out>(a, threads);
      } else {
        multiply<T, Out>(a, threads, scratch);
      }
    });
  });
}

void biasBackward(const Z2BiasBackward& a, int threads) {
  withType(a.type, [&](auto element) {
    const auto* dOut = static_cast<const decltype(element)*>(a.dOut);
    constexpr int64_t kColumns = 64;
    parallelFor(threads, ceilDivide(a.N, kColumns), kColumns * a.M, [&](int64_t block) {
      const int64_t begin = block * kColumns;
      const int64_t columns = smaller(kColumns, a.N - begin);
      for (int64_t m = 0; m < a.M; ++m) {
        const auto* row = dOut + m * a.N + begin;
        forLanes(columns, [&](int64_t n, auto lanes) {
          float* sums = a.dBias + begin + n;
          store(sums, load(sums, lanes) + load(row + n, lanes), lanes);
        });
      }
    });
  });
}

}  // namespace Z2_ISA
}  // namespace z2
