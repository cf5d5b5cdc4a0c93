#pragma once

// The sentences that a C++ source says, found in its text: what is given to errors, set as words of
// a status or a finding, or returned. Enough of the language is understood for the style of this
// tree: string literals, fmt::format, std::string(), + and ?:.

#include <filesystem>
#include <string>
#include <vector>

namespace z2::ui {

struct SourceSentence {
  std::filesystem::path file;
  int line = 0;
  std::string call;  // the function that it is given to; may be empty
  std::string text;  // with kPlace where something is put in
};

inline constexpr char kPlace = '\x01';

// One for each way that a sentence can turn out; only texts of at least two words.
[[nodiscard]] std::vector<SourceSentence> sentencesOf(const std::filesystem::path& file);

}  // namespace z2::ui
