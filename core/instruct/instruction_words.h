#pragma once

// The words of an instruction as its likeness to others is measured: letters and digits in lower
// case, each run of them a word; each Chinese or Japanese character a word of its own; nothing
// else. For English this is what the package rouge-score does without its stemmer.

#include <string>
#include <string_view>
#include <vector>

#include "core/instruct/instruction_task.h"

namespace z2 {

// `text`: invalid UTF-8 is passed over.
[[nodiscard]] std::vector<std::string> instructionWords(std::string_view text);

// Whether it is a character that is a word of its own.
[[nodiscard]] bool isCharacterWord(std::string_view word);

// Chinese when at least a quarter of the words are characters.
[[nodiscard]] InstructionLanguage languageOf(const std::vector<std::string>& words);

}  // namespace z2
