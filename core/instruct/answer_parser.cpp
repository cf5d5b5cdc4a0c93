#include "core/instruct/answer_parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "core/text/normalize.h"

namespace z2 {

namespace {

enum class Part { kHeader, kInstruction, kInput, kOutput };

struct Label {
  std::string_view word;  // lower case
  Part part;
};
constexpr std::array kLabels = {Label{"instruction", Part::kInstruction},
                                Label{"input", Part::kInput},
                                Label{"output", Part::kOutput},
                                Label{"指令", Part::kInstruction},
                                Label{"输入", Part::kInput},
                                Label{"输出", Part::kOutput},
                                Label{"response", Part::kOutput},
                                Label{"回答", Part::kOutput}};

bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

// Marks that models put before or behind labels.
void skipDecoration(std::string_view& text) {
  while (take(text, "*") || take(text, "#") || take(text, ">") || take(text, "_") ||
         take(text, "`") || take(text, " ") || take(text, "\t") || take(text, "[") ||
         take(text, "【") || take(text, "(") || take(text, "（"))
    continue;
}

bool skipNumber(std::string_view& text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
  return digits > 0;
}

// "12. ", "3) ", "4、"
void skipListNumber(std::string_view& text) {
  std::string_view rest = text;
  if (skipNumber(rest) && (take(rest, ".") || take(rest, ")") || take(rest, "、"))) text = rest;
}

// "[Task 4]"; without `isStrict` also "Task 4:", "### Task 4".
bool isHeader(std::string_view line, bool isStrict) {
  const std::string_view whole = trimmed(line);
  if (isStrict && !whole.starts_with('[') && !whole.starts_with("【")) return false;
  skipDecoration(line);
  if (!take(line, "Task") && !take(line, "task") && !take(line, "TASK") && !take(line, "任务"))
    return false;
  skipDecoration(line);
  if (!skipNumber(line)) return false;
  while (take(line, "]") || take(line, "】") || take(line, ")") || take(line, "）") ||
         take(line, "*") || take(line, ":") || take(line, "：") || take(line, ".") ||
         take(line, "#") || take(line, "=") || take(line, "-"))
    continue;
  return trimmed(line).empty();
}

struct LabelledLine {
  Part part;
  std::string_view rest;  // of the line, behind the label
};

bool startsWithWord(std::string_view text, std::string_view lowerCaseWord) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return text.size() >= lowerCaseWord.size() &&
         std::ranges::equal(text.substr(0, lowerCaseWord.size()), lowerCaseWord, {}, lower);
}

std::optional<LabelledLine> labelOf(std::string_view line) {
  skipDecoration(line);
  skipListNumber(line);
  skipDecoration(line);
  for (const auto& [word, part] : kLabels) {
    if (!startsWithWord(line, word)) continue;
    std::string_view rest = line.substr(word.size());
    while (take(rest, "*") || take(rest, "_") || take(rest, "]") || take(rest, "】")) continue;
    std::string_view number = rest;
    if (take(number, " ") && skipNumber(number)) rest = number;
    if (!take(rest, ":") && !take(rest, "：")) continue;
    while (take(rest, "*") || take(rest, "_")) continue;
    return LabelledLine{part, trimmed(rest)};
  }
  return std::nullopt;
}

bool isNone(std::string_view input) {
  std::string text = lowerCase(trimmed(input));
  for (const std::string_view mark :
       {"(", ")", "<", ">", "[", "]", ".", "*", "（", "）", "。", "【", "】", "\"", "-", "—"})
    for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark))
      text.erase(at, mark.size());
  const std::string_view bare = trimmed(text);
  constexpr std::array<std::string_view, 11> kNone = {
      "", "none", "n/a", "na", "noinput", "no input", "null", "无", "无输入", "空", "没有"};
  return std::ranges::find(kNone, bare) != kNone.end();
}

enum class Headers { kNone, kLoose, kStrict };

// Reads line after line; which labels count depends on what came before, so that an answer may
// itself speak of tasks, input and output.
class LabelReader {
 public:
  explicit LabelReader(Headers headers) : headers_(headers) {}

  void line(std::string_view text) {
    auto label = labelOf(text);
    if (headers_ != Headers::kNone && isHeader(text, headers_ == Headers::kStrict))
      label = LabelledLine{Part::kHeader, {}};
    if (label && counts(label->part)) {
      begin(*label);
      return;
    }
    if (!target_) return;
    if (!target_->empty()) *target_ += '\n';
    *target_ += text;
  }

  std::vector<FoundTask> finish(bool isCutOff) && {
    if (isCutOff && !tasks_.empty()) tasks_.back().isCutOff = true;
    for (FoundTask& found : tasks_) {
      InstructionTask& task = found.task;
      for (std::string* const part : {&task.instruction, &task.input, &task.output})
        *part = std::string(trimmed(*part));
      if (isNone(task.input)) task.input.clear();
    }
    std::erase_if(tasks_, [](const FoundTask& found) {
      return found.task.instruction.empty() && found.task.output.empty();
    });
    return std::move(tasks_);
  }

 private:
  [[nodiscard]] bool counts(Part part) const {
    switch (part) {
      case Part::kHeader:
        return true;
      case Part::kInstruction:
        return now_ == Part::kHeader || headers_ == Headers::kNone;
      case Part::kInput:
        return now_ == Part::kInstruction;
      case Part::kOutput:
        return now_ == Part::kInstruction || now_ == Part::kInput;
    }
    return false;
  }

  void begin(const LabelledLine& label) {
    const bool isNew = label.part == Part::kHeader || tasks_.empty() ||
                       (label.part == Part::kInstruction && headers_ == Headers::kNone);
    if (isNew) tasks_.emplace_back();
    now_ = label.part;
    target_ = nullptr;
    if (now_ == Part::kHeader) return;
    InstructionTask& task = tasks_.back().task;
    target_ = now_ == Part::kInstruction ? &task.instruction
              : now_ == Part::kInput     ? &task.input
                                         : &task.output;
    *target_ = label.rest;
  }

  Headers headers_;
  Part now_ = Part::kHeader;
  std::vector<FoundTask> tasks_;
  std::string* target_ = nullptr;  // into the last of tasks_
};

template <typename Function>
void forEachLine(std::string_view text, const Function& function) {
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    function(line);
    at = end + 1;
  }
}

// A part of a JSON task; lists and numbers as JSON writes them.
std::string jsonText(const Json& record, const char* name) {
  const auto found = record.find(name);
  if (found == record.end() || found->is_null()) return {};
  return found->is_string() ? std::string(trimmed(found->get_ref<const std::string&>()))
                            : jsonLine(*found);
}

void addJson(const Json& value, std::vector<FoundTask>& tasks) {
  if (value.is_array())
    for (const Json& element : value) addJson(element, tasks);
  if (!value.is_object()) return;
  if (!value.contains("instruction")) {
    // {"tasks": […]}
    for (const auto& [key, element] : value.items())
      if (element.is_array()) addJson(element, tasks);
    return;
  }
  InstructionTask task{jsonText(value, "instruction"), jsonText(value, "input"),
                       jsonText(value, "output")};
  if (isNone(task.input)) task.input.clear();
  tasks.push_back({std::move(task), false});
}

std::vector<FoundTask> parseJsonTasks(std::string_view text, bool isCutOff) {
  std::vector<FoundTask> tasks;
  if (const auto whole = parseJson(text, "answer")) {
    addJson(*whole, tasks);
    return tasks;
  }
  bool isLastBroken = false;
  forEachLine(text, [&](std::string_view line) {
    line = trimmed(line);
    if (line.ends_with(',')) line.remove_suffix(1);
    if (!line.starts_with('{')) return;
    const auto value = parseJson(line, "answer");
    isLastBroken = !value;
    if (value) addJson(*value, tasks);
  });
  if (isLastBroken && isCutOff) tasks.push_back({{}, true});
  return tasks;
}

std::string_view withoutThoughts(std::string_view text) {
  constexpr std::string_view kEnd = "</think>";
  const size_t end = text.rfind(kEnd);
  if (end != std::string_view::npos) return text.substr(end + kEnd.size());
  // Thoughts that did not come to an end.
  return trimmed(text).starts_with("<think>") ? std::string_view() : text;
}

// The inside of a fenced block that holds the whole answer.
std::string_view withoutFence(std::string_view text) {
  constexpr std::string_view kFence = "```";
  text = trimmed(text);
  if (!text.starts_with(kFence)) return text;
  const size_t line = text.find('\n');
  if (line == std::string_view::npos) return text;
  text.remove_prefix(line + 1);
  if (text.ends_with(kFence)) text.remove_suffix(kFence.size());
  return trimmed(text);
}

}  // namespace

std::vector<FoundTask> parseTasks(std::string_view answer, bool isCutOff) {
  const std::string_view text = withoutFence(withoutThoughts(answer));
  if (text.starts_with('[') || text.starts_with('{'))
    if (auto tasks = parseJsonTasks(text, isCutOff); !tasks.empty()) return tasks;
  auto headers = Headers::kNone;
  forEachLine(text, [&](std::string_view line) {
    if (isHeader(line, true))
      headers = Headers::kStrict;
    else if (headers == Headers::kNone && isHeader(line, false))
      headers = Headers::kLoose;
  });
  LabelReader reader(headers);
  forEachLine(text, [&](std::string_view line) { reader.line(line); });
  return std::move(reader).finish(isCutOff);
}

}  // namespace z2
