#include "core/serve/fair_queue.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace z2 {
namespace {

using ::testing::ElementsAre;

std::vector<int> drained(FairQueue<int>& queue) {
  std::vector<int> items;
  while (!queue.isEmpty()) items.push_back(queue.pop());
  return items;
}

TEST(FairQueue, ClientsTakeTurns) {
  FairQueue<int> queue;
  for (const int item : {1, 2, 3}) queue.push("greedy", item);
  queue.push("modest", 10);
  queue.push("third", 20);
  queue.push("third", 21);
  EXPECT_EQ(queue.size(), 6U);
  EXPECT_THAT(drained(queue), ElementsAre(1, 10, 20, 2, 21, 3));
}

TEST(FairQueue, AClientThatComesAgainGoesToTheEndOfTheLine) {
  FairQueue<int> queue;
  queue.push("a", 1);
  queue.push("b", 2);
  EXPECT_EQ(queue.pop(), 1);
  queue.push("a", 3);
  EXPECT_THAT(drained(queue), ElementsAre(2, 3));
}

TEST(FairQueue, WhatIsRemovedIsNotServed) {
  FairQueue<int> queue;
  for (const int item : {1, 2, 3}) queue.push("a", item);
  queue.push("b", 4);
  EXPECT_TRUE(queue.remove([](int item) { return item == 2; }));
  EXPECT_TRUE(queue.remove([](int item) { return item == 4; }));
  EXPECT_FALSE(queue.remove([](int item) { return item == 4; }));
  EXPECT_EQ(queue.size(), 2U);
  EXPECT_THAT(drained(queue), ElementsAre(1, 3));
}

}  // namespace
}  // namespace z2
