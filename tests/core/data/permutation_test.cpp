#include "core/data/permutation.h"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace z2 {
namespace {

std::vector<uint64_t> orderOf(uint64_t size, uint64_t key) {
  const Permutation permutation(size, key);
  std::vector<uint64_t> order;
  for (uint64_t i = 0; i < size; ++i) order.push_back(permutation(i));
  return order;
}

TEST(Permutation, VisitsEverythingOnce) {
  for (const uint64_t size : {1U, 2U, 3U, 4U, 5U, 16U, 17U, 255U, 256U, 257U, 1000U, 65537U}) {
    std::vector<bool> seen(size);
    for (const uint64_t value : orderOf(size, 7)) {
      ASSERT_LT(value, size);
      ASSERT_FALSE(seen[value]) << "twice: " << value << " of " << size;
      seen[value] = true;
    }
  }
}

TEST(Permutation, DependsOnTheKeyAlone) {
  EXPECT_EQ(orderOf(1000, 1), orderOf(1000, 1));
  EXPECT_NE(orderOf(1000, 1), orderOf(1000, 2));
}

TEST(Permutation, IsTheSameOnEveryMachine) {
  EXPECT_EQ(orderOf(8, 42), (std::vector<uint64_t>{5, 0, 7, 3, 6, 4, 1, 2}));
}

// The first place of five goes to each element about equally often.
TEST(Permutation, SpreadsOverTheOrders) {
  std::vector<int> firstCount(5);
  for (uint64_t key = 0; key < 5000; ++key) ++firstCount[Permutation(5, key)(0)];
  for (const int count : firstCount) {
    EXPECT_GT(count, 800);
    EXPECT_LT(count, 1200);
  }
}

}  // namespace
}  // namespace z2
