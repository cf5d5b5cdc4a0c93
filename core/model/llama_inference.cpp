#include "core/model/llama_inference.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "core/base/check.h"
#include "core/model/blocks.h"
#include "core/model/inference_plan.h"
#include "core/model/inference_step.h"
#include "core/model/operations.h"
#include "core/model/recording.h"
#include "core/model/rope_table.h"

namespace z2 {

struct LlamaInference::Impl {
  const Llama* model;
  Options options;
  InferencePlan plan;
  DeviceMemory arena;
  RopeOnDevice rope;
  int64_t ropeLength = 0;        // sequence length that the table was made for
  std::vector<int32_t> lengths;  // [B]
  // Of steps over the first so many rows: [0] gives logits, [1] tokens.
  std::map<int64_t, std::array<std::unique_ptr<Recording>, 2>> recordings;

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
  // `count` new positions of a row, whose length already counts them.
  [[nodiscard]] Result<void> run(int64_t row, int64_t count);
  [[nodiscard]] Result<void> attend(int64_t layer, int64_t row, int64_t count);
  [[nodiscard]] Result<void> store(int64_t layer, int64_t row, int64_t count);
  // A step over the first `rows` rows, whose tokens and positions are on the device.
  [[nodiscard]] Result<void> step(int64_t rows, bool isGreedy);
  // Tokens [rows] and where they go; a negative one is a row that rests and takes part with a token
  // that is forgotten again. Refuses what has no place for `count` more.
  [[nodiscard]] Result<void> begin(std::span<const int32_t> tokens, int64_t count);
  // Rows that took part are `count` positions longer.
  void grow(std::span<const int32_t> tokens, int64_t count);
  // fp32 logits [rows, V], to the host.
  [[nodiscard]] Result<std::vector<float>> readLogits(int64_t rows) const;
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

Result<void> LlamaInference::Impl::store(int64_t layer, int64_t row, int64_t count) {
  const int64_t width = config().numKeyValueHeads * config().headDim;
  const int64_t position = lengths[static_cast<size_t>(row)] - count;
  const int64_t to = (row * places(options) + position) * width * element();
  const auto index = static_cast<size_t>(layer);
  const std::byte* from = at<std::byte>(plan.qkv) + config().attentionWidth() * element();
  for (const int cache : {plan.keys[index], plan.values[index]}) {
    Z2_TRY_VOID(call<&Z2Ops::copyBlock>(ops(),
                                        Z2CopyBlock{.out = at<std::byte>(cache) + to,
                                                    .in = from,
                                                    .M = count,
                                                    .N = width,
                                                    .outStride = width,
                                                    .inStride = config().qkvWidth(),
                                                    .scale = 1,
                                                    .accumulate = 0,
                                                    .outType = blocks().type(),
                                                    .inType = blocks().type()},
                                        "storing keys and values"));
    from += width * element();
  }
  return {};
}

Result<void> LlamaInference::Impl::attend(int64_t layer, int64_t row, int64_t count) {
  const int64_t cached = places(options) * config().numKeyValueHeads * config().headDim;
  const int64_t skip = row * cached * element();
  const auto index = static_cast<size_t>(layer);
  return call<&Z2Ops::attentionCached>(
      ops(),
      Z2AttentionCached{.out = at(plan.attention),
                        .q = at(plan.qkv),
                        .keys = at<std::byte>(plan.keys[index]) + skip,
                        .values = at<std::byte>(plan.values[index]) + skip,
                        .length = lengths.data() + row,
                        .B = 1,
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

Result<void> LlamaInference::Impl::run(int64_t row, int64_t count) {
  const int64_t N = count;
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
    Z2_TRY_VOID(store(layer, row, count));
    Z2_TRY_VOID(attend(layer, row, count));
    Z2_TRY_VOID(block.projectOutput(at(plan.delta), at(plan.attention), layer, N));
    Z2_TRY_VOID(block.norm(norm, ParameterKind::kMlpNorm, layer, N));
    Z2_TRY_VOID(block.projectGateUp(at(plan.gateUp), at(plan.normed), layer, N));
    Z2_TRY_VOID(block.projectDown(at(plan.delta), at(plan.inner), at(plan.gateUp), layer, N));
  }
  return block.norm(norm, ParameterKind::kFinalNorm, -1, N);
}

Result<void> LlamaInference::Impl::step(int64_t rows, bool isGreedy) {
  StepBuffers buffers = {.tokens = at<int32_t>(plan.tokens),
                         .positions = at<int32_t>(plan.positions),
                         .logits = at<float>(plan.logits),
                         .chosen = at<int32_t>(plan.chosen),
                         .keys = {},
                         .values = {},
                         .capacity = places(options),
                         .rope = rope,
                         .workspace = at(plan.stepWorkspace)};
  for (const int cache : plan.keys) buffers.keys.push_back(at(cache));
  for (const int cache : plan.values) buffers.values.push_back(at(cache));
  const InferenceStep step(config(), blocks(), ops(), std::move(buffers));
  std::unique_ptr<Recording>& recording = recordings[rows][isGreedy ? 1 : 0];
  if (recording == nullptr) recording = std::make_unique<Recording>(ops(), true);
  return recording->run({.rows = rows},
                        [&] { return isGreedy ? step.runGreedy(rows) : step.run(rows); });
}

Result<void> LlamaInference::Impl::begin(std::span<const int32_t> tokens, int64_t count) {
  std::vector<int32_t> filled(tokens.begin(), tokens.end());
  std::vector<int32_t> positions(tokens.size());
  int64_t longest = 1;
  for (size_t row = 0; row < tokens.size(); ++row) {
    if (tokens[row] >= 0) {
      Z2_TRY_VOID(reserve(static_cast<int64_t>(row), count));
    } else {
      filled[row] = 0;
    }
    positions[row] = lengths[row];
    longest = std::max<int64_t>(longest, lengths[row] + 1);
  }
  Z2_TRY_VOID(makeRope(longest));
  return upload(filled, positions);
}

void LlamaInference::Impl::grow(std::span<const int32_t> tokens, int64_t count) {
  for (size_t row = 0; row < tokens.size(); ++row)
    if (tokens[row] >= 0) lengths[row] += static_cast<int32_t>(count);
}

Result<std::vector<float>> LlamaInference::Impl::readLogits(int64_t rows) const {
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
    Z2_TRY_VOID(impl_->run(row, count));
  }
  const std::byte* const last = impl_->at<std::byte>(impl_->plan.normed) +
                                (count - 1) * impl_->config().hiddenSize * impl_->element();
  Z2_TRY_VOID(impl_->blocks().logits(impl_->at(impl_->plan.logits), last, 1, Z2_F32));
  return impl_->readLogits(1);
}

Result<std::vector<float>> LlamaInference::decode(std::span<const int32_t> tokens) {
  const auto rows = static_cast<int64_t>(tokens.size());
  Z2_CHECK(rows > 0 && rows <= impl_->options.rows);
  Z2_TRY_VOID(impl_->begin(tokens, 1));
  Z2_TRY_VOID(impl_->step(rows, false));
  Z2_TRY(std::vector<float> logits, impl_->readLogits(rows));
  impl_->grow(tokens, 1);
  return logits;
}

int64_t LlamaInference::stepsAhead() const {
  Z2DeviceInfo info = {};
  const Z2Ops& ops = impl_->ops();
  const bool works = ops.deviceInfo(ops.context, &info) == Z2_OK && info.canRecord != 0;
  return works && !isRopeDynamic(impl_->config()) ? kStepsAhead : 1;
}

Result<std::vector<int32_t>> LlamaInference::decodeGreedy(std::span<const int32_t> tokens,
                                                          int64_t steps) {
  const auto rows = static_cast<int64_t>(tokens.size());
  Z2_CHECK(rows > 0 && rows <= impl_->options.rows && steps > 0 && steps <= kStepsAhead);
  Z2_CHECK(steps == 1 || std::ranges::all_of(tokens, [](int32_t token) { return token >= 0; }));
  Z2_TRY_VOID(impl_->begin(tokens, steps));
  const Z2Ops& ops = impl_->ops();
  const size_t bytes = tokens.size_bytes();
  for (int64_t i = 0; i < steps; ++i) {
    Z2_TRY_VOID(impl_->step(rows, true));
    Z2_TRY_VOID(checkStatus(
        ops,
        ops.copyOnDevice(ops.context, impl_->at<int32_t>(impl_->plan.history) + i * rows,
                         impl_->at(impl_->plan.chosen), bytes),
        "keeping tokens"));
  }
  std::vector<int32_t> chosen(static_cast<size_t>(steps * rows));
  Z2_TRY_VOID(checkStatus(ops,
                          ops.copyToHost(ops.context, chosen.data(), impl_->at(impl_->plan.history),
                                         chosen.size() * sizeof(int32_t)),
                          "reading tokens"));
  impl_->grow(tokens, steps);
  return chosen;
}

}  // namespace z2
