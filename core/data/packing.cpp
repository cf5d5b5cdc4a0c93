#include "core/data/packing.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/data/permutation.h"

namespace z2 {

namespace {

constexpr uint64_t kBinSalt = 0x62696e730000U;
constexpr uint64_t kUnitSalt = 0x756e6974730000U;
// Bins with room enough in sum that are tried for a unit of two sequences.
constexpr int kTries = 512;

int64_t totalOf(const PackUnit& unit) { return int64_t{unit.first} + unit.second; }

// Longest first; what is equal in this order may change places from epoch to epoch.
bool isLonger(const PackUnit& a, const PackUnit& b) {
  return std::pair(totalOf(a), a.first) > std::pair(totalOf(b), b.first);
}

}  // namespace

double PackingReport::efficiency() const {
  return columns == 0 ? 0 : static_cast<double>(usedColumns) / static_cast<double>(columns);
}

PackingReport& PackingReport::operator+=(const PackingReport& other) {
  documents += other.documents;
  leftOut += other.leftOut;
  cut += other.cut;
  rows += other.rows;
  columns += other.columns;
  usedColumns += other.usedColumns;
  trainedTokens += other.trainedTokens;
  return *this;
}

// The bins while they are filled.
class Packing::Bins {
 public:
  explicit Bins(const Shape& shape) : shape_(shape) {}

  struct Place {
    uint32_t bin = 0;
    uint8_t rows = 0;
  };

  Place put(const PackUnit& unit) {
    const int64_t need = totalOf(unit);
    int tries = 0;
    if (shape_.isPacked)
      for (auto at = open_.lower_bound({need, 0}); at != open_.end() && tries < kTries;
           ++at, ++tries) {
        const uint32_t bin = at->second;
        if (const auto rows = fit(free_[bin], unit)) {
          open_.erase(at);
          return fill(bin, unit, *rows);
        }
      }
    const auto bin = static_cast<uint32_t>(free_.size());
    free_.push_back({shape_.columns, shape_.rows == 2 ? shape_.columns : 0});
    // Where nothing is packed, each sequence has a row of its own.
    const bool ownRows = shape_.rows == 2 && !shape_.isPacked;
    return fill(bin, unit, ownRows ? uint8_t{2} : fit(free_[bin], unit).value());
  }

  [[nodiscard]] size_t count() const { return free_.size(); }

 private:
  using Free = std::array<int64_t, 2>;

  // The rows that leave the least room in those that are used.
  [[nodiscard]] std::optional<uint8_t> fit(const Free& free, const PackUnit& unit) const {
    std::optional<uint8_t> best;
    int64_t least = std::numeric_limits<int64_t>::max();
    const uint8_t choices = shape_.rows == 2 ? 4 : 1;
    for (uint8_t rows = 0; rows < choices; ++rows) {
      Free left = free;
      left[rows & 1] -= unit.first;
      left[rows >> 1] -= unit.second;
      if (left[0] < 0 || left[1] < 0) continue;
      const int64_t room = std::min(left[rows & 1], left[rows >> 1]);
      if (room >= least) continue;
      least = room;
      best = rows;
    }
    return best;
  }

  Place fill(uint32_t bin, const PackUnit& unit, uint8_t rows) {
    Free& free = free_[bin];
    free[rows & 1] -= unit.first;
    free[rows >> 1] -= unit.second;
    if (shape_.isPacked && free[0] + free[1] > 0) open_.emplace(free[0] + free[1], bin);
    return {bin, rows};
  }

  const Shape shape_;
  std::vector<Free> free_;
  std::set<std::pair<int64_t, uint32_t>> open_;  // room in sum, bin
};

Packing::Packing(std::vector<PackUnit> units, Shape shape) : units_(std::move(units)) {
  Z2_CHECK(shape.columns > 0 && (shape.rows == 1 || shape.rows == 2));
  Z2_CHECK(units_.size() < std::numeric_limits<uint32_t>::max());
  std::stable_sort(units_.begin(), units_.end(), isLonger);
  Bins bins(shape);
  std::vector<Bins::Place> placed;
  placed.reserve(units_.size());
  for (const PackUnit& unit : units_) {
    Z2_CHECK(unit.first > 0 && unit.first <= shape.columns && unit.second <= shape.columns);
    Z2_CHECK(shape.rows == 2 || unit.second == 0);
    placed.push_back(bins.put(unit));
    usedColumns_ += static_cast<uint64_t>(totalOf(unit));
  }
  // By bin, and within one in the order of packing.
  starts_.assign(bins.count() + 1, 0);
  for (const auto& place : placed) ++starts_[place.bin + 1];
  for (size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  places_.resize(placed.size());
  rows_.resize(placed.size());
  std::vector<uint64_t> next(starts_.begin(), starts_.end() - 1);
  for (size_t i = 0; i < placed.size(); ++i) {
    const uint64_t at = next[placed[i].bin]++;
    places_[at] = static_cast<uint32_t>(i);
    rows_[at] = placed[i].rows;
  }
}

uint64_t Packing::unitAt(uint64_t place, std::optional<uint64_t> key) const {
  if (!key) return place;
  const auto [from, to] = std::equal_range(units_.begin(), units_.end(), units_[place], isLonger);
  const auto first = static_cast<uint64_t>(from - units_.begin());
  const auto size = static_cast<uint64_t>(to - from);
  return first + Permutation(size, mixBits(*key ^ kUnitSalt) ^ first)(place - first);
}

void Packing::bin(uint64_t index, std::optional<uint64_t> key, std::vector<Placed>& out) const {
  Z2_CHECK(index < bins());
  const uint64_t bin = key ? Permutation(bins(), mixBits(*key ^ kBinSalt))(index) : index;
  out.clear();
  for (uint64_t i = starts_[bin]; i < starts_[bin + 1]; ++i)
    out.push_back({units_[unitAt(places_[i], key)], rows_[i] & 1, rows_[i] >> 1});
}

}  // namespace z2
