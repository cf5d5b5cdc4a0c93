#include "core/data/dpo_sampler.h"

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

enum class Side : uint64_t { kChosen = 1, kRejected = 2 };

// Prompt and one completion of a pair as one sequence, of which [begin, end) is kept.
struct PairSequence {
  uint64_t promptStart = 0;  // tokens of the file
  uint64_t promptTokens = 0;
  uint64_t completionStart = 0;
  uint64_t completionTokens = 0;
  uint64_t begin = 0;
  uint64_t end = 0;

  [[nodiscard]] uint64_t size() const { return end - begin; }
};

PairSequence sequenceOf(const TokenIndex& index, uint64_t document, Side side,
                        const DpoSamplerOptions& options) {
  const uint64_t prompt = index.documentFirstSequence(document);
  const uint64_t completion = prompt + static_cast<uint64_t>(side);
  PairSequence made{index.sequenceStart(prompt), index.sequenceTokens(prompt),
                    index.sequenceStart(completion), index.sequenceTokens(completion)};
  const uint64_t all = made.promptTokens + made.completionTokens;
  const uint64_t kept = std::min(all, static_cast<uint64_t>(options.sequenceLength) + 1);
  const bool keepsEnd = options.truncation == DpoSamplerOptions::Truncation::kKeepEnd;
  made.begin = keepsEnd ? all - kept : 0;
  made.end = made.begin + kept;
  return made;
}

// Calls `take` with the first token of the file and the count of each of the two parts.
template <typename Take>
void eachPart(const PairSequence& sequence, const Take& take) {
  const uint64_t prompt = sequence.promptTokens;
  if (sequence.begin < prompt)
    take(sequence.promptStart + sequence.begin, std::min(prompt, sequence.end) - sequence.begin);
  if (sequence.end > prompt) {
    const uint64_t from = std::max(sequence.begin, prompt) - prompt;
    take(sequence.completionStart + from, sequence.end - prompt - from);
  }
}

// The mask of the kept tokens; of the prompt it is 0.
void maskOf(const TokenFile& file, const PairSequence& sequence, std::vector<uint8_t>& mask) {
  mask.clear();
  eachPart(sequence, [&](uint64_t first, uint64_t count) {
    const auto bytes = file.mask(first, count);
    mask.insert(mask.end(), bytes.begin(), bytes.end());
  });
  const uint64_t prompt = std::min(sequence.promptTokens, sequence.end);
  if (prompt > sequence.begin)
    std::fill_n(mask.begin(), static_cast<ptrdiff_t>(prompt - sequence.begin), uint8_t{0});
}

// Targets that count: a sequence's first token is none.
uint64_t trainedIn(const std::vector<uint8_t>& mask) {
  if (mask.size() < 2) return 0;
  return static_cast<uint64_t>(
      std::count_if(mask.begin() + 1, mask.end(), [](uint8_t byte) { return byte != 0; }));
}

Result<void> checkThreeSequences(const std::string& prefix, const TokenIndex& index) {
  for (uint64_t document = 0; document < index.documents(); ++document) {
    const uint64_t next = document + 1 < index.documents()
                              ? index.documentFirstSequence(document + 1)
                              : index.sequences();
    const uint64_t count = next - index.documentFirstSequence(document);
    if (count != 3)
      return badInput(prefix,
                      fmt::format("document {} has {} sequences; a pair has three: prompt, chosen "
                                  "and rejected",
                                  document, count),
                      "Make the data with z2all data tokenize --task dpo");
  }
  return {};
}

Result<PackedSet> openSet(const std::string& prefix, const DpoSamplerOptions& options) {
  Z2_TRY(SampledFile source, openSampledFile(prefix, "dpo", options.vocabSize));
  const TokenIndex& index = source.file.index();
  Z2_TRY_VOID(checkThreeSequences(prefix, index));
  PackingReport report;
  report.documents = index.documents();
  std::vector<PackUnit> units;
  std::vector<uint8_t> mask;
  for (uint64_t document = 0; document < index.documents(); ++document) {
    PackUnit unit{document, 0, 0};
    bool isCut = false;
    bool isTrained = true;
    uint64_t trained = 0;
    for (const Side side : {Side::kChosen, Side::kRejected}) {
      const PairSequence sequence = sequenceOf(index, document, side, options);
      maskOf(source.file, sequence, mask);
      const uint64_t own = trainedIn(mask);
      trained += own;
      isTrained = isTrained && own > 0;
      isCut = isCut || sequence.size() < sequence.promptTokens + sequence.completionTokens;
      (side == Side::kChosen ? unit.first : unit.second) =
          static_cast<int32_t>(sequence.size()) - 1;
    }
    if (!isTrained) {
      ++report.leftOut;
      continue;
    }
    report.cut += isCut ? 1 : 0;
    report.trainedTokens += trained;
    units.push_back(unit);
  }
  if (units.empty())
    return badInput(prefix,
                    fmt::format("no pair has trained tokens in both completions within "
                                "data.seq_len = {}",
                                options.sequenceLength),
                    "Look at it with z2all data inspect --sample 0, or raise data.seq_len");
  Packing packing(std::move(units),
                  {.columns = options.sequenceLength, .rows = 2, .isPacked = options.isPacked});
  report.rows = packing.bins() * 2;
  report.columns = report.rows * static_cast<uint64_t>(options.sequenceLength);
  report.usedColumns = packing.usedColumns();
  return PackedSet{std::move(source), report, std::move(packing)};
}

}  // namespace

struct DpoSampler::Impl {
  DpoSamplerOptions options;
  PackedMixture mixture;
  std::vector<uint64_t> firstPairs;  // of each set
  uint64_t pairs = 0;
  std::vector<Packing::Placed> placed;
  std::vector<int32_t> ids;
  std::vector<uint8_t> mask;

  [[nodiscard]] Result<void> put(PackedRows& packed, int64_t row, const TokenFile& file,
                                 uint64_t document, Side side, PreferenceBatch& out);
};

Result<void> DpoSampler::Impl::put(PackedRows& packed, int64_t row, const TokenFile& file,
                                   uint64_t document, Side side, PreferenceBatch& out) {
  const PairSequence sequence = sequenceOf(file.index(), document, side, options);
  ids.resize(sequence.size());
  const uint64_t documentStart = file.index().documentStart(document);
  size_t filled = 0;
  Result<void> outcome;
  eachPart(sequence, [&](uint64_t first, uint64_t count) {
    if (!outcome) return;
    outcome = readDocument(file, document, first - documentStart, options.vocabSize,
                           std::span(ids).subspan(filled, count));
    filled += count;
  });
  Z2_TRY_VOID(outcome);
  maskOf(file, sequence, mask);
  const auto number = static_cast<int32_t>(out.completionTokens.size());
  const int64_t column = packed.put(row, ids, mask);
  const int64_t at = row * options.sequenceLength + column;
  std::fill_n(out.sequence.begin() + at, ids.size() - 1, number);
  out.completionTokens.push_back(static_cast<int32_t>(trainedIn(mask)));
  return {};
}

DpoSampler::DpoSampler(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DpoSampler::DpoSampler(DpoSampler&&) noexcept = default;
DpoSampler& DpoSampler::operator=(DpoSampler&&) noexcept = default;
DpoSampler::~DpoSampler() = default;

Result<DpoSampler> DpoSampler::open(const DpoSamplerOptions& options) {
  Z2_CHECK(options.sequenceLength > 0 && options.vocabSize > 0);
  Z2_TRY(const std::vector<WeightedPrefix> prefixes, parseMixture(options.data));
  std::vector<PackedSet> sets;
  std::vector<double> weights;
  std::vector<uint64_t> firstPairs;
  uint64_t pairs = 0;
  for (const WeightedPrefix& one : prefixes) {
    Z2_TRY(PackedSet set, openSet(one.prefix, options));
    firstPairs.push_back(pairs);
    pairs += set.report.documents;
    sets.push_back(std::move(set));
    weights.push_back(one.weight);
  }
  PackedMixture mixture(std::move(sets), std::move(weights), options.seed, options.shuffle);
  return DpoSampler(std::make_unique<Impl>(
      Impl{options, std::move(mixture), std::move(firstPairs), pairs, {}, {}, {}}));
}

Result<void> DpoSampler::read(uint64_t index, int64_t groups, PreferenceBatch& out) {
  const int64_t rows = groups * 2;
  PackedRows packed(out.batch, rows, impl_->options.sequenceLength);
  out.sequence.assign(static_cast<size_t>(rows * impl_->options.sequenceLength), -1);
  out.pairs.clear();
  out.completionTokens.clear();
  for (int64_t group = 0; group < groups; ++group) {
    const size_t set = impl_->mixture.find(index + static_cast<uint64_t>(group), impl_->placed);
    const TokenFile& file = impl_->mixture.sets()[set].source.file;
    for (const Packing::Placed& place : impl_->placed) {
      const uint64_t document = place.unit.document;
      out.pairs.push_back(impl_->firstPairs[set] + document);
      Z2_TRY_VOID(
          impl_->put(packed, group * 2 + place.firstRow, file, document, Side::kChosen, out));
      Z2_TRY_VOID(
          impl_->put(packed, group * 2 + place.secondRow, file, document, Side::kRejected, out));
    }
  }
  packed.finish();
  return {};
}

uint64_t DpoSampler::groupsPerEpoch() const { return impl_->mixture.bins(); }

uint64_t DpoSampler::pairs() const { return impl_->pairs; }

std::string DpoSampler::fingerprint() const {
  return checksumOf(fmt::format("dpo 1 {} {} {}", dataFingerprint(), impl_->options.isPacked,
                                impl_->mixture.identity()));
}

std::string DpoSampler::dataFingerprint() const {
  std::string identity =
      fmt::format("pairs 1 {} {}", impl_->options.sequenceLength,
                  impl_->options.truncation == DpoSamplerOptions::Truncation::kKeepEnd);
  for (const PackedSet& set : impl_->mixture.sets()) identity += " " + set.source.identity;
  return checksumOf(identity);
}

PackingReport DpoSampler::packing() const { return impl_->mixture.report(); }

}  // namespace z2
