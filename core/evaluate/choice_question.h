#pragma once

// Multiple-choice questions of the usual sets, a JSON object a line.
//
//   {"question": text, "choices": [text, …], "answer": letter or index}       MMLU, C-Eval, CMMLU
//   {"question": text, "A": text, "B": text, …, "answer": "B"}
//   {"ctx": text, "endings": [text, …], "label": index}                       HellaSwag
//   {"question": text, "choices": {"text": […], "label": […]}, "answerKey": label}       ARC

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace z2 {

struct ChoiceQuestion {
  std::string question;
  std::vector<std::string> choices;  // at least two
  size_t answer = 0;                 // index into choices
  [[nodiscard]] bool operator==(const ChoiceQuestion&) const = default;
};

// A number, also one in a string, counts from 0. `where` names the line in errors, which say what
// is missing.
[[nodiscard]] Result<ChoiceQuestion> parseChoiceQuestion(std::string_view line,
                                                         std::string_view where);

enum class ChoiceFormat {
  kText,    // each choice's text is judged after the question
  kLetter,  // all choices are shown, and the letters are judged
};

// What stands before the choices, and each of them as the model reads it.
struct ChoicePrompt {
  std::string context;
  std::vector<std::string> continuations;
};
// Text: "QUESTION" and " CHOICE" (no space between Chinese characters). Letter:
// "QUESTION\nA. …\nB. …\nAnswer:" and " A"; with Chinese questions "答案：" and "A".
[[nodiscard]] ChoicePrompt makeChoicePrompt(const ChoiceQuestion& question, ChoiceFormat format);
// The same with its right answer and an empty line: what stands before a question as an example.
[[nodiscard]] std::string makeChoiceExample(const ChoiceQuestion& question, ChoiceFormat format);

}  // namespace z2
