#include "kernels/cuda/matmuls.h"

#include <chrono>
#include <cstddef>
#include <cstring>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "kernels/cuda/cublaslt.h"
#include "kernels/cuda/matmul_search.h"
#include "kernels/cuda/product.h"
#include "kernels/cuda/tuning_file.h"

// cuBLASLt thinks in columns, so the row-major product out = a b is asked for as out^T = b^T a^T:
// b is its first factor, a its second, and N its number of rows.

namespace z2::cuda {

namespace {

// Products with fewer operations take the library's first choice.
constexpr int64_t kTunedOperations = int64_t{4} << 30;
constexpr int kCandidates = 32;  // of the library's list that are tried

cudaDataType_t cudaType(Z2DType type) {
  switch (type) {
    case Z2_F32:
      return CUDA_R_32F;
    case Z2_BF16:
      return CUDA_R_16BF;
    case Z2_E4M3:
      return CUDA_R_8F_E4M3;
    case Z2_E5M2:
      return CUDA_R_8F_E5M2;
    default:
      return CUDA_R_16F;
  }
}

// What a plan depends on.
using Shape =
    std::tuple<int64_t, int64_t, int64_t, int, int, float, Z2DType, Z2DType, Z2DType, bool, int>;

Shape shapeOf(const Product& p) {
  return {p.M,     p.N,     p.K,       p.transposeA,      p.transposeB, p.beta,
          p.typeA, p.typeB, p.outType, p.bias != nullptr, p.fastSums};
}

// Two events around work on a stream.
class Stopwatch {
 public:
  Stopwatch() {
    cudaEventCreate(&begin_);
    cudaEventCreate(&end_);
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() {
    cudaEventDestroy(begin_);
    cudaEventDestroy(end_);
  }
  // Microseconds that the device takes for what `work` puts on the stream.
  template <typename Work>
  double time(cudaStream_t stream, Work work) {
    cudaEventRecord(begin_, stream);
    work();
    cudaEventRecord(end_, stream);
    cudaEventSynchronize(end_);
    float milliseconds = 0;
    cudaEventElapsedTime(&milliseconds, begin_, end_);
    return 1e3 * milliseconds;
  }

 private:
  cudaEvent_t begin_ = nullptr, end_ = nullptr;
};

}  // namespace

struct Matmuls::Impl {
  Library library;
  cublaslt::Functions lt{};
  cublasLtHandle_t handle = nullptr;
  void* workspace = nullptr;
  std::map<Shape, Plan> plans;
  TuningFile tuning;
  Measured measured;

  Z2Status makePlan(Z2Context* context, const Product& p, Plan& plan);
  cublasStatus_t launch(Z2Context* context, const Product& p, const Plan& plan,
                        const cublasLtMatmulAlgo_t& algorithm, size_t bytes) const;
  Z2Status run(Z2Context* context, const Product& p);
  // The pointers that a plan's description holds.
  void point(const Product& p, const Plan& plan) const;
  // The algorithm of the tuning file, or the fastest, which the file then keeps.
  void choose(Z2Context* context, const Product& p, Plan& plan);
  bool take(const Plan& plan, const TunedAlgorithm& tuned, Plan& into) const;
  TunedAlgorithm measure(Z2Context* context, const Product& p, const Plan& plan) const;
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

std::unique_ptr<Matmuls> Matmuls::open(Z2Context* context, std::string& reason) {
  auto impl = std::make_unique<Impl>();
  impl->library = openLibrary("libcublasLt.so." + std::to_string(CUDART_VERSION / 1000));
  if (impl->library.handle == nullptr) {
    reason = "cuBLASLt was not found; tried " + impl->library.path +
             ". Set Z2_CUDA_LIBS to the folder that holds it";
    return nullptr;
  }
  if (!cublaslt::bindAll(impl->library, impl->lt)) {
    reason = impl->library.path + " lacks functions of cuBLASLt";
    return nullptr;
  }
  if (impl->lt.create(&impl->handle) != CUBLAS_STATUS_SUCCESS ||
      cudaMalloc(&impl->workspace, kWorkspaceBytes) != cudaSuccess) {
    reason = "cuBLASLt could not be started on this device";
    return nullptr;
  }
  cudaDeviceProp properties{};
  if (cudaGetDeviceProperties(&properties, context->device) == cudaSuccess)
    impl->tuning = TuningFile::open(properties.name, impl->lt.version());
  return std::unique_ptr<Matmuls>(new Matmuls(std::move(impl)));
}

Matmuls::Measured Matmuls::measured() const { return impl_->measured; }

std::string Matmuls::description() const {
  return "cuBLASLt " + std::to_string(impl_->lt.version()) + " (" + impl_->library.path + "), " +
         impl_->tuning.description();
}

Z2Status Matmuls::Impl::makePlan(Z2Context* context, const Product& p, Plan& plan) {
  const cudaDataType_t typeA = cudaType(p.typeA), typeB = cudaType(p.typeB);
  const cudaDataType_t outType = cudaType(p.outType);
  const cublasOperation_t firstOp = p.transposeB ? CUBLAS_OP_T : CUBLAS_OP_N;
  const cublasOperation_t secondOp = p.transposeA ? CUBLAS_OP_T : CUBLAS_OP_N;
  lt.descCreate(&plan.desc, CUBLAS_COMPUTE_32F, CUDA_R_32F);
  lt.descSet(plan.desc, CUBLASLT_MATMUL_DESC_TRANSA, &firstOp, sizeof(firstOp));
  lt.descSet(plan.desc, CUBLASLT_MATMUL_DESC_TRANSB, &secondOp, sizeof(secondOp));
  if (p.bias != nullptr) {
    const cublasLtEpilogue_t epilogue = CUBLASLT_EPILOGUE_BIAS;
    lt.descSet(plan.desc, CUBLASLT_MATMUL_DESC_EPILOGUE, &epilogue, sizeof(epilogue));
    lt.descSet(plan.desc, CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE, &outType, sizeof(outType));
  }
  if (p.isFp8()) {
    const int8_t fastSums = static_cast<int8_t>(p.fastSums);
    lt.descSet(plan.desc, CUBLASLT_MATMUL_DESC_FAST_ACCUM, &fastSums, sizeof(fastSums));
  }
  point(p, plan);
  // Column-major: rows, columns, leading dimension of the memory as it lies.
  if (p.transposeB)
    lt.layoutCreate(&plan.first, typeB, p.K, p.N, p.K);
  else
    lt.layoutCreate(&plan.first, typeB, p.N, p.K, p.N);
  if (p.transposeA)
    lt.layoutCreate(&plan.second, typeA, p.M, p.K, p.M);
  else
    lt.layoutCreate(&plan.second, typeA, p.K, p.M, p.K);
  lt.layoutCreate(&plan.out, outType, p.N, p.M, p.N);

  cublasLtMatmulPreference_t preference = nullptr;
  lt.preferenceCreate(&preference);
  lt.preferenceSet(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &kWorkspaceBytes,
                   sizeof(kWorkspaceBytes));
  // Sums by atomics would differ from run to run.
  const uint32_t schemes =
      CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE | CUBLASLT_REDUCTION_SCHEME_OUTPUT_TYPE;
  lt.preferenceSet(preference, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, &schemes,
                   sizeof(schemes));
  const uint32_t alignment = 64;  // of every tensor, as kernels/tensor.h says
  for (const auto attribute :
       {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
        CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES})
    lt.preferenceSet(preference, attribute, &alignment, sizeof(alignment));
  plan.candidates.resize(kCandidates);
  int found = 0;
  const cublasStatus_t status =
      lt.heuristic(handle, plan.desc, plan.first, plan.second, plan.out, plan.out, preference,
                   kCandidates, plan.candidates.data(), &found);
  lt.preferenceDestroy(preference);
  if (status != CUBLAS_STATUS_SUCCESS || found == 0)
    return fail(context, Z2_INVALID,
                "matmul: cuBLASLt has no algorithm for " + std::to_string(p.M) + " x " +
                    std::to_string(p.N) + " x " + std::to_string(p.K));
  plan.candidates.resize(static_cast<size_t>(found));
  plan.algorithm = plan.candidates[0].algo;
  plan.workspace = plan.candidates[0].workspaceSize;
  return Z2_OK;
}

void Matmuls::Impl::point(const Product& p, const Plan& plan) const {
  const auto set = [&](cublasLtMatmulDescAttributes_t attribute, const void* pointer) {
    if (pointer != nullptr) lt.descSet(plan.desc, attribute, &pointer, sizeof(pointer));
  };
  set(CUBLASLT_MATMUL_DESC_BIAS_POINTER, p.bias);
  set(CUBLASLT_MATMUL_DESC_A_SCALE_POINTER, p.scaleB);
  set(CUBLASLT_MATMUL_DESC_B_SCALE_POINTER, p.scaleA);
}

cublasStatus_t Matmuls::Impl::launch(Z2Context* context, const Product& p, const Plan& plan,
                                     const cublasLtMatmulAlgo_t& algorithm, size_t bytes) const {
  const float alpha = 1.f;
  return lt.matmul(handle, plan.desc, &alpha, p.b, plan.first, p.a, plan.second, &p.beta, p.out,
                   plan.out, p.out, plan.out, &algorithm, workspace, bytes, context->stream);
}

// False when the library does not take the file's algorithm for the shape.
bool Matmuls::Impl::take(const Plan& plan, const TunedAlgorithm& tuned, Plan& into) const {
  cublasLtMatmulHeuristicResult_t known{};
  if (tuned.algorithm.size() != sizeof(known.algo)) return false;
  std::memcpy(&known.algo, tuned.algorithm.data(), sizeof(known.algo));
  cublasLtMatmulHeuristicResult_t checked{};
  if (lt.check(handle, plan.desc, plan.first, plan.second, plan.out, plan.out, &known.algo,
               &checked) != CUBLAS_STATUS_SUCCESS ||
      checked.workspaceSize > kWorkspaceBytes)
    return false;
  into.algorithm = known.algo;
  into.workspace = checked.workspaceSize;
  return true;
}

void Matmuls::Impl::choose(Z2Context* context, const Product& p, Plan& plan) {
  const bool isWorth = p.M * p.N * p.K >= kTunedOperations / 2;
  if (tuning.isOn() && isWorth) {
    const std::string key = keyOf(p);
    const auto known = tuning.find(key);
    if (!known || !take(plan, *known, plan)) {
      using Clock = std::chrono::steady_clock;
      const auto start = Clock::now();
      take(plan, tuning.settle(key, measure(context, p, plan)), plan);
      ++measured.count;
      measured.seconds += std::chrono::duration<double>(Clock::now() - start).count();
    }
  }
  plan.candidates.clear();
}

namespace {

// An output that is added to, put back when this ends; without memory for a copy it is not there.
class SavedOutput {
 public:
  SavedOutput(Z2Context* context, const Product& p)
      : context_(context), out_(p.out), isNeeded_(p.beta != 0.f) {
    bytes_ = static_cast<size_t>(p.M * p.N * sizeOfType(p.outType));
    if (!isNeeded_) return;
    if (cudaMalloc(&copy_, bytes_) == cudaSuccess)
      cudaMemcpyAsync(copy_, out_, bytes_, cudaMemcpyDeviceToDevice, context->stream);
    else
      cudaGetLastError();
  }
  SavedOutput(const SavedOutput&) = delete;
  SavedOutput& operator=(const SavedOutput&) = delete;
  ~SavedOutput() {
    if (copy_ == nullptr) return;
    cudaMemcpyAsync(out_, copy_, bytes_, cudaMemcpyDeviceToDevice, context_->stream);
    cudaStreamSynchronize(context_->stream);
    cudaFree(copy_);
  }
  [[nodiscard]] bool isSafe() const { return !isNeeded_ || copy_ != nullptr; }

 private:
  Z2Context* context_;
  void* out_;
  void* copy_ = nullptr;
  size_t bytes_ = 0;
  bool isNeeded_;
};

}  // namespace

// On the operands of the first call: what is in them decides about power and so about speed.
TunedAlgorithm Matmuls::Impl::measure(Z2Context* context, const Product& p,
                                      const Plan& plan) const {
  const SavedOutput saved(context, p);
  Stopwatch stopwatch;
  const auto time = [&](const Candidate& its, int calls) {
    bool isGood = true;
    const double spent = stopwatch.time(context->stream, [&] {
      for (int i = 0; i < calls; ++i)
        isGood = launch(context, p, plan, its.algo, its.workspaceSize) == CUBLAS_STATUS_SUCCESS &&
                 isGood;
    });
    return isGood ? spent / calls : kNever;
  };
  return saved.isSafe() ? fastestAlgorithm(lt, handle, plan, time)
                        : tunedOf(plan.candidates.front(), 0, 0);
}

Z2Status Matmuls::Impl::run(Z2Context* context, const Product& p) {
  const Shape shape = shapeOf(p);
  auto place = plans.find(shape);
  if (place == plans.end()) {
    Plan plan;
    if (const Z2Status status = makePlan(context, p, plan); status != Z2_OK) return status;
    choose(context, p, plan);
    place = plans.emplace(shape, std::move(plan)).first;
  }
  const Plan& plan = place->second;
  point(p, plan);
  const cublasStatus_t status = launch(context, p, plan, plan.algorithm, plan.workspace);
  if (status != CUBLAS_STATUS_SUCCESS)
    return fail(
        context, Z2_FAILED,
        "matmul: cuBLASLt failed with status " + std::to_string(status) + " on " + keyOf(p));
  return Z2_OK;
}

Z2Status Matmuls::run(Z2Context* context, const Z2Matmul& p) {
  return impl_->run(context, productOf(p));
}

Z2Status Matmuls::run(Z2Context* context, const Z2MatmulFp8& p) {
  return impl_->run(context, productOf(p));
}

}  // namespace z2::cuda
