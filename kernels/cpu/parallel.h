#pragma once

// Work shared over the threads of OpenMP's pool, the one that LibTorch uses too.

#include <cstdint>

#include <omp.h>

#include "kernels/cpu/isa.h"

namespace z2 {
inline namespace Z2_ISA {

// Starting the pool costs some microseconds: below this many elements one thread does it.
constexpr int64_t kWorthAThread = 8192;

inline int64_t threadNumber() { return omp_get_thread_num(); }

// f(i) for every i of [0, n), each of about `work` elements, in equal runs of neighbours.
template <typename F>
void parallelFor(int threads, int64_t n, int64_t work, F f) {
  const int64_t useful = n * work / kWorthAThread + 1;
  const int team = useful < threads ? static_cast<int>(useful) : threads;
  if (team <= 1 || n <= 1) {
    for (int64_t i = 0; i < n; ++i) f(i);
    return;
  }
#pragma omp parallel for schedule(static) num_threads(team)
  for (int64_t i = 0; i < n; ++i) f(i);
}

// f(begin, end) over [0, n) in blocks of a fixed size, so that the partition does not depend on
// the number of threads.
template <typename F>
void parallelBlocks(int threads, int64_t n, int64_t block, F f) {
  parallelFor(threads, (n + block - 1) / block, block, [&](int64_t b) {
    const int64_t end = (b + 1) * block;
    f(b * block, end < n ? end : n);
  });
}

}  // namespace Z2_ISA
}  // namespace z2
