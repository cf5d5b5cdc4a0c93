#include "core/data/sft_sampler.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/check.h"
#include "core/data/packed_rows.h"
#include "core/data/packed_set.h"
#include "core/io/checksum.h"

namespace z2 {

namespace {

// Of a document, what a row can hold.
uint64_t seenTokens(const TokenFile& file, uint64_t document, int64_t columns) {
  return std::min(file.index().documentTokens(document), static_cast<uint64_t>(columns) + 1);
}

Result<PackedSet> openSet(const std::string& prefix, const SftSamplerOptions& options) {
  Z2_TRY(SampledFile source, openSampledFile(prefix, "sft", options.vocabSize));
  const TokenIndex& index = source.file.index();
  PackingReport report;
  report.documents = index.documents();
  std::vector<PackUnit> units;
  for (uint64_t document = 0; document < index.documents(); ++document) {
    const uint64_t seen = seenTokens(source.file, document, options.sequenceLength);
    uint64_t trained = 0;
    if (seen >= 2)
      for (const uint8_t byte : source.file.mask(index.documentStart(document) + 1, seen - 1))
        trained += byte != 0 ? 1 : 0;
    if (trained == 0) {
      ++report.leftOut;
      continue;
    }
    report.cut += seen < index.documentTokens(document) ? 1 : 0;
    report.trainedTokens += trained;
    units.push_back({document, static_cast<int32_t>(seen - 1), 0});
  }
  if (units.empty())
    return badInput(prefix,
                    fmt::format("no sample has a trained token within data.seq_len = {}",
                                options.sequenceLength),
                    "Look at it with z2all data inspect --sample 0, or raise data.seq_len");
  Packing packing(std::move(units),
                  {.columns = options.sequenceLength, .rows = 1, .isPacked = options.isPacked});
  report.rows = packing.bins();
  report.columns = report.rows * static_cast<uint64_t>(options.sequenceLength);
  report.usedColumns = packing.usedColumns();
  return PackedSet{std::move(source), report, std::move(packing)};
}

}  // namespace

struct SftSampler::Impl {
  SftSamplerOptions options;
  PackedMixture mixture;
  std::vector<Packing::Placed> placed;
  std::vector<int32_t> ids;
};

SftSampler::SftSampler(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SftSampler::SftSampler(SftSampler&&) noexcept = default;
SftSampler& SftSampler::operator=(SftSampler&&) noexcept = default;
SftSampler::~SftSampler() = default;

Result<SftSampler> SftSampler::open(const SftSamplerOptions& options) {
  Z2_CHECK(options.sequenceLength > 0 && options.vocabSize > 0);
  Z2_TRY(const std::vector<WeightedPrefix> prefixes, parseMixture(options.data));
  std::vector<PackedSet> sets;
  std::vector<double> weights;
  for (const WeightedPrefix& one : prefixes) {
    Z2_TRY(PackedSet set, openSet(one.prefix, options));
    sets.push_back(std::move(set));
    weights.push_back(one.weight);
  }
  PackedMixture mixture(std::move(sets), std::move(weights), options.seed, options.shuffle);
  return SftSampler(std::make_unique<Impl>(Impl{options, std::move(mixture), {}, {}}));
}

Result<void> SftSampler::read(uint64_t index, int64_t rows, Batch& out) {
  const SftSamplerOptions& options = impl_->options;
  PackedRows packed(out, rows, options.sequenceLength);
  for (int64_t row = 0; row < rows; ++row) {
    const size_t set = impl_->mixture.find(index + static_cast<uint64_t>(row), impl_->placed);
    const TokenFile& file = impl_->mixture.sets()[set].source.file;
    for (const Packing::Placed& place : impl_->placed) {
      const uint64_t document = place.unit.document;
      impl_->ids.resize(static_cast<size_t>(place.unit.first) + 1);
      Z2_TRY_VOID(readDocument(file, document, 0, options.vocabSize, impl_->ids));
      packed.put(row, impl_->ids,
                 file.mask(file.index().documentStart(document), impl_->ids.size()));
    }
  }
  packed.finish();
  return {};
}

uint64_t SftSampler::samplesPerEpoch() const { return impl_->mixture.bins(); }

uint64_t SftSampler::tokensPerEpoch() const { return impl_->mixture.report().usedColumns; }

std::string SftSampler::fingerprint() const {
  return checksumOf(fmt::format("sft 1 {} {} {}", impl_->options.sequenceLength,
                                impl_->options.isPacked, impl_->mixture.identity()));
}

PackingReport SftSampler::packing() const { return impl_->mixture.report(); }

}  // namespace z2
