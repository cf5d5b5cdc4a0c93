#pragma once

// A task as instruction data has it: what is asked, on what, and the answer (Alpaca's record).

#include <string>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2 {

struct InstructionTask {
  std::string instruction;
  std::string input;  // empty: none is needed
  std::string output;

  // {"instruction","input","output"}
  [[nodiscard]] Json toJson() const;
  // kBadInput when there is no text "instruction" or "output"; a missing or null input is empty.
  [[nodiscard]] static Result<InstructionTask> fromJson(const Json& record, std::string_view where);
};

enum class InstructionLanguage { kEnglish, kChinese };
[[nodiscard]] std::string_view nameOf(InstructionLanguage language);  // "en", "zh"

// Without the white space around it, also that of Chinese texts.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace z2
