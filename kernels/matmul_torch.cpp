#include <array>
#include <exception>

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include "kernels/cpu/matmul.h"

namespace z2 {
namespace {

// LibTorch's interface asks for a mutable pointer also of what is only read.
at::Tensor view(const void* data, int64_t rows, int64_t columns, bool isTransposed) {
  const std::array<int64_t, 2> stored = {isTransposed ? columns : rows,
                                         isTransposed ? rows : columns};
  const at::Tensor whole =
      at::from_blob(const_cast<void*>(data), stored, at::TensorOptions(at::kFloat));
  return isTransposed ? whole.t() : whole;
}

}  // namespace

std::string matmulByTorch(const Z2Matmul& a, int threads) {
  try {
    const c10::InferenceMode guard;
    if (at::get_num_threads() != threads) at::set_num_threads(threads);
    const at::Tensor left = view(a.a, a.M, a.K, a.transposeA != 0);
    const at::Tensor right = view(a.b, a.K, a.N, a.transposeB != 0);
    at::Tensor out = view(a.out, a.M, a.N, false);
    if (a.beta != 0) {
      at::addmm_out(out, out, left, right);
    } else {
      at::mm_out(out, left, right);
    }
    if (a.bias != nullptr) out.add_(view(a.bias, 1, a.N, false));
    return {};
  } catch (const c10::Error& error) {
    return std::string("matmul: LibTorch failed: ") + error.what_without_backtrace();
  } catch (const std::exception& error) {
    return std::string("matmul: LibTorch failed: ") + error.what();
  }
}

}  // namespace z2
