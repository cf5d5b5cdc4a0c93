// Ctrl-C in the middle of long work: exit code 5, and nothing half-written.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/types.h>

#include "core/base/check.h"
#include "core/base/process.h"
#include "core/io/files.h"
#include "tests/app/cli/program.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;

// Whether the program has come so far that it handles SIGINT itself.
bool listensToInterrupt(pid_t pid) {
  const std::string status =
      readFile("/proc/" + std::to_string(pid) + "/status").value_or(std::string());
  const size_t at = status.find("SigCgt:");
  if (at == std::string::npos) return false;
  return (std::strtoull(status.c_str() + at + 7, nullptr, 16) >> (SIGINT - 1) & 1) != 0;
}

// Runs z2all and stops it as Ctrl-C does, as soon as it listens.
ProcessEnd runAndInterrupt(const std::vector<std::string>& arguments, const fs::path& output) {
  ProcessSpec spec;
  spec.program = fs::path(Z2_BINARY_DIR) / "bin" / "z2all";
  spec.arguments = arguments;
  spec.output = output;
  auto child = ChildProcess::spawn(spec);
  Z2_CHECK(child.has_value(), child ? "" : child.error().text());
  const auto pid = static_cast<pid_t>(child->id().pid);
  while (!child->poll() && !listensToInterrupt(pid))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  ::kill(pid, SIGINT);
  return child->wait();
}

class InterruptedCommand : public testing::Test {
 protected:
  // Text of 400,000 words that hardly repeat: much to count and to merge.
  void SetUp() override {
    std::mt19937 random(11);
    std::string text;
    for (int i = 0; i < 400000; ++i) {
      for (uint32_t letters = 3 + random() % 12; letters > 0; --letters)
        text.push_back(static_cast<char>('a' + random() % 26));
      text.push_back(i % 16 == 15 ? '\n' : ' ');
    }
    ASSERT_TRUE(replaceFile(text_, text));
    ASSERT_TRUE(fs::create_directory(place_));
  }
  ProcessEnd train(const std::string& type, const fs::path& output) {
    return runAndInterrupt({"tokenizer", "train", "--type", type, "--input", text_.native(),
                            "--vocab-size", "60000", "--output", output.native()},
                           log_);
  }
  static size_t countIn(const fs::path& folder) {
    const fs::recursive_directory_iterator entries(folder);
    return static_cast<size_t>(std::distance(begin(entries), end(entries)));
  }

  TemporaryFolder folder_;
  const fs::path text_ = folder_.path() / "text.txt";
  const fs::path log_ = folder_.path() / "log";
  const fs::path place_ = folder_.path() / "place";
};

TEST_F(InterruptedCommand, TrainingLeavesNothing) {
  const ProcessEnd end = train("bbpe", place_ / "tokenizer");
  EXPECT_EQ(end.code, 5) << end.text() << readFile(log_).value_or("");
  EXPECT_EQ(countIn(place_), 0U);
}

TEST_F(InterruptedCommand, SentencePieceTrainingLeavesNothing) {
  if (!fs::exists(Z2_BINARY_DIR "/bin/libz2_spm.so"))
    GTEST_SKIP() << "sentencepiece is not installed: there is no libz2_spm.so";
  const ProcessEnd end = train("spm", place_ / "tokenizer");
  EXPECT_EQ(end.code, 5) << end.text() << readFile(log_).value_or("");
  EXPECT_EQ(countIn(place_), 0U);
}

TEST_F(InterruptedCommand, TrainingKeepsTheTokenizerThatWasThere) {
  const fs::path small = folder_.path() / "small.txt";
  const fs::path output = place_ / "tokenizer";
  ASSERT_TRUE(replaceFile(small, "the cat sat on the mat\n"));
  ASSERT_EQ(runProgram("z2all", {"tokenizer", "train", "--input", small.native(), "--vocab-size",
                                 "260", "--output", output.native()})
                .exitCode,
            0);
  const std::string before = readFile(output / "tokenizer.json").value_or("");
  const size_t files = countIn(place_);
  const ProcessEnd end = train("bbpe", output);
  EXPECT_EQ(end.code, 5) << end.text() << readFile(log_).value_or("");
  EXPECT_EQ(readFile(output / "tokenizer.json").value_or("none"), before);
  EXPECT_EQ(countIn(place_), files);
}

}  // namespace
}  // namespace z2
