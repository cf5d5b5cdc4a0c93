#include "core/train/reference_log_probs.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "core/base/progress.h"
#include "core/data/data_mixture.h"
#include "core/io/checksum.h"
#include "core/io/safetensors.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr const char* kTensor = "log_probs";

std::string fileName(const std::string& key) { return "reference-" + key + ".safetensors"; }

// Of the file when it is whole and of that many pairs.
std::optional<std::vector<float>> read(const fs::path& path, uint64_t pairs) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::nullopt;
  const auto file = SafetensorsFile::open(path);
  if (!file) return std::nullopt;
  const SafetensorsEntry* const entry = file->find(kTensor);
  if (entry == nullptr || entry->type != StoredType::kF32 ||
      entry->shape != std::vector<uint64_t>{pairs, 2})
    return std::nullopt;
  const std::span<const std::byte> bytes = file->bytes(*entry);
  const auto sum = file->metadata().find("xxh3");
  if (sum == file->metadata().end() || sum->second != checksumOf(bytes)) return std::nullopt;
  std::vector<float> values(2 * pairs);
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

// RUN's own file, or one of a run beside it.
std::optional<std::vector<float>> find(const fs::path& run, const std::string& key,
                                       uint64_t pairs) {
  if (auto own = read(run / fileName(key), pairs)) return own;
  std::error_code failure;
  const fs::path absolute = fs::absolute(run, failure).lexically_normal();
  const fs::path parent =
      (absolute.has_filename() ? absolute : absolute.parent_path()).parent_path();
  for (fs::directory_iterator entry(parent, failure), end; !failure && entry != end;
       entry.increment(failure))
    if (auto other = read(entry->path() / fileName(key), pairs)) return other;
  return std::nullopt;
}

Result<void> write(const fs::path& path, const std::vector<float>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  const TensorView view{kTensor, DType::kF32, {static_cast<int64_t>(values.size() / 2), 2}, bytes};
  fs::path temporary = path;
  temporary += ".part";
  std::error_code failure;
  fs::remove(temporary, failure);
  Z2_TRY_VOID(writeSafetensors(temporary, std::span(&view, 1), {{"xxh3", checksumOf(bytes)}}));
  fs::rename(temporary, path, failure);
  if (failure) return systemError(failure.value(), "keeping", path.native());
  return {};
}

Result<std::vector<float>> compute(DpoSampler& sampler, Llama& model,
                                   const std::function<void()>& onBatch) {
  std::vector<float> values(2 * sampler.pairs(), std::numeric_limits<float>::quiet_NaN());
  const auto atOnce = static_cast<uint64_t>(std::max<int64_t>(1, model.options().rows / 2));
  PreferenceBatch batch;
  for (uint64_t group = 0; group < sampler.groupsPerEpoch(); group += atOnce) {
    if (stopRequested()) return interrupted("the reference's log probabilities were not finished");
    const uint64_t groups = std::min(atOnce, sampler.groupsPerEpoch() - group);
    Z2_TRY_VOID(sampler.read(group, static_cast<int64_t>(groups), batch));
    Z2_TRY(const std::vector<float> logProbs, model.targetLogProbs(batch.batch));
    std::vector<double> sums(2 * batch.pairs.size(), 0.0);
    for (size_t i = 0; i < logProbs.size(); ++i)
      if (batch.sequence[i] >= 0)
        sums[static_cast<size_t>(batch.sequence[i])] += static_cast<double>(logProbs[i]);
    for (size_t k = 0; k < sums.size(); ++k)
      values[2 * batch.pairs[k / 2] + k % 2] = static_cast<float>(sums[k]);
    onBatch();
  }
  return values;
}

}  // namespace

Result<ReferenceLogProbs> referenceLogProbs(const ReferenceRequest& request,
                                            const std::function<Result<Llama*>()>& load,
                                            const std::function<void()>& onBatch,
                                            ReferenceReport& report) {
  Z2_TRY(const std::vector<WeightedPrefix> prefixes, parseMixture(request.data.data));
  std::vector<float> all;
  for (const WeightedPrefix& one : prefixes) {
    DpoSamplerOptions options = request.data;
    options.data = one.prefix;
    options.shuffle = false;
    Z2_TRY(DpoSampler sampler, DpoSampler::open(options));
    const std::string key =
        checksumOf("reference 1 " + request.model + " " + sampler.dataFingerprint());
    auto values = find(request.run, key, sampler.pairs());
    ++(values ? report.found : report.computed);
    if (!values) {
      Z2_TRY(Llama* const model, load());
      Z2_TRY(values, compute(sampler, *model, onBatch));
    }
    std::error_code ignored;
    if (!fs::exists(request.run / fileName(key), ignored))
      Z2_TRY_VOID(write(request.run / fileName(key), *values));
    all.insert(all.end(), values->begin(), values->end());
  }
  return ReferenceLogProbs(std::move(all));
}

}  // namespace z2
