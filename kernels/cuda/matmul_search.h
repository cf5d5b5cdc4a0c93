#pragma once

// The fastest of cuBLASLt's algorithms for a product. The library's own list names a few; its
// kernels come in many more tiles and clusters, of which some are faster, by up to a tenth. Private
// to kernels/cuda.

#include <cstddef>
#include <functional>
#include <vector>

#include "kernels/cuda/cublaslt.h"
#include "kernels/cuda/tuning_file.h"

namespace z2::cuda {

constexpr size_t kWorkspaceBytes = size_t{64} << 20;
constexpr double kNever = 1e30;  // microseconds of what fails

using Candidate = cublasLtMatmulHeuristicResult_t;  // an algorithm and its workspace's size

// A product as the library knows it.
struct Plan {
  cublasLtMatmulDesc_t desc = nullptr;
  cublasLtMatrixLayout_t first = nullptr, second = nullptr, out = nullptr;
  cublasLtMatmulAlgo_t algorithm{};
  size_t workspace = 0;
  std::vector<Candidate> candidates;  // the library's list, its first choice in front
};

[[nodiscard]] TunedAlgorithm tunedOf(const Candidate& candidate, double microseconds,
                                     double firstMicroseconds);

// Microseconds of one call, of that many back to back; kNever where it fails.
using TimeCalls = std::function<double(const Candidate&, int calls)>;

// Takes one to a few seconds. plan.candidates has at least one.
[[nodiscard]] TunedAlgorithm fastestAlgorithm(const cublaslt::Functions& lt,
                                              cublasLtHandle_t handle, const Plan& plan,
                                              const TimeCalls& time);

}  // namespace z2::cuda
