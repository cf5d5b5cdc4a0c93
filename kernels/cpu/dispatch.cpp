#include "kernels/cpu/kernel_set.h"

namespace z2 {

namespace avx2 {
const KernelSet& kernelSet();
}
namespace portable {
const KernelSet& kernelSet();
}

const KernelSet& fastestKernels() {
  const bool isRecent = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                        __builtin_cpu_supports("f16c");
  return isRecent ? avx2::kernelSet() : portable::kernelSet();
}

}  // namespace z2
