#include "core/run_setup/create_run.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/checkpoint/checkpoint_store.h"
#include "core/io/files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Fork : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* suffix : {".bin", ".idx"}) std::ofstream(data_ + suffix) << "";
    save(10);
    save(20);
  }
  void save(int64_t step) {
    auto store = CheckpointStore::open({.folder = parent_.checkpoints()}).value();
    const std::vector<float> values = {1, 2, 3};
    const TensorView view{.name = "model:x",
                          .type = DType::kF32,
                          .shape = {3},
                          .bytes = std::as_bytes(std::span(values))};
    ASSERT_TRUE(store.save(step, std::span(&view, 1), Json::object(), std::nullopt));
  }

  TemporaryFolder folder_;
  std::string data_ = (folder_.path() / "data").native();
  RunDirectory parent_ =
      RunDirectory::create(folder_.path() / "parent",
                           RunConfig::make(Task::kPretrain, Json(),
                                           {"data.train=" + data_, "train.steps=20", "optim.lr=1"})
                               .value())
          .value();
};

TEST_F(Fork, HasTheConfigurationAndKeepsTheCheckpoint) {
  const RunSetup setup = prepareFork(parent_, 10, {"train.steps=7"}).value();
  const RunDirectory fork = createRun(folder_.path() / "fork/", setup).value();
  EXPECT_EQ(fork.config().real("optim.lr"), 1);
  EXPECT_EQ(fork.config().integer("train.steps"), 7);
  fs::remove_all(parent_.path());
  const fs::path kept = fork.config().text("model.init_from");
  EXPECT_EQ(kept, folder_.path() / "fork/origin/step_10");
  EXPECT_TRUE(CheckpointStore::load(kept));
  EXPECT_THAT(readFile(fork.events()).value(), HasSubstr(R"("event":"forked")"));
  EXPECT_TRUE(RunDirectory::open(fork.path()));
}

TEST_F(Fork, TakesTheNewestWholeOneAndRefusesADamagedOne) {
  std::ofstream(parent_.checkpoints() / "step_20/model.safetensors") << "broken";
  EXPECT_THAT(prepareFork(parent_, std::nullopt).value().config.text("model.init_from"),
              HasSubstr("step_10"));
  const auto made = createRun(folder_.path() / "fork", prepareFork(parent_, 20).value());
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().text(), HasSubstr("model.safetensors"));
  EXPECT_FALSE(fs::exists(folder_.path() / "fork"));
  EXPECT_THAT(prepareFork(parent_, 15).error().text(), HasSubstr("step 15"));
}

}  // namespace
}  // namespace z2
