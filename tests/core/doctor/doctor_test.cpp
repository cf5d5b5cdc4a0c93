#include "core/doctor/doctor.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/doctor/findings.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;

void makeProgram(const std::filesystem::path& file, const std::string& script) {
  std::ofstream(file) << "#!/bin/sh\n" << script << '\n';
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
}

TEST(Doctor, AMissingEngineIsBrokenAndHasAFix) {
  const TemporaryFolder folder;
  const Finding finding = examineTrainer(folder.path());
  EXPECT_EQ(finding.health, Health::kBroken);
  EXPECT_THAT(finding.found, HasSubstr("is not there"));
  EXPECT_THAT(finding.fix, HasSubstr("packaging/setup"));
}

TEST(Doctor, StartsTheEngineAndReportsWhatItSays) {
  const TemporaryFolder folder;
  makeProgram(folder.path() / "z2all-train", "echo z2all-train 7");
  EXPECT_THAT(examineTrainer(folder.path()).found, HasSubstr("z2all-train 7"));
  EXPECT_EQ(examineTrainer(folder.path()).health, Health::kGood);
  makeProgram(folder.path() / "z2all-train", "echo libtorch_cpu.so: cannot open >&2; exit 127");
  const Finding broken = examineTrainer(folder.path());
  EXPECT_EQ(broken.health, Health::kBroken);
  EXPECT_THAT(broken.found, HasSubstr("exit code 127"));
  EXPECT_THAT(broken.found, HasSubstr("cannot open"));
}

TEST(Doctor, TheDiskOfAWorkspaceThatIsNotThereYetIsThatOfItsParent) {
  const TemporaryFolder folder;
  const Finding finding = examineDisk(folder.path() / "a" / "b");
  EXPECT_NE(finding.health, Health::kBroken);
  EXPECT_GT(finding.details["free_gb"].get<double>(), 0);
}

TEST(Doctor, NamesThePluginsThatAreMissing) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "libz2_spm.so") << "";
  const Finding finding = examinePlugins(folder.path());
  EXPECT_EQ(finding.health, Health::kNote);
  EXPECT_THAT(finding.found, HasSubstr("not there: libz2_parquet.so"));
  EXPECT_EQ(finding.details["plugins"]["libz2_spm.so"], true);
}

TEST(Doctor, ExaminesEverythingInWordsAndJson) {
  const TemporaryFolder folder;
  const auto findings = examineMachine(folder.path(), folder.path());
  const Json json = toJson(findings);
  EXPECT_EQ(json["ok"], false);
  ASSERT_EQ(json["checks"].size(), 8U);
  EXPECT_GE(json["checks"][0]["cores"].get<int>(), 1);
  for (const Json& check : json["checks"]) {
    EXPECT_FALSE(check["found"].get<std::string>().empty()) << check;
    EXPECT_TRUE(check["health"] != "broken" || check["fix"].is_string()) << check;
  }
}

}  // namespace
}  // namespace z2
