// Linked into a test program, this takes the place of kernels/cpu/dispatch.cpp: the same cases then
// run on the kernels of a CPU without AVX2.

#include "kernels/cpu/kernel_set.h"

namespace z2 {

namespace portable {
const KernelSet& kernelSet();
}

const KernelSet& fastestKernels() { return portable::kernelSet(); }

}  // namespace z2
