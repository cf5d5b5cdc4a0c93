#include "core/data/packed_set.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/check.h"

namespace z2 {

namespace {

constexpr uint64_t kPackedSalt = 0x7061636b656400U;

std::vector<double> filledIn(std::vector<double> weights, const std::vector<PackedSet>& sets) {
  Z2_CHECK(!sets.empty() && weights.size() == sets.size());
  for (size_t i = 0; i < sets.size(); ++i)
    if (weights[i] <= 0) weights[i] = static_cast<double>(sets[i].packing.bins());
  return weights;
}

}  // namespace

PackedMixture::PackedMixture(std::vector<PackedSet> sets, std::vector<double> weights,
                             uint64_t seed, bool shuffle)
    : sets_(std::move(sets)),
      weights_(filledIn(std::move(weights), sets_)),
      seed_(seed),
      shuffle_(shuffle),
      schedule_(weights_) {}

size_t PackedMixture::find(uint64_t sample, std::vector<Packing::Placed>& out) const {
  const MixtureSchedule::Pick pick = schedule_.pick(sample);
  const Packing& packing = sets_[pick.set].packing;
  std::optional<uint64_t> key;
  if (shuffle_) key = orderKey(seed_, pick.set, pick.ordinal / packing.bins(), kPackedSalt);
  packing.bin(pick.ordinal % packing.bins(), key, out);
  return pick.set;
}

uint64_t PackedMixture::bins() const {
  uint64_t bins = 0;
  for (const PackedSet& set : sets_) bins += set.packing.bins();
  return bins;
}

PackingReport PackedMixture::report() const {
  PackingReport sum;
  for (const PackedSet& set : sets_) sum += set.report;
  return sum;
}

std::string PackedMixture::identity() const {
  std::string identity = fmt::format("{} {}", shuffle_ ? seed_ : 0, shuffle_);
  for (size_t i = 0; i < sets_.size(); ++i)
    identity += fmt::format(" {}:{}", weights_[i], sets_[i].source.identity);
  return identity;
}

}  // namespace z2
