#include "tests/support/task_model.h"

#include <functional>

#include "core/io/json.h"

namespace z2 {

InstructionTask madeUpTask(size_t number) {
  const std::string n = std::to_string(number);
  return {"Tell how a" + n + " b" + n + " c" + n + " d" + n + " e" + n, "material " + n,
          "The answer is " + n + ".\nIt has two lines."};
}

std::string replyWithText(const std::string& text, const std::string& finishReason) {
  return jsonLine(
      {{"choices", Json::array({{{"index", 0},
                                 {"message", {{"role", "assistant"}, {"content", text}}},
                                 {"finish_reason", finishReason}}})},
       {"usage", {{"prompt_tokens", 100}, {"completion_tokens", 50}}}});
}

std::string replyWithTasks(const std::string& requestBody, size_t count) {
  const Json body = parseJson(requestBody, "request").value();
  const size_t first = std::hash<std::string>()(body["messages"][0]["content"].get<std::string>()) %
                       1'000'000'000 * 100;
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    const InstructionTask task = madeUpTask(first + i);
    text += "[Task " + std::to_string(4 + i) + "]\nInstruction: " + task.instruction +
            "\nInput: " + task.input + "\nOutput: " + task.output + "\n\n";
  }
  return replyWithText(text);
}

}  // namespace z2
