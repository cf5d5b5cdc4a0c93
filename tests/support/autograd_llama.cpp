#include "tests/support/autograd_llama.h"

#include <cmath>

#include <ATen/ATen.h>

namespace z2 {

namespace {

// One forward over leaves that want gradients.
class Oracle {
 public:
  Oracle(const LlamaConfig& config, const TensorValues& weights, const Batch& batch)
      : config_(config), batch_(batch) {
    for (const auto& [name, values] : weights) {
      leaves_[name] = at::tensor(at::ArrayRef<float>(values.data(), values.size()))
                          .to(at::kDouble)
                          .set_requires_grad(true);
    }
  }

  at::Tensor logits() {
    const int64_t C = config_.hiddenSize;
    at::Tensor x = matrix("model.embed_tokens.weight", C).index_select(0, ids(batch_.tokens));
    for (int64_t layer = 0; layer < config_.numHiddenLayers; ++layer) {
      const std::string prefix = "model.layers." + std::to_string(layer) + ".";
      x = x + attention(norm(x, prefix + "input_layernorm.weight"), prefix + "self_attn.");
      x = x + mlp(norm(x, prefix + "post_attention_layernorm.weight"), prefix + "mlp.");
    }
    const char* const head =
        config_.tieWordEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight";
    return at::matmul(norm(x, "model.norm.weight"), matrix(head, C).t());
  }

  at::Tensor lossSum(const at::Tensor& logits) const {
    const at::Tensor targets = ids(batch_.targets);
    const at::Tensor isValid = targets.ge(0);
    const at::Tensor picked =
        at::log_softmax(logits, -1).gather(1, targets.clamp_min(0).unsqueeze(1)).squeeze(1);
    return -(picked * isValid.to(at::kDouble)).sum();
  }

  const std::map<std::string, at::Tensor>& leaves() const { return leaves_; }

 private:
  static at::Tensor ids(const std::vector<int32_t>& values) {
    return at::tensor(at::ArrayRef<int32_t>(values.data(), values.size())).to(at::kLong);
  }

  at::Tensor matrix(const std::string& name, int64_t columns) const {
    return leaves_.at(name).view({-1, columns});
  }

  at::Tensor norm(const at::Tensor& x, const std::string& name) const {
    const at::Tensor meanSquare = x.pow(2).mean(-1, true);
    return x * at::rsqrt(meanSquare + config_.rmsNormEps) * leaves_.at(name);
  }

  at::Tensor linear(const at::Tensor& x, const std::string& name) const {
    at::Tensor y = at::matmul(x, matrix(name + ".weight", x.size(-1)).t());
    const auto bias = leaves_.find(name + ".bias");
    return bias == leaves_.end() ? y : y + bias->second;
  }

  // [B T, heads D] -> [B, heads, T, D]
  at::Tensor split(const at::Tensor& x, int64_t heads) const {
    return x.view({batch_.rows, batch_.columns, heads, config_.headDim}).transpose(1, 2);
  }

  at::Tensor rotate(const at::Tensor& x) const {
    const int64_t half = config_.headDim / 2;
    const at::Tensor steps = at::arange(half, at::kDouble) * (-2.0 / double(config_.headDim));
    const at::Tensor frequency = at::pow(config_.ropeTheta, steps);
    const at::Tensor positions =
        ids(batch_.positions).to(at::kDouble).view({batch_.rows, 1, batch_.columns, 1});
    const at::Tensor angle = positions * frequency;
    const at::Tensor a = x.slice(-1, 0, half);
    const at::Tensor b = x.slice(-1, half);
    return at::cat({a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()}, -1);
  }

  at::Tensor mask() const {
    const int64_t T = batch_.columns;
    const at::Tensor row = at::arange(T, at::kLong).view({1, T, 1});
    const at::Tensor column = at::arange(T, at::kLong).view({1, 1, T});
    at::Tensor allowed = column.le(row);
    if (!batch_.documentStart.empty()) {
      allowed = allowed & column.ge(ids(batch_.documentStart).view({batch_.rows, T, 1}));
    }
    return allowed.unsqueeze(1);
  }

  at::Tensor attention(const at::Tensor& x, const std::string& prefix) const {
    const int64_t group = config_.numAttentionHeads / config_.numKeyValueHeads;
    const at::Tensor q = rotate(split(linear(x, prefix + "q_proj"), config_.numAttentionHeads));
    const at::Tensor k = rotate(split(linear(x, prefix + "k_proj"), config_.numKeyValueHeads))
                             .repeat_interleave(group, 1);
    const at::Tensor v =
        split(linear(x, prefix + "v_proj"), config_.numKeyValueHeads).repeat_interleave(group, 1);
    at::Tensor scores = at::matmul(q, k.transpose(-2, -1)) / std::sqrt(double(config_.headDim));
    scores = scores.masked_fill(mask().logical_not(), -1e300);
    const at::Tensor out = at::matmul(at::softmax(scores, -1), v).transpose(1, 2);
    return linear(out.reshape({batch_.rows * batch_.columns, config_.attentionWidth()}),
                  prefix + "o_proj");
  }

  at::Tensor mlp(const at::Tensor& x, const std::string& prefix) const {
    const at::Tensor inner = at::silu(linear(x, prefix + "gate_proj"));
    return linear(inner * linear(x, prefix + "up_proj"), prefix + "down_proj");
  }

  const LlamaConfig& config_;
  const Batch& batch_;
  std::map<std::string, at::Tensor> leaves_;
};

std::vector<double> toVector(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.detach().contiguous().view({-1});
  const double* const data = flat.const_data_ptr<double>();
  return {data, data + flat.numel()};
}

}  // namespace

AutogradResult autogradLlama(const LlamaConfig& config, const TensorValues& weights,
                             const Batch& batch, double gradScale) {
  Oracle oracle(config, weights, batch);
  const at::Tensor logits = oracle.logits();
  const at::Tensor loss = oracle.lossSum(logits);
  (loss * gradScale).backward();
  AutogradResult result;
  result.lossSum = loss.item<double>();
  result.logits = toVector(logits);
  for (const auto& [name, leaf] : oracle.leaves()) result.grads[name] = toVector(leaf.grad());
  return result;
}

}  // namespace z2
