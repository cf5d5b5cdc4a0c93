#include "core/instruct/task_filter.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/instruct/instruction_words.h"
#include "core/io/files.h"

namespace z2 {

namespace {

constexpr uint64_t kBannedFileBytes = uint64_t{16} << 20;

DropReason dropped(std::string_view reason, std::string detail = {}) {
  return {std::string(reason), std::move(detail)};
}

}  // namespace

std::vector<std::string> defaultBannedWords(InstructionLanguage language) {
  if (language == InstructionLanguage::kChinese)
    return {"图片", "图像", "照片", "插图", "视频", "音频", "录音", "截图", "附件", "网址"};
  return {"image",   "images",   "picture",    "pictures",     "photo", "photos",
          "video",   "videos",   "audio",      "screenshot",   "url",   "hyperlink",
          "diagram", "diagrams", "attachment", "attached file"};
}

Result<std::vector<std::string>> readBannedWords(const std::filesystem::path& file) {
  Z2_TRY(const std::string text, readFile(file, kBannedFileBytes));
  std::vector<std::string> words;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trimmed(std::string_view(text).substr(at, end - at));
    at = end + 1;
    if (line.empty()) continue;
    if (instructionWords(line).empty())
      return badInput(file.native(), fmt::format("\"{}\" has no letter and no digit", line),
                      "Give one word or phrase a line");
    words.emplace_back(line);
  }
  return words;
}

TaskFilter::TaskFilter(FilterOptions options) : options_(std::move(options)) {
  for (const std::string& phrase : options_.banned) banned_.push_back(instructionWords(phrase));
}

void TaskFilter::remember(const std::string& instruction) {
  index_.add(instructionWords(instruction));
  instructions_.push_back(instruction);
}

std::optional<DropReason> TaskFilter::judgeWords(const std::vector<std::string>& words) const {
  if (words.size() < options_.minWords)
    return dropped(drop_reason::kShort, fmt::format("{} words", words.size()));
  if (words.size() > options_.maxWords)
    return dropped(drop_reason::kLong, fmt::format("{} words", words.size()));
  if (languageOf(words) != options_.language) return dropped(drop_reason::kLanguage);
  for (size_t i = 0; i < banned_.size(); ++i)
    if (!std::ranges::search(words, banned_[i]).empty())
      return dropped(drop_reason::kBanned, options_.banned[i]);
  return std::nullopt;
}

std::optional<DropReason> TaskFilter::judge(const InstructionTask& task) {
  if (task.instruction.empty()) return dropped(drop_reason::kNoInstruction);
  if (task.output.empty()) return dropped(drop_reason::kNoOutput);
  const std::vector<std::string> words = instructionWords(task.instruction);
  if (auto reason = judgeWords(words)) return reason;
  if (const auto match = index_.mostSimilar(words, options_.similarity))
    return dropped(drop_reason::kSimilar,
                   fmt::format("{:.2f}: {}", match->similarity, instructions_[match->text]));
  index_.add(words);
  instructions_.push_back(task.instruction);
  return std::nullopt;
}

}  // namespace z2
