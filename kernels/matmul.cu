// Matmul by cuBLASLt. It thinks in columns, so the row-major product out = a b is asked for as
// out^T = b^T a^T: b is its first factor, a its second, and N its number of rows.

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/library.h"
#include "kernels/cuda/matmuls.h"

#include <map>
#include <tuple>
#include <utility>

#include <cublasLt.h>

namespace z2::cuda {

namespace {

constexpr size_t kWorkspaceBytes = size_t{64} << 20;

// The functions of the library that are used, by the types of its header.
struct Functions {
  decltype(&cublasLtCreate) create;
  decltype(&cublasLtDestroy) destroy;
  decltype(&cublasLtGetVersion) version;
  decltype(&cublasLtMatmul) matmul;
  decltype(&cublasLtMatmulDescCreate) descCreate;
  decltype(&cublasLtMatmulDescDestroy) descDestroy;
  decltype(&cublasLtMatmulDescSetAttribute) descSet;
  decltype(&cublasLtMatrixLayoutCreate) layoutCreate;
  decltype(&cublasLtMatrixLayoutDestroy) layoutDestroy;
  decltype(&cublasLtMatmulPreferenceCreate) preferenceCreate;
  decltype(&cublasLtMatmulPreferenceDestroy) preferenceDestroy;
  decltype(&cublasLtMatmulPreferenceSetAttribute) preferenceSet;
  decltype(&cublasLtMatmulAlgoGetHeuristic) heuristic;
};

template <typename F>
bool bind(const Library& library, const char* name, F& function) {
  function = reinterpret_cast<F>(findSymbol(library, name));
  return function != nullptr;
}

bool bindAll(const Library& library, Functions& f) {
  return bind(library, "cublasLtCreate", f.create) && bind(library, "cublasLtDestroy", f.destroy) &&
         bind(library, "cublasLtGetVersion", f.version) &&
         bind(library, "cublasLtMatmul", f.matmul) &&
         bind(library, "cublasLtMatmulDescCreate", f.descCreate) &&
         bind(library, "cublasLtMatmulDescDestroy", f.descDestroy) &&
         bind(library, "cublasLtMatmulDescSetAttribute", f.descSet) &&
         bind(library, "cublasLtMatrixLayoutCreate", f.layoutCreate) &&
         bind(library, "cublasLtMatrixLayoutDestroy", f.layoutDestroy) &&
         bind(library, "cublasLtMatmulPreferenceCreate", f.preferenceCreate) &&
         bind(library, "cublasLtMatmulPreferenceDestroy", f.preferenceDestroy) &&
         bind(library, "cublasLtMatmulPreferenceSetAttribute", f.preferenceSet) &&
         bind(library, "cublasLtMatmulAlgoGetHeuristic", f.heuristic);
}

cudaDataType_t cudaType(Z2DType type) {
  return type == Z2_F32 ? CUDA_R_32F : type == Z2_BF16 ? CUDA_R_16BF : CUDA_R_16F;
}

using Shape = std::tuple<int64_t, int64_t, int64_t, int, int, float, int, int, bool>;

struct Plan {
  cublasLtMatmulDesc_t desc = nullptr;
  cublasLtMatrixLayout_t first = nullptr, second = nullptr, out = nullptr;
  cublasLtMatmulAlgo_t algorithm{};
  size_t workspace = 0;
};

// dBias partial sums: a block takes 32 columns × a fixed slice of the rows.
constexpr int kBiasSlices = 64;

template <typename T>
__global__ void biasPartial(Z2BiasBackward p, float* partial) {
  __shared__ float sums[8][33];
  const int64_t n = static_cast<int64_t>(blockIdx.x) * 32 + threadIdx.x;
  const int64_t slice = (p.M + kBiasSlices - 1) / kBiasSlices;
  const int64_t begin = blockIdx.y * slice, end = min(p.M, begin + slice);
  float sum = 0.f;
  if (n < p.N)
    for (int64_t m = begin + threadIdx.y; m < end; m += 8)
      sum += toFloat(static_cast<const T*>(p.dOut)[m * p.N + n]);
  sums[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y != 0 || n >= p.N) return;
  sum = 0.f;
  for (int i = 0; i < 8; ++i) sum += sums[i][threadIdx.x];
  partial[blockIdx.y * p.N + n] = sum;
}

__global__ void biasTotal(float* dBias, const float* partial, int64_t N) {
  const int64_t n = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (n >= N) return;
  float sum = 0.f;
  for (int slice = 0; slice < kBiasSlices; ++slice) sum += partial[slice * N + n];
  dBias[n] += sum;
}

}  // namespace

struct Matmuls::Impl {
  Library library;
  Functions lt{};
  cublasLtHandle_t handle = nullptr;
  void* workspace = nullptr;
  std::map<Shape, Plan> plans;

  Z2Status makePlan(Z2Context* context, const Z2Matmul& p, Plan& plan);
};

Matmuls::Matmuls(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Matmuls::~Matmuls() {
  for (auto& [shape, plan] : impl_->plans) {
    impl_->lt.layoutDestroy(plan.first);
    impl_->lt.layoutDestroy(plan.second);
    impl_->lt.layoutDestroy(plan.out);
    impl_->lt.descDestroy(plan.desc);
  }
  if (impl_->handle != nullptr) impl_->lt.destroy(impl_->handle);
  if (impl_->workspace != nullptr) cudaFree(impl_->workspace);
}

std::unique_ptr<Matmuls> Matmuls::open(Z2Context*, std::string& reason) {
  auto impl = std::make_unique<Impl>();
  impl->library = openLibrary("libcublasLt.so." + std::to_string(CUDART_VERSION / 1000));
  if (impl->library.handle == nullptr) {
    reason = "cuBLASLt was not found; tried " + impl->library.path +
             ". Set Z2_CUDA_LIBS to the folder that holds it";
    return nullptr;
  }
  if (!bindAll(impl->library, impl->lt)) {
    reason = impl->library.path + " lacks functions of cuBLASLt";
    return nullptr;
  }
  if (impl->lt.create(&impl->handle) != CUBLAS_STATUS_SUCCESS ||
      cudaMalloc(&impl->workspace, kWorkspaceBytes) != cudaSuccess) {
    reason = "cuBLASLt could not be started on this device";
    return nullptr;
  }
  return std::unique_ptr<Matmuls>(new Matmuls(std::move(impl)));
}

std::string Matmuls::description() const {
  return "cuBLASLt " + std::to_string(impl_->lt.version()) + " (" + impl_->library.path + ")";
}

Z2Status Matmuls::Impl::makePlan(Z2Context* context, const Z2Matmul& p, Plan& plan) {
  const cudaDataType_t type = cudaType(p.type), outType = cudaType(p.outType);
  const cublasOperation_t firstOp = p.transposeB ? CUBLAS_OP_T : CUBLAS_OP_N;
  const cublasOperation_t secondOp = p.transposeA ? CUBLAS_OP_T : CUBLAS_OP_N;
  lt.descCreate(&plan.desc, CUBLAS_COMPUTE_32F, CUDA_R_32F);
  lt.descSet(plan.desc, CUBLASLT_MATMUL_DESC_TRANSA, &firstOp, sizeof(firstOp));
  lt.descSet(plan.desc, CUBLASLT_MATMUL_DESC_TRANSB, &secondOp, sizeof(secondOp));
  if (p.bias != nullptr) {
    const cublasLtEpilogue_t epilogue = CUBLASLT_EPILOGUE_BIAS;
    lt.descSet(plan.desc, CUBLASLT_MATMUL_DESC_EPILOGUE, &epilogue, sizeof(epilogue));
    lt.descSet(plan.desc, CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE, &type, sizeof(type));
    lt.descSet(plan.desc, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &p.bias, sizeof(p.bias));
  }
  // Column-major: rows, columns, leading dimension of the memory as it lies.
  if (p.transposeB) lt.layoutCreate(&plan.first, type, p.K, p.N, p.K);
  else lt.layoutCreate(&plan.first, type, p.N, p.K, p.N);
  if (p.transposeA) lt.layoutCreate(&plan.second, type, p.M, p.K, p.M);
  else lt.layoutCreate(&plan.second, type, p.K, p.M, p.K);
  lt.layoutCreate(&plan.out, outType, p.N, p.M, p.N);

  cublasLtMatmulPreference_t preference = nullptr;
  lt.preferenceCreate(&preference);
  lt.preferenceSet(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &kWorkspaceBytes,
                   sizeof(kWorkspaceBytes));
  // Sums by atomics would differ from run to run.
  const uint32_t schemes = CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE |
                           CUBLASLT_REDUCTION_SCHEME_OUTPUT_TYPE;
  lt.preferenceSet(preference, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, &schemes,
                   sizeof(schemes));
  const uint32_t alignment = 64;  // of every tensor, as kernels/tensor.h says
  for (const auto attribute :
       {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
        CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES})
    lt.preferenceSet(preference, attribute, &alignment, sizeof(alignment));
  cublasLtMatmulHeuristicResult_t best{};
  int found = 0;
  const cublasStatus_t status = lt.heuristic(handle, plan.desc, plan.first, plan.second, plan.out,
                                             plan.out, preference, 1, &best, &found);
  lt.preferenceDestroy(preference);
  if (status != CUBLAS_STATUS_SUCCESS || found == 0)
    return fail(context, Z2_INVALID,
                "matmul: cuBLASLt has no algorithm for " + std::to_string(p.M) + " x " +
                    std::to_string(p.N) + " x " + std::to_string(p.K));
  plan.algorithm = best.algo;
  plan.workspace = best.workspaceSize;
  return Z2_OK;
}

Z2Status Matmuls::run(Z2Context* context, const Z2Matmul& p) {
  const Shape shape{p.M, p.N, p.K, p.transposeA, p.transposeB, p.beta, p.type, p.outType,
                    p.bias != nullptr};
  auto place = impl_->plans.find(shape);
  if (place == impl_->plans.end()) {
    Plan plan;
    const Z2Status status = impl_->makePlan(context, p, plan);
    if (status != Z2_OK) return status;
    place = impl_->plans.emplace(shape, plan).first;
  }
  const Plan& plan = place->second;
  if (p.bias != nullptr)
    impl_->lt.descSet(plan.desc, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &p.bias, sizeof(p.bias));
  const float alpha = 1.f;
  const cublasStatus_t status =
      impl_->lt.matmul(impl_->handle, plan.desc, &alpha, p.b, plan.first, p.a, plan.second, &p.beta,
                       p.out, plan.out, p.out, plan.out, &plan.algorithm, impl_->workspace,
                       plan.workspace, context->stream);
  if (status != CUBLAS_STATUS_SUCCESS)
    return fail(context, Z2_FAILED, "matmul: cuBLASLt failed with status " + std::to_string(status));
  return Z2_OK;
}

Z2Status matmul(Z2Context* context, const Z2Matmul* p) {
  if (p->M <= 0 || p->N <= 0) return Z2_OK;
  return context->matmuls->run(context, *p);
}

size_t biasBackwardWorkspace(Z2Context*, int64_t, int64_t N) {
  return static_cast<size_t>(kBiasSlices * N) * sizeof(float);
}

Z2Status biasBackward(Z2Context* context, const Z2BiasBackward* p) {
  if (p->M <= 0 || p->N <= 0) return Z2_OK;
  auto* partial = static_cast<float*>(p->workspace);
  auto byType = [&]<typename T>() {
    const dim3 blocks(static_cast<unsigned>(divideUp(p->N, 32)), kBiasSlices);
    biasPartial<T><<<blocks, dim3(32, 8), 0, context->stream>>>(*p, partial);
    biasTotal<<<static_cast<unsigned>(divideUp(p->N, 256)), 256, 0, context->stream>>>(
        p->dBias, partial, p->N);
    return check(context, cudaGetLastError(), "biasBackward");
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

}  // namespace z2::cuda
