#include "core/demo/demo_text.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "core/io/files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

TEST(DemoText, ChaptersBecomeParagraphs) {
  EXPECT_EQ(chaptersOfVerses("Ge1:1 In the beginning.\nGe1:2 And the earth.\nGe2:1 Thus.\nnoise\n"),
            "In the beginning. And the earth.\n\nThus.\n");
}

TEST(DemoText, ManualPagesLoseTheirMarkup) {
  EXPECT_EQ(textOfManualPages(".\\\" a comment\n.TH LS 1\n.SH 名称\nls \\- 列出目录内容\n.PP\n"
                              "\\fBls\\fP [\\fI\\,选项\\/\\fP]\n.TH CP 1\n.SH 概述\ncut \xE4\n"),
            "名称\nls - 列出目录内容\nls [选项]\n\n概述\n");
}

TEST(DemoText, GeneratedSentencesAreTheSameEveryTime) {
  const std::string text = generatedSentences(5000);
  EXPECT_GE(text.size(), 5000u);
  EXPECT_EQ(text, generatedSentences(5000));
  EXPECT_NE(text.find(".\n\n"), std::string::npos);
}

TEST(DemoText, WritesEnoughTextAndKeepsIt) {
  const TemporaryFolder folder;
  for (const DemoLanguage language : {DemoLanguage::kEnglish, DemoLanguage::kChinese}) {
    const auto file = makeDemoText(folder.path() / "text", language);
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_GE(std::filesystem::file_size(*file), 1'000'000u);
    ASSERT_TRUE(replaceFile(*file, "mine"));
    ASSERT_TRUE(makeDemoText(folder.path() / "text", language));
    EXPECT_EQ(readFile(*file).value(), "mine");
  }
}

}  // namespace
}  // namespace z2
