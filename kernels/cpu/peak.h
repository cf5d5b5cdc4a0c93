#pragma once

// How fast the processor can multiply and add at most: the ceiling of every kernel.

namespace z2 {

// fp32 FLOP/s of `threads` threads. One thread runs short bursts of independent fused multiply-adds
// of the widest instructions there are, and the fastest burst counts: some hundredths of a second
// in all, and the same figure whether or not other programs want the cores. Times the threads, as
// far as there are cores for them: two threads on one core share its arithmetic.
[[nodiscard]] double measurePeakFlops(int threads);

}  // namespace z2
