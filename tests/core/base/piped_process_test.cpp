#include "core/base/piped_process.h"

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/line_reader.h"

namespace z2 {
namespace {

using Outcome = LineReader::Outcome;

TEST(PipedProcess, SpeaksByLines) {
  auto cat = PipedProcess::spawn("/bin/cat", {});
  ASSERT_TRUE(cat) << cat.error().text();
  std::string line;
  for (const char* text : {"one", "", "three words here"}) {
    ASSERT_TRUE(cat->writeLine(text));
    ASSERT_EQ(cat->readLine(line), Outcome::kLine);
    EXPECT_EQ(line, text);
  }
  cat->closeInput();
  EXPECT_EQ(cat->readLine(line), Outcome::kEnd);
  EXPECT_EQ(cat->wait().code, 0);
}

TEST(PipedProcess, AnEndedChildIsNoSignalToTheParent) {
  auto program = PipedProcess::spawn("/bin/false", {});
  ASSERT_TRUE(program);
  std::string line;
  EXPECT_EQ(program->readLine(line), Outcome::kEnd);
  const std::string much(1 << 20, 'x');
  EXPECT_FALSE(program->writeLine(much));
  EXPECT_EQ(program->wait().code, 1);
}

TEST(PipedProcess, TheEnvironmentIsThisProcessesAndWhatIsAdded) {
  ::setenv("Z2_PROBE", "inherited", 1);
  ::setenv("Z2_KEPT", "kept", 1);
  auto program = PipedProcess::spawn("/usr/bin/env", {}, {{"Z2_PROBE", "added"}});
  ASSERT_TRUE(program);
  std::vector<std::string> lines;
  for (std::string line; program->readLine(line) == Outcome::kLine;) lines.push_back(line);
  EXPECT_EQ(program->wait().code, 0);
  EXPECT_THAT(lines, testing::Contains("Z2_PROBE=added"));
  EXPECT_THAT(lines, testing::Not(testing::Contains("Z2_PROBE=inherited")));
  EXPECT_THAT(lines, testing::Contains("Z2_KEPT=kept"));
}

TEST(PipedProcess, AMissingProgramIsAnError) {
  EXPECT_FALSE(PipedProcess::spawn("/nowhere/program", {}));
}

TEST(LineReader, TellsWhetherALineIsThere) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  LineReader reader(ends[0]);
  std::string line;
  EXPECT_FALSE(reader.isReady());
  ASSERT_EQ(::write(ends[1], "half", 4), 4);
  EXPECT_FALSE(reader.isReady());
  ASSERT_EQ(::write(ends[1], " line\nlast", 10), 10);
  EXPECT_TRUE(reader.isReady());
  EXPECT_EQ(reader.next(line), Outcome::kLine);
  EXPECT_EQ(line, "half line");
  EXPECT_FALSE(reader.isReady());
  ::close(ends[1]);
  EXPECT_EQ(reader.next(line), Outcome::kLine);
  EXPECT_EQ(line, "last");
  EXPECT_EQ(reader.next(line), Outcome::kEnd);
  ::close(ends[0]);
}

}  // namespace
}  // namespace z2
