#include "core/evaluate/choice_question.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/io/json.h"
#include "core/text/utf8.h"

namespace z2 {

namespace {

constexpr size_t kMostChoices = 26;  // letters

const Json* find(const Json& row, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto found = row.find(name); found != row.end()) return &*found;
  return nullptr;
}

std::string letterOf(size_t index) { return std::string(1, static_cast<char>('A' + index)); }

struct Choices {
  std::vector<std::string> texts;
  std::vector<std::string> labels;  // as the row spells them; empty: A, B, …
};

std::optional<std::vector<std::string>> textsOf(const Json& list) {
  if (!list.is_array()) return std::nullopt;
  std::vector<std::string> texts;
  for (const Json& text : list) {
    if (!text.is_string()) return std::nullopt;
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

std::optional<Choices> choicesOf(const Json& row) {
  Choices choices;
  const Json* const list = find(row, {"choices", "endings", "options"});
  if (list == nullptr) {
    for (size_t i = 0; i < kMostChoices; ++i) {
      const auto found = row.find(letterOf(i));
      if (found == row.end() || !found->is_string()) break;
      choices.texts.push_back(found->get<std::string>());
    }
    return choices;
  }
  if (list->is_object() && list->contains("text") && list->contains("label")) {
    const auto texts = textsOf((*list)["text"]);
    const auto labels = textsOf((*list)["label"]);
    if (!texts || !labels || texts->size() != labels->size()) return std::nullopt;
    return Choices{*texts, *labels};
  }
  auto texts = textsOf(*list);
  if (!texts) return std::nullopt;
  choices.texts = *std::move(texts);
  return choices;
}

std::optional<size_t> answerOf(const Json& answer, const Choices& choices) {
  if (answer.is_number_integer()) {
    const auto index = answer.get<int64_t>();
    if (index < 0 || std::cmp_greater_equal(index, choices.texts.size())) return std::nullopt;
    return static_cast<size_t>(index);
  }
  if (!answer.is_string()) return std::nullopt;
  const auto spelling = answer.get<std::string>();
  const auto label = std::ranges::find(choices.labels, spelling);
  if (label != choices.labels.end()) return static_cast<size_t>(label - choices.labels.begin());
  if (spelling.size() == 1 && spelling[0] >= 'A' &&
      static_cast<size_t>(spelling[0] - 'A') < choices.texts.size())
    return static_cast<size_t>(spelling[0] - 'A');
  size_t index = 0;
  const auto read = std::from_chars(spelling.data(), spelling.data() + spelling.size(), index);
  if (read.ec == std::errc() && read.ptr == spelling.data() + spelling.size() &&
      index < choices.texts.size())
    return index;
  return std::nullopt;
}

// Whether the text's last character belongs to a script without spaces.
bool endsWithoutSpaces(std::string_view text) {
  size_t at = text.size();
  while (at > 0 && (static_cast<uint8_t>(text[at - 1]) & 0xC0) == 0x80) --at;
  if (at == 0) return false;
  const char32_t last = decodeUtf8(text, at - 1).codePoint;
  return (last >= 0x3000 && last <= 0x9FFF) || (last >= 0xFF00 && last <= 0xFFEF);
}

bool hasHan(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const DecodedCharacter character = decodeUtf8(text, at);
    if (character.codePoint >= 0x4E00 && character.codePoint <= 0x9FFF) return true;
    at += character.length;
  }
  return false;
}

}  // namespace

Result<ChoiceQuestion> parseChoiceQuestion(std::string_view line, std::string_view where) {
  Z2_TRY(const Json row, parseJson(line, where));
  const auto refuse = [&](std::string what, std::string fix) {
    return badInput(std::string(where), std::move(what), std::move(fix));
  };
  if (!row.is_object()) return refuse("this is no JSON object", "One question a line");
  const Json* const question = find(row, {"question", "ctx", "query"});
  if (question == nullptr || !question->is_string())
    return refuse("there is no text \"question\"", "See z2all eval --help for the fields");
  auto choices = choicesOf(row);
  if (!choices || choices->texts.size() < 2 || choices->texts.size() > kMostChoices)
    return refuse("there is no list \"choices\" of 2 to 26 texts",
                  "See z2all eval --help for the fields");
  const Json* const answer = find(row, {"answer", "label", "answerKey", "gold"});
  if (answer == nullptr)
    return refuse("there is no \"answer\"", "Give a letter or an index from 0");
  const std::optional<size_t> index = answerOf(*answer, *choices);
  if (!index)
    return refuse("the answer " + answer->dump() + " is none of the choices",
                  "Give a letter or an index from 0");
  return ChoiceQuestion{question->get<std::string>(), std::move(choices->texts), *index};
}

ChoicePrompt makeChoicePrompt(const ChoiceQuestion& question, ChoiceFormat format) {
  ChoicePrompt prompt;
  prompt.context = question.question;
  if (format == ChoiceFormat::kText) {
    const char* const space = endsWithoutSpaces(question.question) ? "" : " ";
    for (const std::string& choice : question.choices)
      prompt.continuations.push_back(space + choice);
    return prompt;
  }
  const bool isChinese = hasHan(question.question);
  for (size_t i = 0; i < question.choices.size(); ++i) {
    prompt.context += "\n" + letterOf(i) + ". " + question.choices[i];
    prompt.continuations.push_back((isChinese ? "" : " ") + letterOf(i));
  }
  prompt.context += isChinese ? "\n答案：" : "\nAnswer:";
  return prompt;
}

std::string makeChoiceExample(const ChoiceQuestion& question, ChoiceFormat format) {
  ChoicePrompt prompt = makeChoicePrompt(question, format);
  return std::move(prompt.context) + prompt.continuations[question.answer] + "\n\n";
}

}  // namespace z2
