// A flipped bit anywhere in a checkpoint is found, and the file is named.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/checkpoint/checkpoint_store.h"
#include "tests/crash/small_model.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;

void flip(const fs::path& file, uint64_t byte, int bit) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(byte));
  const auto value = static_cast<char>(stream.get() ^ (1 << bit));
  stream.seekp(static_cast<std::streamoff>(byte));
  stream.put(value);
}

void expectFound(const fs::path& checkpoint, const fs::path& file, uint64_t byte, int bit) {
  flip(file, byte, bit);
  const auto loaded = CheckpointStore::load(checkpoint);
  const std::string where = file.native() + ", byte " + std::to_string(byte);
  ASSERT_FALSE(loaded) << where << ": a flipped bit was not found";
  EXPECT_EQ(loaded.error().code, ErrorCode::kCorrupt) << where;
  EXPECT_NE(loaded.error().where.find(file.filename().native()), std::string::npos)
      << where << ": " << loaded.error().text();
  flip(file, byte, bit);
}

TEST(BitFlips, EverySingleBitOfASmallCheckpoint) {
  const TemporaryFolder folder;
  auto store = CheckpointStore::open({folder.path() / "ckpt"});
  ASSERT_TRUE(store);
  const auto saved = SmallModel(1).saveTo(*store);
  ASSERT_TRUE(saved);
  size_t flips = 0;
  for (const auto& entry : fs::directory_iterator(saved->folder)) {
    for (uint64_t byte = 0; byte < entry.file_size(); ++byte) {
      for (int bit = 0; bit < 8; ++bit) {
        expectFound(saved->folder, entry.path(), byte, bit);
        if (testing::Test::HasFatalFailure()) return;
        ++flips;
      }
    }
  }
  EXPECT_GT(flips, 8'000U);
  EXPECT_TRUE(CheckpointStore::load(saved->folder));
}

TEST(BitFlips, HeaderEndsAndRandomPlacesOfALargerOne) {
  const TemporaryFolder folder;
  auto store = CheckpointStore::open({folder.path() / "ckpt"});
  ASSERT_TRUE(store);
  std::vector<std::byte> bytes(4'000'000);
  std::mt19937_64 random(7);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  const std::vector<TensorView> tensors = {{"model:w", DType::kF32, {1000, 1000}, bytes},
                                           {"optim.m:w", DType::kF32, {1000, 1000}, bytes}};
  const auto saved = store->save(5, tensors, Json::object(), std::nullopt);
  ASSERT_TRUE(saved);
  for (const auto& entry : fs::directory_iterator(saved->folder)) {
    const uint64_t size = entry.file_size();
    std::vector<uint64_t> places = {0, 7, 8, 20, size - 1};
    for (int i = 0; i < 100; ++i) places.push_back(random() % size);
    for (const uint64_t place : places) {
      expectFound(saved->folder, entry.path(), place, static_cast<int>(random() % 8));
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(BitFlips, ADamagedNewestGivesWayToTheOneBeforeAndIsNamed) {
  const TemporaryFolder folder;
  auto store = CheckpointStore::open({folder.path() / "ckpt"});
  ASSERT_TRUE(store);
  ASSERT_TRUE(SmallModel(1).saveTo(*store));
  const auto second = SmallModel(2).saveTo(*store);
  ASSERT_TRUE(second);
  flip(second->folder / "optim.v.safetensors", 70, 3);
  std::vector<DamagedCheckpoint> damaged;
  const auto newest = store->loadNewest(damaged);
  ASSERT_TRUE(newest && *newest);
  EXPECT_TRUE(SmallModel(1).equals(**newest));
  ASSERT_EQ(damaged.size(), 1U);
  EXPECT_EQ(damaged[0].folder.filename(), "set-aside-step_2");
  EXPECT_NE(damaged[0].reason.find("optim.v.safetensors"), std::string::npos);
  EXPECT_TRUE(fs::exists(damaged[0].folder / "REASON.txt"));
  EXPECT_FALSE(fs::exists(second->folder));
  // The step can be saved anew, and a second damage does not overwrite the first's evidence.
  const auto again = SmallModel(2).saveTo(*store);
  ASSERT_TRUE(again);
  flip(again->folder / "manifest.json", 5, 0);
  damaged.clear();
  ASSERT_TRUE(store->loadNewest(damaged));
  ASSERT_EQ(damaged.size(), 1U);
  EXPECT_EQ(damaged[0].folder.filename(), "set-aside-step_2-2");
}

}  // namespace
}  // namespace z2
