#include "core/model/llama_inference.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/base/check.h"
#include "core/model/blocks.h"
#include "core/model/memory_plan.h"
#include "core/model/operations.h"
#include "core/model/rope_table.h"

namespace z2 {

namespace {

// Positions of a row in the cache: one more than asked for, where a full row's rest may write.
int64_t places(const LlamaInference::Options& options) { return options.capacity + 1; }

// Buffers of one call over up to N positions, and the caches of all layers.
struct InferencePlan {
  MemoryPlan memory;
  int tokens, positions, cosine, sine;
  int residual, delta, normed, rstd, qkv, attention, gateUp, inner, logits;
  std::vector<int> keys, values;  // by layer: [B, capacity, Hkv D]
};

InferencePlan planInference(const Llama& model, const LlamaInference::Options& options, int64_t N) {
  const LlamaConfig& config = model.config();
  const auto element = static_cast<int64_t>(sizeOf(model.options().type));
  InferencePlan plan;
  const auto add = [&plan](const char* name, int64_t bytes) {
    return plan.memory.addPermanent(name, MemoryPart::kActivations, bytes);
  };
  plan.tokens = add("tokens", N * 4);
  plan.positions = add("positions", N * 4);
  plan.cosine = add("rope cosines", places(options) * config.headDim / 2 * 4);
  plan.sine = add("rope sines", places(options) * config.headDim / 2 * 4);
  plan.residual = add("residual", N * config.hiddenSize * (config.residualFp32 ? 4 : element));
  plan.delta = add("delta", N * config.hiddenSize * element);
  plan.normed = add("norm", N * config.hiddenSize * element);
  plan.rstd = add("rstd", N * 4);
  plan.qkv = add("qkv", N * config.qkvWidth() * element);
  plan.attention = add("attention", N * config.attentionWidth() * element);
  plan.gateUp = add("gate_up", N * 2 * config.intermediateSize * element);
  plan.inner = add("inner", N * config.intermediateSize * element);
  plan.logits = add("logits", options.rows * config.vocabSize * 4);
  const int64_t cache =
      options.rows * places(options) * config.numKeyValueHeads * config.headDim * element;
  for (int64_t layer = 0; layer < config.numHiddenLayers; ++layer) {
    plan.keys.push_back(add("keys", cache));
    plan.values.push_back(add("values", cache));
  }
  plan.memory.place();
  return plan;
}

}  // namespace

struct LlamaInference::Impl {
  const Llama* model;
  Options options;
  InferencePlan plan;
  DeviceMemory arena;
  RopeOnDevice rope;
  int64_t ropeLength = 0;        // sequence length that the table was made for
  std::vector<int32_t> lengths;  // [B]
  std::vector<float> logits;     // of the call that runs, [B, V]

  [[nodiscard]] const LlamaConfig& config() const { return model->config(); }
  [[nodiscard]] const Z2Ops& ops() const { return model->ops(); }
  [[nodiscard]] Blocks blocks() const {
    return {config(), model->layout(), model->buffers(), ops()};
  }
  [[nodiscard]] int64_t element() const {
    return static_cast<int64_t>(sizeOf(model->options().type));
  }
  template <typename T = void>
  [[nodiscard]] T* at(int buffer) const {
    return reinterpret_cast<T*>(
        arena.at(plan.memory.buffers()[static_cast<size_t>(buffer)].offset));
  }

  [[nodiscard]] Result<void> makeRope(int64_t sequenceLength);
  [[nodiscard]] Result<void> upload(std::span<const int32_t> tokens,
                                    std::span<const int32_t> positions);
  // `count` new positions of each of rows [firstRow, firstRow + rows), whose lengths already count
  // them.
  [[nodiscard]] Result<void> run(int64_t firstRow, int64_t rows, int64_t count);
  [[nodiscard]] Result<void> attend(int64_t layer, int64_t firstRow, int64_t rows, int64_t count);
  [[nodiscard]] Result<void> store(int64_t layer, int64_t firstRow, int64_t rows, int64_t count);
  // fp32 logits of `rows` rows of the normed output from `first` on, to the host.
  [[nodiscard]] Result<std::vector<float>> readLogits(int64_t first, int64_t rows);
  [[nodiscard]] Result<void> reserve(int64_t row, int64_t count) const;
};

Result<void> LlamaInference::Impl::makeRope(int64_t sequenceLength) {
  const int64_t effective = std::max(sequenceLength, config().maxPositionEmbeddings);
  if (ropeLength != 0 && (!isRopeDynamic(config()) || ropeLength == effective)) return {};
  const RopeTable table = makeRopeTable(config(), places(options), effective);
  const auto copy = [&](int buffer, const std::vector<float>& values) {
    return checkStatus(
        ops(),
        ops().copyToDevice(ops().context, at(buffer), values.data(), values.size() * sizeof(float)),
        "copying the RoPE table");
  };
  Z2_TRY_VOID(copy(plan.cosine, table.cosine));
  Z2_TRY_VOID(copy(plan.sine, table.sine));
  Z2_TRY_VOID(checkStatus(ops(), ops().synchronize(ops().context), "copying the RoPE table"));
  rope = {
      .cosine = at<float>(plan.cosine), .sine = at<float>(plan.sine), .positions = places(options)};
  ropeLength = effective;
  return {};
}

Result<void> LlamaInference::Impl::reserve(int64_t row, int64_t count) const {
  if (lengths[static_cast<size_t>(row)] + count <= options.capacity) return {};
  return badInput("sequence",
                  fmt::format("{} tokens and {} more do not fit the {} positions reserved",
                              lengths[static_cast<size_t>(row)], count, options.capacity),
                  "Shorten the prompt or the answer.");
}

Result<void> LlamaInference::Impl::upload(std::span<const int32_t> tokens,
                                          std::span<const int32_t> positions) {
  for (const int32_t token : tokens) {
    if (token >= 0 && token < config().vocabSize) continue;
    return badInput("token", fmt::format("{} is outside 0 .. {}", token, config().vocabSize - 1),
                    "Check that the tokenizer belongs to this model.");
  }
  Z2_TRY_VOID(checkStatus(
      ops(), ops().copyToDevice(ops().context, at(plan.tokens), tokens.data(), tokens.size_bytes()),
      "copying tokens"));
  return checkStatus(ops(),
                     ops().copyToDevice(ops().context, at(plan.positions), positions.data(),
                                        positions.size_bytes()),
                     "copying positions");
}

Result<void> LlamaInference::Impl::store(int64_t layer, int64_t firstRow, int64_t rows,
                                         int64_t count) {
  const int64_t width = config().numKeyValueHeads * config().headDim * element();
  const int64_t stride = config().qkvWidth() * element();
  const int64_t queries = config().attentionWidth() * element();
  const auto index = static_cast<size_t>(layer);
  for (int64_t i = 0; i < rows * count; ++i) {
    const int64_t row = firstRow + i / count;
    const int64_t position = lengths[static_cast<size_t>(row)] - count + i % count;
    const std::byte* const keys = at<std::byte>(plan.qkv) + i * stride + queries;
    const int64_t to = (row * places(options) + position) * width;
    Z2_TRY_VOID(checkStatus(ops(),
                            ops().copyOnDevice(ops().context, at<std::byte>(plan.keys[index]) + to,
                                               keys, static_cast<size_t>(width)),
                            "storing keys"));
    Z2_TRY_VOID(
        checkStatus(ops(),
                    ops().copyOnDevice(ops().context, at<std::byte>(plan.values[index]) + to,
                                       keys + width, static_cast<size_t>(width)),
                    "storing values"));
  }
  return {};
}

Result<void> LlamaInference::Impl::attend(int64_t layer, int64_t firstRow, int64_t rows,
                                          int64_t count) {
  const int64_t cached = places(options) * config().numKeyValueHeads * config().headDim;
  const int64_t skip = firstRow * cached * element();
  const auto index = static_cast<size_t>(layer);
  return call<&Z2Ops::attentionCached>(
      ops(),
      Z2AttentionCached{.out = at(plan.attention),
                        .q = at(plan.qkv),
                        .keys = at<std::byte>(plan.keys[index]) + skip,
                        .values = at<std::byte>(plan.values[index]) + skip,
                        .length = lengths.data() + firstRow,
                        .B = rows,
                        .T = count,
                        .Hq = config().numAttentionHeads,
                        .Hkv = config().numKeyValueHeads,
                        .D = config().headDim,
                        .capacity = places(options),
                        .qStride = config().qkvWidth(),
                        .scale = 1.0f / std::sqrt(static_cast<float>(config().headDim)),
                        .type = static_cast<Z2DType>(model->options().type)},
      "attention");
}

Result<void> LlamaInference::Impl::run(int64_t firstRow, int64_t rows, int64_t count) {
  const int64_t N = rows * count;
  const Blocks block = blocks();
  NormBuffers norm = {
      .out = at(plan.normed), .rstd = at<float>(plan.rstd), .residualIn = at(plan.residual)};
  Z2_TRY_VOID(block.embed(at(plan.residual), at<int32_t>(plan.tokens), N));
  for (int64_t layer = 0; layer < config().numHiddenLayers; ++layer) {
    Z2_TRY_VOID(block.norm(norm, ParameterKind::kAttentionNorm, layer, N));
    // From the second norm on, there is something to be added to the residual stream.
    norm.residualOut = at(plan.residual);
    norm.delta = at(plan.delta);
    Z2_TRY_VOID(block.projectQkv(at(plan.qkv), at(plan.normed), at<int32_t>(plan.positions), rope,
                                 layer, N));
    Z2_TRY_VOID(store(layer, firstRow, rows, count));
    Z2_TRY_VOID(attend(layer, firstRow, rows, count));
    Z2_TRY_VOID(block.projectOutput(at(plan.delta), at(plan.attention), layer, N));
    Z2_TRY_VOID(block.norm(norm, ParameterKind::kMlpNorm, layer, N));
    Z2_TRY_VOID(
        block.mlp(at(plan.delta), at(plan.gateUp), at(plan.inner), at(plan.normed), layer, N));
  }
  return block.norm(norm, ParameterKind::kFinalNorm, -1, N);
}

Result<std::vector<float>> LlamaInference::Impl::readLogits(int64_t first, int64_t rows) {
  const std::byte* const x = at<std::byte>(plan.normed) + first * config().hiddenSize * element();
  Z2_TRY_VOID(blocks().logits(at(plan.logits), x, rows, Z2_F32));
  std::vector<float> values(static_cast<size_t>(rows * config().vocabSize));
  Z2_TRY_VOID(checkStatus(ops(),
                          ops().copyToHost(ops().context, values.data(), at(plan.logits),
                                           values.size() * sizeof(float)),
                          "reading logits"));
  return values;
}

LlamaInference::LlamaInference(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LlamaInference::LlamaInference(LlamaInference&&) noexcept = default;
LlamaInference& LlamaInference::operator=(LlamaInference&&) noexcept = default;
LlamaInference::~LlamaInference() = default;

int64_t LlamaInference::capacity() const { return impl_->options.capacity; }
int64_t LlamaInference::length(int64_t row) const {
  return impl_->lengths[static_cast<size_t>(row)];
}

void LlamaInference::truncate(int64_t row, int64_t length) {
  Z2_CHECK(length >= 0 && length <= this->length(row));
  impl_->lengths[static_cast<size_t>(row)] = static_cast<int32_t>(length);
}

Result<LlamaInference> LlamaInference::create(const Llama& model, const Options& options) {
  Z2_CHECK(options.rows > 0 && options.capacity > 0 && options.prefillChunk > 0);
  auto impl = std::make_unique<Impl>();
  impl->model = &model;
  impl->options = options;
  impl->options.prefillChunk = std::min(options.prefillChunk, options.capacity);
  impl->lengths.resize(static_cast<size_t>(options.rows));
  impl->plan = planInference(model, options, std::max(options.rows, impl->options.prefillChunk));
  Z2_TRY(impl->arena, DeviceMemory::allocate(model.ops(), impl->plan.memory.totalBytes()));
  Z2_TRY_VOID(impl->makeRope(1));
  return LlamaInference(std::move(impl));
}

Result<std::vector<float>> LlamaInference::prefill(int64_t row, std::span<const int32_t> tokens) {
  Z2_CHECK(row >= 0 && row < impl_->options.rows);
  if (tokens.empty()) return badInput("prompt", "it is empty", "Give at least one token.");
  Z2_TRY_VOID(impl_->reserve(row, static_cast<int64_t>(tokens.size())));
  int32_t& length = impl_->lengths[static_cast<size_t>(row)];
  Z2_TRY_VOID(impl_->makeRope(length + static_cast<int64_t>(tokens.size())));
  int64_t count = 0;
  for (size_t begin = 0; begin < tokens.size(); begin += static_cast<size_t>(count)) {
    count = std::min(impl_->options.prefillChunk, static_cast<int64_t>(tokens.size() - begin));
    std::vector<int32_t> positions(static_cast<size_t>(count));
    for (int32_t& position : positions) position = length++;
    Z2_TRY_VOID(impl_->upload(tokens.subspan(begin, static_cast<size_t>(count)), positions));
    Z2_TRY_VOID(impl_->run(row, 1, count));
  }
  return impl_->readLogits(count - 1, 1);
}

Result<std::vector<float>> LlamaInference::decode(std::span<const int32_t> tokens) {
  const auto rows = static_cast<int64_t>(tokens.size());
  Z2_CHECK(rows > 0 && rows <= impl_->options.rows);
  // A resting row takes part with a token that is forgotten again.
  std::vector<int32_t> filled(tokens.begin(), tokens.end());
  std::vector<int32_t> positions(tokens.size());
  const std::vector<int32_t> before = impl_->lengths;
  int64_t longest = 1;
  for (size_t row = 0; row < tokens.size(); ++row) {
    if (tokens[row] >= 0) {
      Z2_TRY_VOID(impl_->reserve(static_cast<int64_t>(row), 1));
    } else {
      filled[row] = 0;
    }
    positions[row] = impl_->lengths[row];
    longest = std::max<int64_t>(longest, impl_->lengths[row] + 1);
  }
  Z2_TRY_VOID(impl_->makeRope(longest));
  Z2_TRY_VOID(impl_->upload(filled, positions));
  for (size_t row = 0; row < tokens.size(); ++row) ++impl_->lengths[row];
  Z2_TRY_VOID(impl_->run(0, rows, 1));
  Z2_TRY(std::vector<float> logits, impl_->readLogits(0, rows));
  for (size_t row = 0; row < tokens.size(); ++row) {
    impl_->lengths[row] = before[row] + (tokens[row] >= 0 ? 1 : 0);
  }
  return logits;
}

}  // namespace z2
