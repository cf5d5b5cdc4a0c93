#pragma once

// One data set of a sampler that packs, and the mixture of several.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/data_mixture.h"
#include "core/data/packing.h"
#include "core/data/sampled_file.h"

namespace z2 {

struct PackedSet {
  SampledFile source;
  PackingReport report;
  Packing packing;
};

// Finds the bin of any sample of an endless sequence over one or several sets.
class PackedMixture {
 public:
  // At least one set; a weight of 0 stands for the number of its bins.
  PackedMixture(std::vector<PackedSet> sets, std::vector<double> weights, uint64_t seed,
                bool shuffle);

  // The set of that sample; its units are put into `out`.
  size_t find(uint64_t sample, std::vector<Packing::Placed>& out) const;

  [[nodiscard]] const std::vector<PackedSet>& sets() const { return sets_; }
  [[nodiscard]] uint64_t bins() const;
  [[nodiscard]] PackingReport report() const;
  // Of data and order.
  [[nodiscard]] std::string identity() const;

 private:
  std::vector<PackedSet> sets_;
  std::vector<double> weights_;
  uint64_t seed_;
  bool shuffle_;
  MixtureSchedule schedule_;
};

}  // namespace z2
