#pragma once

// The text of the demo: something real that every Debian machine has, so that a first model can be
// trained without a download. English: the King James Bible (package bible-kjv). Chinese: manual
// pages (package manpages-zh). Where that is not installed, English sentences of a small grammar.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace z2 {

enum class DemoLanguage { kEnglish, kChinese };

// Writes the text into `folder` (made when missing), a document a paragraph, paragraphs separated
// by an empty line; returns the file. One that is there already is kept.
[[nodiscard]] Result<std::filesystem::path> makeDemoText(const std::filesystem::path& folder,
                                                         DemoLanguage language);

// One verse a line, "Ge1:2 And the earth …" → chapters as paragraphs, without references.
[[nodiscard]] std::string chaptersOfVerses(std::string_view verses);
// roff sources of manual pages, one after another → plain text, a page a paragraph.
[[nodiscard]] std::string textOfManualPages(std::string_view roff);
// About `bytes` of simple sentences; the same ones every time.
[[nodiscard]] std::string generatedSentences(size_t bytes);

}  // namespace z2
