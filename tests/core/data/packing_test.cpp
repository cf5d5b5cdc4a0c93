#include "core/data/packing.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "core/data/permutation.h"

namespace z2 {
namespace {

std::vector<PackUnit> singles(const std::vector<int32_t>& lengths) {
  std::vector<PackUnit> units;
  for (const int32_t length : lengths) units.push_back({units.size(), length, 0});
  return units;
}

std::vector<PackUnit> randomUnits(size_t count, int32_t most, bool isPair) {
  std::vector<PackUnit> units;
  const auto draw = [&](uint64_t i) {
    return static_cast<int32_t>(1 + mixBits(i) % static_cast<uint64_t>(most));
  };
  for (uint64_t i = 0; i < count; ++i)
    units.push_back({i, draw(2 * i), isPair ? draw(2 * i + 1) : 0});
  return units;
}

TEST(PackingTest, PutsTheLongestIntoTheFullestBinThatTakesIt) {
  // By hand: 7 | 6 | 5, then 4 fits 6 best, 3 fits 7 best, 2 and 1 fill what is left of 5.
  const Packing packing(singles({5, 2, 7, 3, 1, 6, 4}), {.columns = 10, .rows = 1});
  ASSERT_EQ(packing.bins(), 3U);
  std::vector<std::vector<int32_t>> bins(3);
  std::vector<Packing::Placed> placed;
  for (uint64_t i = 0; i < 3; ++i) {
    packing.bin(i, std::nullopt, placed);
    for (const auto& place : placed) bins[i].push_back(place.unit.first);
  }
  EXPECT_EQ(bins, (std::vector<std::vector<int32_t>>{{7, 3}, {6, 4}, {5, 2, 1}}));
}

TEST(PackingTest, EachEpochHoldsEveryUnitOnceAndNoRowOverflows) {
  for (const bool isPair : {false, true}) {
    const Packing packing(randomUnits(500, 60, isPair), {.columns = 64, .rows = isPair ? 2 : 1});
    std::vector<Packing::Placed> placed;
    for (const std::optional<uint64_t> key :
         {std::optional<uint64_t>{}, std::optional<uint64_t>{1}, std::optional<uint64_t>{2}}) {
      std::set<uint64_t> documents;
      for (uint64_t bin = 0; bin < packing.bins(); ++bin) {
        packing.bin(bin, key, placed);
        std::array<int64_t, 2> used{};
        for (const auto& place : placed) {
          EXPECT_TRUE(documents.insert(place.unit.document).second);
          used[static_cast<size_t>(place.firstRow)] += place.unit.first;
          used[static_cast<size_t>(place.secondRow)] += place.unit.second;
        }
        EXPECT_LE(std::max(used[0], used[1]), 64);
        if (!isPair) {
          EXPECT_EQ(used[1], 0);
        }
      }
      EXPECT_EQ(documents.size(), 500U);
    }
  }
}

TEST(PackingTest, EpochsDifferInOrderAndInNeighbours) {
  const Packing packing(randomUnits(500, 20, false), {.columns = 64, .rows = 1});
  const auto neighbours = [&](uint64_t key) {
    std::map<uint64_t, std::set<uint64_t>> found;
    std::vector<Packing::Placed> placed;
    for (uint64_t bin = 0; bin < packing.bins(); ++bin) {
      packing.bin(bin, key, placed);
      for (const auto& place : placed) found[bin].insert(place.unit.document);
    }
    return found;
  };
  const auto first = neighbours(1);
  const auto second = neighbours(2);
  EXPECT_EQ(first, neighbours(1));
  std::set<std::set<uint64_t>> groups;
  for (const auto& [bin, documents] : first) groups.insert(documents);
  size_t same = 0;
  for (const auto& [bin, documents] : second) same += groups.count(documents);
  EXPECT_LT(same, first.size() / 4);
}

TEST(PackingTest, WastesLittle) {
  const Packing singlesPacked(randomUnits(4000, 700, false), {.columns = 1024, .rows = 1});
  EXPECT_GT(static_cast<double>(singlesPacked.usedColumns()),
            0.98 * 1024 * static_cast<double>(singlesPacked.bins()));
  const Packing pairsPacked(randomUnits(4000, 700, true), {.columns = 1024, .rows = 2});
  EXPECT_GT(static_cast<double>(pairsPacked.usedColumns()),
            0.95 * 2048 * static_cast<double>(pairsPacked.bins()));
}

TEST(PackingTest, UnpackedGivesEachSequenceARowOfItsOwn) {
  const Packing packing(randomUnits(50, 10, true), {.columns = 64, .rows = 2, .isPacked = false});
  EXPECT_EQ(packing.bins(), 50U);
  std::vector<Packing::Placed> placed;
  packing.bin(7, 3, placed);
  ASSERT_EQ(placed.size(), 1U);
  EXPECT_EQ(placed[0].firstRow, 0);
  EXPECT_EQ(placed[0].secondRow, 1);
}

}  // namespace
}  // namespace z2
