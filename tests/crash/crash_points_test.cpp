// A power cut at every operation of a save and of a prune, in every way a disk may forget: what is
// found afterwards is a checkpoint that was committed, bit for bit, and never an older one than the
// last that was known to be durable.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/checkpoint/checkpoint_store.h"
#include "tests/crash/fault_fs.h"
#include "tests/crash/small_model.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using Kind = CrashMode::Kind;

constexpr const char* kDeadOwner = "4194304999-1";

std::vector<CrashMode> crashModes() {
  std::vector<CrashMode> modes = {{Kind::kKeepAll},           {Kind::kDropAll},
                                  {Kind::kDropNames},         {Kind::kDropBytes},
                                  {Kind::kTornWrite, 0, 1},   {Kind::kTornWrite, 0, 511},
                                  {Kind::kTornWrite, 0, 0.5}, {Kind::kGarbageWrite}};
  for (uint64_t seed = 0; seed < 8; ++seed) modes.push_back({Kind::kSubset, seed});
  return modes;
}

class CrashPoints : public testing::Test {
 protected:
  CrashPoints() { fs::create_directory(live_); }

  [[nodiscard]] CheckpointStore::Options options(FileSystem* files) const {
    return {live_ / "ckpt", /*keepLatest=*/2, /*keepBest=*/1, files, kDeadOwner};
  }

  // Starts anew on what a crash left; returns the step found, or -1 when there is none.
  static int64_t recover(const fs::path& crashed, const std::string& where) {
    auto store = CheckpointStore::open({crashed / "ckpt"});
    EXPECT_TRUE(store.has_value()) << where;
    if (!store) return -1;
    std::vector<DamagedCheckpoint> damaged;
    auto loaded = store->loadNewest(damaged);
    EXPECT_TRUE(loaded.has_value()) << where;
    // The protocol never lets a torn folder bear a checkpoint's name.
    EXPECT_TRUE(damaged.empty()) << where << ": " << damaged.front().reason;
    for (const auto& entry : fs::directory_iterator(crashed / "ckpt"))
      EXPECT_FALSE(entry.is_directory() && entry.path().filename().native().starts_with("."))
          << where << ": " << entry.path() << " was left behind";
    if (!loaded || !*loaded) return -1;
    EXPECT_TRUE(SmallModel((*loaded)->info().step).equals(**loaded)) << where;
    return (*loaded)->info().step;
  }

  TemporaryFolder folder_;
  const fs::path live_ = folder_.path() / "live";
  const fs::path crashed_ = folder_.path() / "crashed";
};

TEST_F(CrashPoints, ASaveAndItsPruningLoseNothing) {
  {
    auto store = CheckpointStore::open(options(nullptr));
    ASSERT_TRUE(store);
    ASSERT_TRUE(SmallModel(1).saveTo(*store));
    ASSERT_TRUE(SmallModel(2).saveTo(*store));
    ASSERT_TRUE(store->tidy());
  }
  FaultFs disk(live_);
  auto store = CheckpointStore::open(options(&disk));
  ASSERT_TRUE(store);
  ASSERT_TRUE(SmallModel(3).saveTo(*store));
  const size_t savedAt = disk.operations().size();
  const auto tidied = store->tidy();
  ASSERT_TRUE(tidied);
  ASSERT_EQ(tidied->pruned.size(), 1U);
  const size_t tidiedAt = disk.operations().size();
  ASSERT_TRUE(SmallModel(4).saveTo(*store));
  const size_t all = disk.operations().size();
  ASSERT_GT(savedAt, 15U);
  ASSERT_GT(tidiedAt, savedAt + 8);

  for (size_t at = 0; at <= all; ++at) {
    for (const CrashMode& mode : crashModes()) {
      const std::string where = "operation " + std::to_string(at) + ", mode " +
                                std::to_string(static_cast<int>(mode.kind)) + "/" +
                                std::to_string(mode.seed);
      disk.materialise(at, mode, crashed_);
      const int64_t step = recover(crashed_, where);
      EXPECT_GE(step, at >= all ? 4 : at >= savedAt ? 3 : 2) << where;
      EXPECT_LE(step, at > tidiedAt ? 4 : 3) << where;
      fs::remove_all(crashed_);
    }
  }
  RecordProperty("crash_points", static_cast<int>(all + 1));
  RecordProperty("recoveries", static_cast<int>((all + 1) * crashModes().size()));
}

TEST_F(CrashPoints, TheVeryFirstSaveIsThereOrNotThere) {
  fs::create_directory(live_ / "ckpt");
  FaultFs disk(live_);
  auto store = CheckpointStore::open(options(&disk));
  ASSERT_TRUE(store);
  ASSERT_TRUE(SmallModel(0).saveTo(*store));
  const size_t all = disk.operations().size();
  for (size_t at = 0; at <= all; ++at) {
    for (const CrashMode& mode : crashModes()) {
      disk.materialise(at, mode, crashed_);
      const int64_t step = recover(crashed_, "operation " + std::to_string(at));
      EXPECT_GE(step, at == all ? 0 : -1);
      fs::remove_all(crashed_);
    }
  }
}

// The disk under test really forgets: of a writer without fsync, torn states appear.
TEST_F(CrashPoints, AWriterThatDoesNotSyncIsFound) {
  fs::create_directory(live_ / "ckpt");
  FaultFs disk(live_);
  const fs::path unfinished = live_ / "ckpt" / "unfinished";
  ASSERT_TRUE(disk.makeFolder(unfinished));
  auto file = disk.create(unfinished / "manifest.json");
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->write(std::as_bytes(std::span("{}"))));
  ASSERT_TRUE(disk.syncFolder(unfinished));
  ASSERT_TRUE(disk.rename(unfinished, live_ / "ckpt" / "step_1"));
  const size_t all = disk.operations().size();
  disk.materialise(all, {Kind::kDropBytes}, crashed_);
  EXPECT_EQ(fs::file_size(crashed_ / "ckpt" / "step_1" / "manifest.json"), 0U);
  fs::remove_all(crashed_);
  disk.materialise(all, {Kind::kDropNames}, crashed_);
  EXPECT_FALSE(fs::exists(crashed_ / "ckpt" / "step_1"));
}

}  // namespace
}  // namespace z2
