// A full, failing or read-only disk at every operation of a save: earlier checkpoints load bit for
// bit, and nothing of the failed one is left.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "core/checkpoint/checkpoint_store.h"
#include "tests/crash/fault_fs.h"
#include "tests/crash/small_model.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;

struct Fault {
  const char* name;
  int errorNumber;
  bool isLasting;
};

class DiskFaults : public testing::TestWithParam<Fault> {};

size_t countUnfinished(const fs::path& store) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(store))
    count += entry.path().filename().native().starts_with(".tmp-step_") ? 1 : 0;
  return count;
}

TEST_P(DiskFaults, HarmNothingThatWasThere) {
  const Fault fault = GetParam();
  size_t failures = 0;
  for (size_t at = 0;; ++at) {
    SCOPED_TRACE(at);
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "ckpt";
    FaultFs disk(folder.path());
    auto store = CheckpointStore::open({path, 2, 1, &disk, "4194304999-1"});
    ASSERT_TRUE(store);
    ASSERT_TRUE(SmallModel(1).saveTo(*store));
    disk.failAt(at, fault.errorNumber, fault.isLasting);
    const auto saved = SmallModel(2).saveTo(*store);
    if (!disk.hasFailed()) break;
    ++failures;
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, ErrorCode::kEnvironment);
    EXPECT_NE(saved.error().text().find("step 2"), std::string::npos) << saved.error().text();
    if (fault.errorNumber != EROFS) {
      EXPECT_EQ(countUnfinished(path), 0U);
      // When the failing disk does not even take back the last rename, what stays is whole.
      const auto second = CheckpointStore::load(path / "step_2");
      EXPECT_EQ(second.has_value(), fs::exists(path / "step_2"));
      EXPECT_TRUE(!second || fault.isLasting);
    }
    disk.heal();
    auto reopened = CheckpointStore::open({path});
    ASSERT_TRUE(reopened);
    EXPECT_EQ(countUnfinished(path), 0U);
    const auto first = CheckpointStore::load(path / "step_1");
    ASSERT_TRUE(first);
    EXPECT_TRUE(SmallModel(1).equals(*first));
    // With the disk well again the next save works.
    ASSERT_TRUE(SmallModel(2).saveTo(*store));
    std::vector<DamagedCheckpoint> damaged;
    const auto newest = reopened->loadNewest(damaged);
    ASSERT_TRUE(newest && *newest);
    EXPECT_TRUE(SmallModel(2).equals(**newest));
    EXPECT_TRUE(damaged.empty());
  }
  EXPECT_GT(failures, 15U);
}

INSTANTIATE_TEST_SUITE_P(All, DiskFaults,
                         testing::Values(Fault{"Full", ENOSPC, true},
                                         Fault{"FullOnce", ENOSPC, false},
                                         Fault{"Failing", EIO, false},
                                         Fault{"OverQuota", EDQUOT, false},
                                         Fault{"ReadOnly", EROFS, true}),
                         [](const auto& chosen) { return chosen.param.name; });

TEST(DiskFaultsWhilePruning, KeepTheNewest) {
  for (size_t at = 0;; ++at) {
    SCOPED_TRACE(at);
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "ckpt";
    FaultFs disk(folder.path());
    auto store = CheckpointStore::open({path, 1, 0, &disk, {}});
    ASSERT_TRUE(store);
    for (int64_t step = 1; step <= 3; ++step) ASSERT_TRUE(SmallModel(step).saveTo(*store));
    disk.failAt(at, EIO, true);
    const auto tidied = store->tidy();
    if (!disk.hasFailed()) break;
    EXPECT_TRUE(!tidied || tidied->damaged.empty());
    auto reopened = CheckpointStore::open({path});
    ASSERT_TRUE(reopened);
    std::vector<DamagedCheckpoint> damaged;
    const auto newest = reopened->loadNewest(damaged);
    ASSERT_TRUE(newest && *newest);
    EXPECT_TRUE(SmallModel(3).equals(**newest));
    EXPECT_TRUE(damaged.empty());
  }
}

}  // namespace
}  // namespace z2
