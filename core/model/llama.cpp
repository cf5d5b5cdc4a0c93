#include "core/model/llama.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "core/base/check.h"
#include "core/model/initialise.h"
#include "core/model/llama_impl.h"

namespace z2 {

namespace {

// Elements made on the host at once: enough to share among threads, little memory.
constexpr int64_t kInitialChunk = int64_t{1} << 22;

// The same numbers, whatever the number of threads.
void fillNormalByThreads(std::span<float> out, int64_t first, float deviation, uint64_t seed,
                         std::string_view name) {
  const size_t threads = std::clamp<size_t>(std::thread::hardware_concurrency(), 1, 64);
  const size_t share = out.size() / threads / 4 * 4 + 4;
  std::vector<std::jthread> workers;
  for (size_t begin = 0; begin < out.size(); begin += share) {
    const std::span<float> part = out.subspan(begin, std::min(share, out.size() - begin));
    workers.emplace_back(
        [=] { fillNormal(part, static_cast<uint64_t>(first) + begin, deviation, seed, name); });
  }
}

}  // namespace

Llama::Llama(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Llama::Llama(Llama&&) noexcept = default;
Llama& Llama::operator=(Llama&&) noexcept = default;
Llama::~Llama() = default;

const LlamaConfig& Llama::config() const { return impl_->config; }
const LlamaOptions& Llama::options() const { return impl_->options; }
const ParameterLayout& Llama::layout() const { return impl_->layout; }
const MemoryPlan& Llama::memory() const { return impl_->plan.memory; }
const FlatBuffers& Llama::buffers() const { return impl_->buffers; }
const AdapterLayout& Llama::adapterLayout() const { return impl_->adapterLayout; }
const FlatBuffers& Llama::adapters() const { return impl_->adapters; }
const FlatBuffers& Llama::trained() const {
  return impl_->isFrozen() ? impl_->adapters : impl_->buffers;
}
int64_t Llama::trainedDecayEnd() const {
  return impl_->isFrozen() ? impl_->adapters.size : impl_->layout.decayEnd();
}
const Z2Ops& Llama::ops() const { return *impl_->ops; }
void Llama::setBucketHook(BucketHook hook) { impl_->bucketHook = std::move(hook); }

Result<Llama> Llama::create(const LlamaConfig& config, const LlamaOptions& options,
                            const Z2Ops& ops) {
  Z2_TRY_VOID(config.validate());
  Z2_CHECK(options.rows > 0 && options.columns > 0);
  Z2_CHECK(!options.usesFp8 || options.type != DType::kF32);
  if (options.usesFp8) Z2_TRY_VOID(Fp8Linear::check(config, options.rows * options.columns));
  if (ops.version != Z2_OPS_VERSION || ops.size < sizeof(Z2Ops)) {
    return environmentError(
        "table of operations",
        fmt::format("its version is {}, this program needs {}", ops.version, Z2_OPS_VERSION),
        "Use the plug-in that came with this program.");
  }
  auto impl = std::make_unique<Impl>(config, options, ops);
  Z2_TRY_VOID(impl->allocate());
  return Llama(std::move(impl));
}

Result<void> Llama::Impl::allocate() {
  Z2_TRY(arena, DeviceMemory::allocate(*ops, plan.memory.totalBytes()));
  buffers = {.master = at<float>(plan.master),
             .weights = plan.weights >= 0 ? at(plan.weights) : at(plan.master),
             .gradients = at<float>(plan.gradients),
             .m = at<float>(plan.m),
             .v = at<float>(plan.v),
             .size = layout.size(),
             .type = options.type};
  adapters = {
      .master = at<float>(plan.adapterMaster),
      .weights = plan.adapterWeights >= 0 ? at(plan.adapterWeights) : at(plan.adapterMaster),
      .gradients = at<float>(plan.adapterGradients),
      .m = at<float>(plan.adapterM),
      .v = at<float>(plan.adapterV),
      .size = adapterLayout.size(),
      .type = options.type};
  batch.tokens = at<int32_t>(plan.tokens);
  batch.targets = at<int32_t>(plan.targets);
  batch.positions = at<int32_t>(plan.positions);
  batch.documentStart = at<int32_t>(plan.documentStart);
  lossSizes.resize(static_cast<size_t>(kLossSlots));
  if (options.usesFp8) {
    fp8 = Fp8Linear(*ops, type(), config,
                    {.codes = at(plan.codes),
                     .transposedNarrow = at(plan.transposedNarrow),
                     .transposedWide = at(plan.transposedWide),
                     .input = at(plan.input),
                     .weights = at(plan.weights8),
                     .weightsTransposed = at(plan.weights8Transposed),
                     .scales = at(plan.scales)});
  }
  return {};
}

Result<void> Llama::initialise(uint64_t seed) {
  const LlamaConfig& config = impl_->config;
  const auto layers = static_cast<double>(config.numHiddenLayers);
  std::vector<float> values;
  for (const HfTensor& tensor : layout().hfTensors()) {
    const Parameter& parameter = layout().parameters()[static_cast<size_t>(tensor.parameter)];
    const bool writesResidual =
        parameter.kind == ParameterKind::kOutput || parameter.kind == ParameterKind::kDown;
    const double deviation =
        config.initializerRange / (writesResidual ? std::sqrt(2.0 * layers) : 1.0);
    const bool isBias =
        parameter.kind == ParameterKind::kQkvBias || parameter.kind == ParameterKind::kOutputBias;
    for (int64_t begin = 0; begin < tensor.size; begin += kInitialChunk) {
      values.assign(static_cast<size_t>(std::min(kInitialChunk, tensor.size - begin)),
                    isBias ? 0.0f : 1.0f);
      if (parameter.isMatrix()) {
        fillNormalByThreads(values, begin, static_cast<float>(deviation), seed, tensor.name);
      }
      // It waits: `values` is filled again in the next round.
      Z2_TRY_VOID(impl_->writeWeights(tensor.offset + begin, values));
    }
  }
  return refreshWeights();
}

Result<void> Llama::refreshWeights() {
  for (const FlatBuffers* flat : {&buffers(), &adapters()}) {
    if (flat->master == nullptr || !flat->hasOwnWeights()) continue;
    Z2_TRY_VOID(call<&Z2Ops::convert>(ops(),
                                      Z2Convert{.out = flat->weights,
                                                .in = flat->master,
                                                .n = flat->size,
                                                .outType = impl_->type(),
                                                .inType = Z2_F32},
                                      "rounding weights"));
  }
  return {};
}

Result<void> Llama::writeTensor(const HfTensor& tensor, std::span<const float> values) {
  Z2_CHECK(static_cast<int64_t>(values.size()) == tensor.size);
  Z2_TRY_VOID(impl_->writeWeights(tensor.offset, values));
  if (!buffers().hasOwnWeights() || buffers().master == nullptr) return {};
  // The whole parameter, because a tensor's own beginning need not be aligned.
  const Parameter& parameter = layout().parameters()[static_cast<size_t>(tensor.parameter)];
  const auto element = static_cast<int64_t>(sizeOf(buffers().type));
  return call<&Z2Ops::convert>(
      ops(),
      Z2Convert{.out = static_cast<std::byte*>(buffers().weights) + parameter.offset * element,
                .in = buffers().master + parameter.offset,
                .n = parameter.size(),
                .outType = impl_->type(),
                .inType = Z2_F32},
      "rounding a weight");
}

Result<void> Llama::readTensor(const HfTensor& tensor, std::span<float> values) const {
  Z2_CHECK(static_cast<int64_t>(values.size()) == tensor.size);
  return impl_->readWeights(tensor.offset, values);
}

Result<void> Llama::readGradient(const HfTensor& tensor, std::span<float> values) const {
  Z2_CHECK(static_cast<int64_t>(values.size()) == tensor.size && buffers().gradients != nullptr);
  return checkStatus(ops(),
                     ops().copyToHost(ops().context, values.data(),
                                      buffers().gradients + tensor.offset, values.size_bytes()),
                     "reading a gradient");
}

Result<void> Llama::zeroGradients() {
  return checkStatus(ops(),
                     ops().fillZero(ops().context, trained().gradients,
                                    static_cast<size_t>(trained().size) * sizeof(float)),
                     "clearing gradients");
}

Result<void> Llama::forwardBackward(const Batch& batch, const MicroStep& step) {
  Z2_CHECK(impl_->options.isTrained, "the model was made without gradients");
  if (impl_->options.usesFp8) Z2_TRY_VOID(Fp8Linear::check(config(), batch.rows * batch.columns));
  if (impl_->lossSlot == kLossSlots) Z2_TRY_VOID(impl_->drainLosses());
  if (!step.hasSameWeights) Z2_TRY_VOID(impl_->quantiseWeights());
  Z2_TRY_VOID(impl_->begin(batch));
  impl_->isDropping = true;
  impl_->microStep = step.number;
  const int64_t slot = impl_->lossSlot;
  float* const losses =
      impl_->at<float>(impl_->plan.lossRows) + slot * impl_->options.rows * impl_->options.columns;
  Z2_TRY_VOID(impl_->pass(losses, step.gradScale));
  impl_->lossSizes[static_cast<size_t>(slot)] = batch.rows * batch.columns;
  ++impl_->lossSlot;
  return {};
}

Result<void> Llama::forwardBackward(const Batch& batch, const MicroStep& step,
                                    const TargetWeigher& weigh) {
  Z2_CHECK(impl_->options.isTrained, "the model was made without gradients");
  if (impl_->options.usesFp8) Z2_TRY_VOID(Fp8Linear::check(config(), batch.rows * batch.columns));
  if (!step.hasSameWeights) Z2_TRY_VOID(impl_->quantiseWeights());
  Z2_TRY_VOID(impl_->begin(batch));
  impl_->isDropping = true;
  impl_->microStep = step.number;
  float* const losses = impl_->at<float>(impl_->plan.evaluated);
  Z2_TRY_VOID(impl_->forward());
  Z2_TRY_VOID(impl_->head(losses, nullptr));
  Z2_TRY_VOID(impl_->weighTargets(weigh));
  const Impl::HeadGradient gradient = {.scale = step.gradScale,
                                       .weights = impl_->at<float>(impl_->plan.lossWeights)};
  Z2_TRY_VOID(impl_->head(losses, &gradient));
  return impl_->backward();
}

Result<void> Llama::Impl::pass(float* losses, float gradScale) {
  const auto work = [&](float* to) -> Result<void> {
    Z2_TRY_VOID(forward());
    const HeadGradient gradient = {.scale = gradScale};
    Z2_TRY_VOID(head(to, &gradient));
    return backward();
  };
  if (bucketHook || !recording.isOn()) return work(losses);
  // A recorded pass writes to one place.
  float* const place = at<float>(plan.evaluated);
  const Recording::Key key = {.rows = batch.rows,
                              .columns = batch.columns,
                              .hasDocuments = batch.hasDocuments,
                              .gradScale = gradScale};
  Z2_TRY_VOID(recording.run(key, [&] { return work(place); }));
  return checkStatus(*ops,
                     ops->copyOnDevice(ops->context, losses, place,
                                       static_cast<size_t>(batch.size()) * sizeof(float)),
                     "keeping losses");
}

Result<double> Llama::takeLossSum() {
  Z2_TRY_VOID(impl_->drainLosses());
  return std::exchange(impl_->lossSum, 0.0);
}

Result<void> Llama::Impl::quantiseWeights() const {
  if (!options.usesFp8) return {};
  for (int64_t index = 0; index < config.numHiddenLayers; ++index)
    for (const ParameterKind kind : Fp8Linear::kKinds)
      Z2_TRY_VOID(fp8.quantiseWeight(blocks().product(kind, index, 0)));
  return {};
}

Result<void> Llama::Impl::lossesOf(const Batch& ofBatch, std::optional<uint64_t> dropout) {
  Z2_TRY_VOID(quantiseWeights());
  Z2_TRY_VOID(begin(ofBatch));
  isDropping = dropout.has_value();
  microStep = dropout.value_or(0);
  Z2_TRY_VOID(forward());
  return head(at<float>(plan.evaluated), nullptr);
}

Result<double> Llama::evaluate(const Batch& batch) {
  Z2_TRY_VOID(impl_->lossesOf(batch, {}));
  return impl_->sumLosses(impl_->at<float>(impl_->plan.evaluated), batch.rows * batch.columns);
}

Result<std::vector<float>> Llama::targetLogProbs(const Batch& batch,
                                                 std::optional<uint64_t> dropout) {
  Z2_TRY_VOID(impl_->lossesOf(batch, dropout));
  std::vector<float> values(static_cast<size_t>(batch.rows * batch.columns));
  Z2_TRY_VOID(
      checkStatus(ops(),
                  ops().copyToHost(ops().context, values.data(), impl_->at(impl_->plan.evaluated),
                                   values.size() * sizeof(float)),
                  "reading log probabilities"));
  for (float& value : values) value = 0.0f - value;
  return values;
}

Result<std::vector<float>> Llama::logitsAt(int64_t row, int64_t column) {
  const DeviceBatch& batch = impl_->batch;
  Z2_CHECK(row >= 0 && row < batch.rows && column >= 0 && column < batch.columns);
  const int64_t rowBytes =
      impl_->config.hiddenSize * static_cast<int64_t>(sizeOf(impl_->options.type));
  const std::byte* const x =
      impl_->at<std::byte>(impl_->plan.finalNorm) + (row * batch.columns + column) * rowBytes;
  void* const device = impl_->at(impl_->plan.rowLogits);
  Z2_TRY_VOID(impl_->blocks().logits(device, x, 1, Z2_F32));
  std::vector<float> logits(static_cast<size_t>(impl_->config.vocabSize));
  Z2_TRY_VOID(checkStatus(
      ops(), ops().copyToHost(ops().context, logits.data(), device, logits.size() * sizeof(float)),
      "reading logits"));
  return logits;
}

}  // namespace z2
