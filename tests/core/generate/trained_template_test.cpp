#include "core/generate/trained_template.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "core/data/data_manifest.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "core/run/run_directory.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;

class TrainedTemplate : public ::testing::Test {
 protected:
  void SetUp() override {
    const Json values = {{"data.train", prefix()}};
    const auto config = RunConfig::make(Task::kPretrain, values);
    ASSERT_TRUE(config) << config.error().text();
    ASSERT_TRUE(RunDirectory::create(run(), *config));
    ASSERT_TRUE(makeFolders(run() / "ckpt/step_1"));
  }
  [[nodiscard]] fs::path run() const { return folder_.path() / "run"; }
  [[nodiscard]] std::string prefix() const { return (folder_.path() / "data").native(); }
  void writeManifest(const Json& options) const {
    DataManifest manifest;
    manifest.options = options;
    ASSERT_TRUE(writeJsonFile(prefix() + ".manifest.json", manifest.toJson()));
  }
  [[nodiscard]] ModelDescription model(ModelKind kind, const fs::path& path) const {
    ModelDescription description;
    description.kind = kind;
    description.path = path;
    return description;
  }

  TemporaryFolder folder_;
};

TEST_F(TrainedTemplate, IsThatOfTheRunsData) {
  writeManifest({{"template", "chatml"}, {"template_source", "{{ messages }}"}});
  for (const ModelDescription& named :
       {model(ModelKind::kRun, run()), model(ModelKind::kCheckpoint, run() / "ckpt/step_1")}) {
    const auto found = trainedTemplate(named);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, "chatml");
    EXPECT_EQ(found->source, "{{ messages }}");
  }
  EXPECT_FALSE(trainedTemplate(model(ModelKind::kHfDirectory, run())));
}

TEST_F(TrainedTemplate, WithoutOneTheTokenizersIsTaken) {
  EXPECT_FALSE(trainedTemplate(model(ModelKind::kRun, run())));
  writeManifest(Json::object());
  EXPECT_FALSE(trainedTemplate(model(ModelKind::kRun, run())));
  ASSERT_TRUE(replaceFile(folder_.path() / "chat_template.jinja", "own"));
  const auto found = templateOf(model(ModelKind::kRun, run()), folder_.path());
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->source, "own");
}

}  // namespace
}  // namespace z2
