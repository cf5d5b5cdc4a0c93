#include <array>
#include <exception>

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>
#include <c10/core/InferenceMode.h>

#include "kernels/cpu/matmul.h"

namespace z2 {
namespace {

at::ScalarType scalarType(Z2DType type) {
  if (type == Z2_BF16) return at::kBFloat16;
  return type == Z2_F16 ? at::kHalf : at::kFloat;
}

// Only read, though LibTorch's interface asks for a mutable pointer.
at::Tensor view(const void* data, at::IntArrayRef sizes, Z2DType type) {
  return at::from_blob(const_cast<void*>(data), sizes, at::TensorOptions(scalarType(type)));
}

// 16-bit operands are widened first: without 16-bit instructions LibTorch's own path is slower,
// and it cannot keep an fp32 result.
void multiply(const Z2Matmul& a) {
  at::Tensor left =
      view(a.a, a.transposeA != 0 ? at::IntArrayRef{a.K, a.M} : at::IntArrayRef{a.M, a.K}, a.type)
          .to(at::kFloat);
  at::Tensor right =
      view(a.b, a.transposeB != 0 ? at::IntArrayRef{a.N, a.K} : at::IntArrayRef{a.K, a.N}, a.type)
          .to(at::kFloat);
  if (a.transposeA != 0) left = left.t();
  if (a.transposeB != 0) right = right.t();
  at::Tensor target = view(a.out, {a.M, a.N}, a.outType);
  at::Tensor out = target.to(at::kFloat);
  if (a.beta != 0) {
    at::addmm_out(out, out, left, right);
  } else {
    at::mm_out(out, left, right);
  }
  if (a.bias != nullptr) out.add_(view(a.bias, {a.N}, a.type).to(at::kFloat));
  if (a.outType != Z2_F32) target.copy_(out);
}

}  // namespace

std::string matmulByTorch(const Z2Matmul& a, int threads) {
  try {
    const c10::InferenceMode guard;
    if (at::get_num_threads() != threads) at::set_num_threads(threads);
    multiply(a);
    return {};
  } catch (const std::exception& error) {
    return std::string("matmul: LibTorch failed: ") + error.what();
  }
}

}  // namespace z2
