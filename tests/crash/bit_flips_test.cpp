// A flipped bit anywhere in a checkpoint is found, and the file is named.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/checkpoint/checkpoint_proof.h"
#include "core/checkpoint/checkpoint_store.h"
#include "core/checkpoint/loaded_checkpoint.h"
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

// Longer than the times of any file system are coarse.
void waitUntilSettled() { std::this_thread::sleep_for(std::chrono::milliseconds(2100)); }

TEST(BitFlips, AProofSparesReadingAndEndsWithTheNextWrite) {
  const TemporaryFolder folder;
  auto store = CheckpointStore::open({folder.path() / "ckpt"});
  ASSERT_TRUE(store);
  const auto saved = SmallModel(1).saveTo(*store);
  ASSERT_TRUE(saved);
  const fs::path shard = saved->folder / "model.safetensors";
  const auto stepWith = [&](const std::string& proof) {
    std::vector<DamagedCheckpoint> damaged;
    const auto newest = store->loadNewest(damaged, proof);
    if (!damaged.empty()) fs::rename(damaged[0].folder, saved->folder);  // back for the next look
    return newest && *newest ? (*newest)->info().step : -1;
  };
  EXPECT_EQ(CheckpointStore::prove(saved->folder).value(), "") << "it was written just now";
  waitUntilSettled();
  const std::string proof = CheckpointStore::prove(saved->folder).value();
  ASSERT_NE(proof, "");
  EXPECT_EQ(stepWith(proof), saved->step);

  const uint64_t last = fs::file_size(shard) - 1;
  const auto written = fs::last_write_time(shard);
  flip(shard, last, 0);
  fs::last_write_time(shard, written);  // the time of the change is not set back by this
  EXPECT_EQ(CheckpointStore::prove(saved->folder).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(stepWith(proof), -1) << "a written file must be verified again";
  EXPECT_EQ(stepWith(""), -1);

  // Only a proof of the damaged files themselves, which prove() does not give, is believed, and
  // not for long.
  waitUntilSettled();
  const Manifest manifest = readManifest(systemFiles(), saved->folder).value();
  const std::string wrong = proofOf(saved->folder, manifest);
  EXPECT_EQ(stepWith(wrong), saved->step) << "its bytes are not read";
  const size_t colon = wrong.find(':');
  const auto seconds = std::stoll(wrong.substr(0, colon));
  const auto at = [&](int64_t time) { return std::to_string(time) + wrong.substr(colon); };
  const auto lifetime = static_cast<int64_t>(kProofSeconds);
  for (const std::string& other :
       {at(seconds - lifetime - 10), at(seconds + lifetime), wrong.substr(0, colon + 1),
        wrong.substr(colon), wrong + "0", std::string("nonsense"), std::string(":")})
    EXPECT_EQ(stepWith(other), -1) << other;
  flip(shard, last, 0);
  EXPECT_EQ(stepWith(""), saved->step);
}

}  // namespace
}  // namespace z2
