#pragma once

// Z2RowLinear as a sequence of the operations that it joins: what devices do that have no kernel of
// their own for a shape.

#include <cstddef>
#include <cstdint>

#include "kernels/elementwise.h"
#include "kernels/matmul.h"
#include "kernels/rms_norm.h"
#include "kernels/row_linear.h"
#include "kernels/swiglu.h"

namespace z2 {

struct RowLinearParts {
  Z2Status (*rmsNormForward)(Z2Context*, const Z2RmsNormForward*);
  Z2Status (*matmul)(Z2Context*, const Z2Matmul*);
  Z2Status (*swigluForward)(Z2Context*, const Z2SwigluForward*);
  Z2Status (*add)(Z2Context*, const Z2Add*);
};

// Where the parts' results lie in the workspace, and its size.
struct RowLinearPlaces {
  size_t normed, rstd, product, gated, end;

  static RowLinearPlaces of(const Z2RowLinear& p) {
    const auto aligned = [](size_t bytes) { return (bytes + 255) / 256 * 256; };
    const size_t element = p.type == Z2_F32 ? 4 : 2;
    const auto rows = static_cast<size_t>(p.M);
    RowLinearPlaces places{};
    places.rstd = aligned(rows * static_cast<size_t>(p.K) * element);
    places.product = places.rstd + aligned(rows * sizeof(float));
    places.gated = places.product + aligned(rows * static_cast<size_t>(p.N) * element);
    places.end = places.gated + aligned(rows * static_cast<size_t>(p.N) * element / 2);
    return places;
  }
};

inline Z2Status rowLinearByParts(Z2Context* context, const Z2RowLinear& p,
                                 const RowLinearParts& parts) {
  const RowLinearPlaces places = RowLinearPlaces::of(p);
  const auto at = [&](size_t offset) { return static_cast<char*>(p.workspace) + offset; };
  const void* x = p.x;
  if (p.normWeight != nullptr) {
    const Z2RmsNormForward norm = {.out = at(places.normed),
                                   .rstd = reinterpret_cast<float*>(at(places.rstd)),
                                   .residualOut = nullptr,
                                   .residualIn = p.x,
                                   .delta = nullptr,
                                   .weight = p.normWeight,
                                   .N = p.M,
                                   .C = p.K,
                                   .eps = p.eps,
                                   .type = p.type,
                                   .residualType = p.xType,
                                   .dropout = {},
                                   .fused = 1,
                                   .codes = nullptr};
    if (const Z2Status status = parts.rmsNormForward(context, &norm); status != Z2_OK)
      return status;
    x = norm.out;
  }
  const bool isPlain = p.swiglu == 0 && p.accumulate == 0;
  const Z2Matmul product = {.out = isPlain ? p.out : at(places.product),
                            .a = x,
                            .b = p.weight,
                            .bias = p.bias,
                            .M = p.M,
                            .N = p.N,
                            .K = p.K,
                            .transposeA = 0,
                            .transposeB = 1,
                            .beta = 0,
                            .type = p.type,
                            .outType = isPlain ? p.outType : p.type};
  Z2Status status = parts.matmul(context, &product);
  const void* result = product.out;
  const int64_t width = p.swiglu != 0 ? p.N / 2 : p.N;
  if (status == Z2_OK && p.swiglu != 0) {
    const Z2SwigluForward gate = {.out = p.accumulate != 0 ? at(places.gated) : p.out,
                                  .gateUp = result,
                                  .N = p.M,
                                  .F = width,
                                  .type = p.type,
                                  .fused = 1,
                                  .codes = nullptr};
    status = parts.swigluForward(context, &gate);
    result = gate.out;
  }
  if (status == Z2_OK && p.accumulate != 0) {
    const Z2Add sum = {.out = p.out,
                       .a = p.out,
                       .b = result,
                       .n = p.M * width,
                       .type = p.outType,
                       .typeB = p.type,
                       .dropout = {}};
    status = parts.add(context, &sum);
  }
  return status;
}

}  // namespace z2
