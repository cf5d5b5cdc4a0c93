#include "kernels/cuda/cudnn_attention.h"

#include <algorithm>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <cudnn_frontend.h>

#include "kernels/cuda/library.h"

// The frontend calls cuDNN through this handle.
namespace cudnn_frontend {
void* cudnn_dlhandle = nullptr;
}

namespace z2::cuda {

namespace fe = cudnn_frontend;

namespace {

// Names of the tensors in a graph's variant pack.
enum Uid : int64_t { kQ = 1, kK, kV, kOut, kStats, kDOut, kDQ, kDK, kDV };

using Shape = std::tuple<int64_t, int64_t, int64_t, int64_t, int64_t, float, int>;

template <typename Params>
Shape shapeOf(const Params& p) {
  return {p.B, p.T, p.Hq, p.Hkv, p.D, p.scale, p.type};
}

template <typename Params>
bool isSuitable(const Params& p) {
  return p.fused != 0 && p.type != Z2_F32 && p.D % 8 == 0 && p.D <= 128 &&
         p.documentStart == nullptr && p.dropout.probability <= 0.f;
}

struct Plan {
  std::shared_ptr<fe::graph::Graph> graph;  // null: cuDNN has no plan for the shape
  size_t workspace = 0;
};

// The tensors of a shape as cuDNN sees them: [B, H, T, D] by strides over the packed projection.
class Tensors {
 public:
  Tensors(fe::graph::Graph& graph, const Shape& shape) : graph_(graph) {
    std::tie(B_, T_, Hq_, Hkv_, D_, std::ignore, std::ignore) = shape;
  }

  [[nodiscard]] int64_t packedStride() const { return (Hq_ + 2 * Hkv_) * D_; }
  std::shared_ptr<fe::graph::Tensor_attributes> input(const char* name, int64_t uid, int64_t heads,
                                                      int64_t rowStride) {
    return graph_.tensor(fe::graph::Tensor_attributes()
                             .set_name(name)
                             .set_uid(uid)
                             .set_dim({B_, heads, T_, D_})
                             .set_stride({T_ * rowStride, D_, rowStride, 1}));
  }
  void output(const std::shared_ptr<fe::graph::Tensor_attributes>& tensor, int64_t uid,
              int64_t heads, int64_t rowStride) const {
    tensor->set_output(true)
        .set_uid(uid)
        .set_dim({B_, heads, T_, D_})
        .set_stride({T_ * rowStride, D_, rowStride, 1});
  }
  void asStats(fe::graph::Tensor_attributes& tensor) const {
    tensor.set_uid(kStats)
        .set_dim({B_, Hq_, T_, 1})
        .set_stride({Hq_ * T_, T_, 1, 1})
        .set_data_type(fe::DataType_t::FLOAT);
  }
  int64_t B_ = 0, T_ = 0, Hq_ = 0, Hkv_ = 0, D_ = 0;

 private:
  fe::graph::Graph& graph_;
};

std::shared_ptr<fe::graph::Graph> newGraph(const Shape& shape) {
  auto graph = std::make_shared<fe::graph::Graph>();
  graph
      ->set_io_data_type(std::get<6>(shape) == Z2_BF16 ? fe::DataType_t::BFLOAT16
                                                       : fe::DataType_t::HALF)
      .set_intermediate_data_type(fe::DataType_t::FLOAT)
      .set_compute_data_type(fe::DataType_t::FLOAT);
  return graph;
}

std::shared_ptr<fe::graph::Graph> forwardGraph(const Shape& shape) {
  auto graph = newGraph(shape);
  Tensors tensors(*graph, shape);
  const int64_t packed = tensors.packedStride();
  const auto q = tensors.input("q", kQ, tensors.Hq_, packed);
  const auto k = tensors.input("k", kK, tensors.Hkv_, packed);
  const auto v = tensors.input("v", kV, tensors.Hkv_, packed);
  auto [out, stats] = graph->sdpa(q, k, v,
                                  fe::graph::SDPA_attributes()
                                      .set_name("attention")
                                      .set_generate_stats(true)
                                      .set_causal_mask(true)
                                      .set_attn_scale(std::get<5>(shape)));
  tensors.output(out, kOut, tensors.Hq_, tensors.Hq_ * tensors.D_);
  tensors.asStats(*stats);
  stats->set_output(true);
  return graph;
}

std::shared_ptr<fe::graph::Graph> backwardGraph(const Shape& shape) {
  auto graph = newGraph(shape);
  Tensors tensors(*graph, shape);
  const int64_t packed = tensors.packedStride(), dense = tensors.Hq_ * tensors.D_;
  const auto q = tensors.input("q", kQ, tensors.Hq_, packed);
  const auto k = tensors.input("k", kK, tensors.Hkv_, packed);
  const auto v = tensors.input("v", kV, tensors.Hkv_, packed);
  const auto out = tensors.input("out", kOut, tensors.Hq_, dense);
  const auto dOut = tensors.input("dOut", kDOut, tensors.Hq_, dense);
  fe::graph::Tensor_attributes statsShape;
  statsShape.set_name("stats");
  tensors.asStats(statsShape);
  const auto stats = graph->tensor(statsShape);
  auto [dQ, dK, dV] = graph->sdpa_backward(q, k, v, out, dOut, stats,
                                           fe::graph::SDPA_backward_attributes()
                                               .set_name("attentionBackward")
                                               .set_causal_mask(true)
                                               .set_deterministic_algorithm(true)
                                               .set_attn_scale(std::get<5>(shape)));
  tensors.output(dQ, kDQ, tensors.Hq_, packed);
  tensors.output(dK, kDK, tensors.Hkv_, packed);
  tensors.output(dV, kDV, tensors.Hkv_, packed);
  return graph;
}

char* at(const void* base, int64_t element) {
  return const_cast<char*>(static_cast<const char*>(base)) + element * 2;
}

}  // namespace

struct CudnnAttention::Impl {
  Library library;
  cudnnHandle_t handle = nullptr;
  std::map<Shape, Plan> forwardPlans, backwardPlans;

  // Builds the plan of a shape at its first use.
  const Plan& plan(Z2Context* context, std::map<Shape, Plan>& plans, const Shape& shape,
                   std::shared_ptr<fe::graph::Graph> (*describe)(const Shape&)) {
    const auto known = plans.find(shape);
    if (known != plans.end()) return known->second;
    Plan plan;
    try {
      fe::detail::set_stream(handle, context->stream);
      auto graph = describe(shape);
      if (graph->build(handle, {fe::HeurMode_t::A}).is_good()) {
        int64_t bytes = 0;
        if (graph->get_workspace_size(bytes).is_good()) {
          plan.workspace = static_cast<size_t>(std::max<int64_t>(bytes, 0));
          plan.graph = std::move(graph);
        }
      }
    } catch (const std::exception&) {
      plan = {};  // no plan: our own kernel takes the shape
    }
    return plans.emplace(shape, std::move(plan)).first->second;
  }

  Z2Status execute(Z2Context* context, const Plan& plan, std::unordered_map<int64_t, void*> tensors,
                   void* workspace) {
    try {
      auto outcome = plan.graph->execute(handle, tensors, workspace);
      if (outcome.is_good()) return Z2_OK;
      return fail(context, Z2_FAILED, "attention: cuDNN: " + outcome.get_message());
    } catch (const std::exception& failure) {
      return fail(context, Z2_FAILED, std::string("attention: cuDNN: ") + failure.what());
    }
  }
};

CudnnAttention::CudnnAttention(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

CudnnAttention::~CudnnAttention() = default;

std::unique_ptr<CudnnAttention> CudnnAttention::open(Z2Context* context, std::string& reason) {
  auto impl = std::make_unique<Impl>();
  // The frontend asks for the CUDA runtime by name; this makes it findable.
  openLibrary("libcudart.so." + std::to_string(CUDART_VERSION / 1000));
  impl->library = openLibrary("libcudnn.so.9");
  if (impl->library.handle == nullptr) {
    reason = "cuDNN was not found; tried " + impl->library.path;
    return nullptr;
  }
  fe::cudnn_dlhandle = impl->library.handle;
  try {
    if (fe::detail::create_handle(&impl->handle) != CUDNN_STATUS_SUCCESS ||
        fe::detail::set_stream(impl->handle, context->stream) != CUDNN_STATUS_SUCCESS) {
      reason = "cuDNN could not be started";
      return nullptr;
    }
  } catch (const std::exception& failure) {
    reason = std::string("cuDNN could not be started: ") + failure.what();
    return nullptr;
  }
  return std::unique_ptr<CudnnAttention>(new CudnnAttention(std::move(impl)));
}

bool CudnnAttention::takes(Z2Context* context, const Z2AttentionForward& p) {
  return isSuitable(p) &&
         impl_->plan(context, impl_->forwardPlans, shapeOf(p), forwardGraph).graph != nullptr;
}

bool CudnnAttention::takes(Z2Context* context, const Z2AttentionBackward& p) {
  return isSuitable(p) &&
         impl_->plan(context, impl_->backwardPlans, shapeOf(p), backwardGraph).graph != nullptr;
}

size_t CudnnAttention::workspace(Z2Context* context, const Z2AttentionBackward& p) {
  if (!isSuitable(p)) return 0;
  return std::max(forwardWorkspace(context, p),
                  impl_->plan(context, impl_->backwardPlans, shapeOf(p), backwardGraph).workspace);
}

size_t CudnnAttention::forwardWorkspace(Z2Context* context, const Z2AttentionBackward& p) {
  if (!isSuitable(p)) return 0;
  return impl_->plan(context, impl_->forwardPlans, shapeOf(p), forwardGraph).workspace;
}

Z2Status CudnnAttention::forward(Z2Context* context, const Z2AttentionForward& p) {
  const Plan& plan = impl_->plan(context, impl_->forwardPlans, shapeOf(p), forwardGraph);
  return impl_->execute(context, plan,
                        {{kQ, at(p.qkv, 0)},
                         {kK, at(p.qkv, p.Hq * p.D)},
                         {kV, at(p.qkv, (p.Hq + p.Hkv) * p.D)},
                         {kOut, p.out},
                         {kStats, p.lse}},
                        p.workspace);
}

Z2Status CudnnAttention::backward(Z2Context* context, const Z2AttentionBackward& p) {
  const Plan& plan = impl_->plan(context, impl_->backwardPlans, shapeOf(p), backwardGraph);
  return impl_->execute(context, plan,
                        {{kQ, at(p.qkv, 0)},
                         {kK, at(p.qkv, p.Hq * p.D)},
                         {kV, at(p.qkv, (p.Hq + p.Hkv) * p.D)},
                         {kOut, at(p.out, 0)},
                         {kDOut, at(p.dOut, 0)},
                         {kStats, const_cast<float*>(p.lse)},
                         {kDQ, at(p.dQkv, 0)},
                         {kDK, at(p.dQkv, p.Hq * p.D)},
                         {kDV, at(p.dQkv, (p.Hq + p.Hkv) * p.D)}},
                        p.workspace);
}

std::string CudnnAttention::description() const {
  return "cuDNN " + std::to_string(fe::detail::get_backend_version()) + " (" + impl_->library.path +
         ")";
}

}  // namespace z2::cuda
