#include "core/data/batch_sampler.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/check.h"
#include "core/data/data_mixture.h"
#include "core/data/epoch_order.h"
#include "core/data/permutation.h"
#include "core/data/sampled_file.h"
#include "core/data/token_file.h"
#include "core/io/checksum.h"

namespace z2 {

namespace {

constexpr uint64_t kDocumentSalt = 0x646f63756d656e74U;
constexpr uint64_t kPieceSalt = 0x7069656365730000U;

// One data set: its file and the epochs that were in use last. Two, since a batch may lie across
// the border.
class SampledSet {
 public:
  SampledSet(TokenFile file, std::string identity, uint64_t sequenceLength)
      : file_(std::make_unique<TokenFile>(std::move(file))),
        identity_(std::move(identity)),
        pieces_((file_->index().tokens() - 1 + sequenceLength - 1) / sequenceLength) {}

  [[nodiscard]] const TokenFile& file() const { return *file_; }
  [[nodiscard]] const std::string& identity() const { return identity_; }
  [[nodiscard]] uint64_t pieces() const { return pieces_; }

  const EpochOrder& order(uint64_t epoch, std::optional<uint64_t> key) {
    Epoch& slot = epochs_[epoch % epochs_.size()];
    if (!slot.order || slot.number != epoch) {
      slot.number = epoch;
      slot.order.emplace(file_->index(), key);
    }
    return *slot.order;
  }

 private:
  struct Epoch {
    uint64_t number = 0;
    std::optional<EpochOrder> order;
  };

  std::unique_ptr<TokenFile> file_;  // orders point to its index
  std::string identity_;
  uint64_t pieces_;
  std::array<Epoch, 2> epochs_;
};

Result<SampledSet> openSet(const std::string& prefix, const SamplerOptions& options) {
  Z2_TRY(SampledFile opened, openSampledFile(prefix, "pretrain", options.vocabSize));
  return SampledSet(std::move(opened.file), std::move(opened.identity),
                    static_cast<uint64_t>(options.sequenceLength));
}

}  // namespace

struct BatchSampler::Impl {
  SamplerOptions options;
  std::vector<SampledSet> sets;
  std::vector<double> weights;
  std::optional<MixtureSchedule> schedule;
  // One piece: ids, and the column where each one's document began.
  std::vector<int32_t> ids;
  std::vector<int32_t> starts;

  [[nodiscard]] Result<int64_t> load(uint64_t sample);
  [[nodiscard]] Result<void> loadDocument(const TokenFile& file, uint64_t document, uint64_t offset,
                                          int64_t column, int64_t count);
  void emitRow(int64_t filled, int64_t row, Batch& out) const;
};

// Fills the piece's buffers and says how many tokens it has: sequenceLength + 1, or fewer at the
// end of an epoch.
Result<int64_t> BatchSampler::Impl::load(uint64_t sample) {
  const MixtureSchedule::Pick pick = schedule->pick(sample);
  SampledSet& set = sets[pick.set];
  const uint64_t epoch = pick.ordinal / set.pieces();
  uint64_t piece = pick.ordinal % set.pieces();
  std::optional<uint64_t> key;
  if (options.shuffle) {
    key = orderKey(options.seed, pick.set, epoch, kDocumentSalt);
    piece = Permutation(set.pieces(), orderKey(options.seed, pick.set, epoch, kPieceSalt))(piece);
  }
  // In file order all epochs are one.
  const EpochOrder& order = set.order(options.shuffle ? epoch : 0, key);
  const TokenIndex& index = set.file().index();
  const uint64_t first = piece * static_cast<uint64_t>(options.sequenceLength);
  const auto wanted = static_cast<int64_t>(
      std::min(static_cast<uint64_t>(options.sequenceLength) + 1, index.tokens() - first));

  EpochOrder::Place place = order.find(first);
  int64_t filled = 0;
  while (filled < wanted) {
    const uint64_t document = order.documentAt(place.rank);
    const auto left = static_cast<int64_t>(index.documentTokens(document) - place.offset);
    const int64_t count = std::min(left, wanted - filled);
    if (count > 0) Z2_TRY_VOID(loadDocument(set.file(), document, place.offset, filled, count));
    filled += count;
    ++place.rank;
    place.offset = 0;
  }
  return filled;
}

Result<void> BatchSampler::Impl::loadDocument(const TokenFile& file, uint64_t document,
                                              uint64_t offset, int64_t column, int64_t count) {
  const std::span<int32_t> part(ids.data() + column, static_cast<size_t>(count));
  Z2_TRY_VOID(readDocument(file, document, offset, options.vocabSize, part));
  std::fill_n(starts.begin() + column, count, static_cast<int32_t>(column));
  return {};
}

void BatchSampler::Impl::emitRow(int64_t filled, int64_t row, Batch& out) const {
  const int64_t columns = options.sequenceLength;
  const auto base = static_cast<size_t>(row * columns);
  for (int64_t c = 0; c < columns; ++c) {
    const size_t at = base + static_cast<size_t>(c);
    const bool isPadding = c >= filled;
    const auto i = static_cast<size_t>(c);
    const auto start = static_cast<int32_t>(isPadding ? filled : starts[i]);
    out.tokens[at] = isPadding ? 0 : ids[i];
    // A document's first token cannot be told from another document.
    const bool isCounted = c + 1 < filled && (!options.documentMask || starts[i + 1] == start);
    out.targets[at] = isCounted ? ids[i + 1] : -1;
    out.validTokens += isCounted ? 1 : 0;
    out.positions[at] = static_cast<int32_t>(c) - (options.documentMask ? start : 0);
    if (options.documentMask) out.documentStart[at] = start;
  }
}

BatchSampler::BatchSampler(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BatchSampler::BatchSampler(BatchSampler&&) noexcept = default;
BatchSampler& BatchSampler::operator=(BatchSampler&&) noexcept = default;
BatchSampler::~BatchSampler() = default;

Result<BatchSampler> BatchSampler::open(const SamplerOptions& options) {
  Z2_CHECK(options.sequenceLength > 0 && options.vocabSize > 0);
  Z2_TRY(const std::vector<WeightedPrefix> prefixes, parseMixture(options.data));
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  for (const WeightedPrefix& one : prefixes) {
    Z2_TRY(SampledSet set, openSet(one.prefix, options));
    impl->weights.push_back(one.weight > 0 ? one.weight : static_cast<double>(set.pieces()));
    impl->sets.push_back(std::move(set));
  }
  impl->schedule.emplace(impl->weights);
  const auto pieceTokens = static_cast<size_t>(options.sequenceLength) + 1;
  impl->ids.resize(pieceTokens);
  impl->starts.resize(pieceTokens);
  return BatchSampler(std::move(impl));
}

Result<void> BatchSampler::read(uint64_t index, int64_t rows, Batch& out) {
  const auto size = static_cast<size_t>(rows * impl_->options.sequenceLength);
  out.rows = rows;
  out.columns = impl_->options.sequenceLength;
  out.validTokens = 0;
  out.tokens.resize(size);
  out.targets.resize(size);
  out.positions.resize(size);
  out.documentStart.resize(impl_->options.documentMask ? size : 0);
  for (int64_t row = 0; row < rows; ++row) {
    Z2_TRY(const int64_t filled, impl_->load(index + static_cast<uint64_t>(row)));
    impl_->emitRow(filled, row, out);
  }
  return {};
}

uint64_t BatchSampler::samplesPerEpoch() const {
  uint64_t samples = 0;
  for (const SampledSet& set : impl_->sets) samples += set.pieces();
  return samples;
}

uint64_t BatchSampler::tokensPerEpoch() const {
  uint64_t tokens = 0;
  for (const SampledSet& set : impl_->sets) tokens += set.file().index().tokens();
  return tokens;
}

std::string BatchSampler::fingerprint() const {
  const SamplerOptions& options = impl_->options;
  // The last word once told of masks; checkpoints have it.
  std::string identity =
      fmt::format("1 {} {} {} {} false", options.sequenceLength, options.shuffle ? options.seed : 0,
                  options.shuffle, options.documentMask);
  for (size_t i = 0; i < impl_->sets.size(); ++i)
    identity += fmt::format(" {}:{}", impl_->weights[i], impl_->sets[i].identity());
  return checksumOf(identity);
}

}  // namespace z2
