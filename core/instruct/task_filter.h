#pragma once

// Which of the tasks that a model wrote are kept.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/instruct/instruction_task.h"
#include "core/instruct/rouge_index.h"

namespace z2 {

struct FilterOptions {
  InstructionLanguage language = InstructionLanguage::kEnglish;
  double similarity = 0.7;  // ROUGE-L of the instruction to a known one, above which it is dropped
  size_t minWords = 3;      // of an instruction, as instructionWords counts
  size_t maxWords = 150;
  std::vector<std::string> banned = {};  // words and phrases that an instruction must not have
};

// What a model without eyes, ears and a network cannot do, in the words of either language.
[[nodiscard]] std::vector<std::string> defaultBannedWords(InstructionLanguage language);
// One a line; blank lines are passed over.
[[nodiscard]] Result<std::vector<std::string>> readBannedWords(const std::filesystem::path& file);

// Why a task is not kept. The reasons are few and fixed, so that they can be counted.
struct DropReason {
  std::string reason;  // "too similar", "too short", …
  std::string detail;  // of this one; may be empty
};
namespace drop_reason {
inline constexpr std::string_view kSimilar = "too similar";
inline constexpr std::string_view kShort = "too short";
inline constexpr std::string_view kLong = "too long";
inline constexpr std::string_view kBanned = "banned word";
inline constexpr std::string_view kLanguage = "another language";
inline constexpr std::string_view kNoInstruction = "no instruction";
inline constexpr std::string_view kNoOutput = "no output";
inline constexpr std::string_view kCutOff = "cut off";
inline constexpr std::string_view kNoTask = "no task in the answer";
inline constexpr std::string_view kSurplus = "more than asked for";
inline constexpr std::string_view kByHand = "removed by hand";
}  // namespace drop_reason

// One thread at a time.
class TaskFilter {
 public:
  explicit TaskFilter(FilterOptions options);

  // Tasks that are there already: nothing like them is kept.
  void remember(const std::string& instruction);
  // Nothing when the task may be kept; it is then remembered.
  [[nodiscard]] std::optional<DropReason> judge(const InstructionTask& task);

 private:
  [[nodiscard]] std::optional<DropReason> judgeWords(const std::vector<std::string>& words) const;

  FilterOptions options_;
  std::vector<std::vector<std::string>> banned_;  // as words
  std::vector<std::string> instructions_;         // of the index
  RougeIndex index_;
};

}  // namespace z2
