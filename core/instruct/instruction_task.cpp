#include "core/instruct/instruction_task.h"

namespace z2 {

namespace {

constexpr std::string_view kIdeographicSpace = "\u3000";

Result<std::string> textOf(const Json& record, const char* name, bool isNeeded,
                           std::string_view where) {
  const auto found = record.find(name);
  if (found == record.end() || found->is_null()) {
    if (!isNeeded) return std::string();
    return badInput(std::string(where), std::string("there is no \"") + name + "\"",
                    "A task has \"instruction\", \"input\" and \"output\"");
  }
  if (!found->is_string())
    return badInput(std::string(where), std::string("\"") + name + "\" is no text",
                    "A task has the texts \"instruction\", \"input\" and \"output\"");
  return std::string(trimmed(found->get_ref<const std::string&>()));
}

}  // namespace

Json InstructionTask::toJson() const {
  return {{"instruction", instruction}, {"input", input}, {"output", output}};
}

Result<InstructionTask> InstructionTask::fromJson(const Json& record, std::string_view where) {
  if (!record.is_object())
    return badInput(std::string(where), "this is no JSON object", "One task a line");
  InstructionTask task;
  Z2_TRY(task.instruction, textOf(record, "instruction", true, where));
  Z2_TRY(task.input, textOf(record, "input", false, where));
  Z2_TRY(task.output, textOf(record, "output", true, where));
  return task;
}

std::string_view nameOf(InstructionLanguage language) {
  return language == InstructionLanguage::kChinese ? "zh" : "en";
}

std::string_view trimmed(std::string_view text) {
  const auto isSpace = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (true) {
    if (!text.empty() && isSpace(text.front()))
      text.remove_prefix(1);
    else if (!text.empty() && isSpace(text.back()))
      text.remove_suffix(1);
    else if (text.starts_with(kIdeographicSpace))
      text.remove_prefix(kIdeographicSpace.size());
    else if (text.ends_with(kIdeographicSpace))
      text.remove_suffix(kIdeographicSpace.size());
    else
      return text;
  }
}

}  // namespace z2
