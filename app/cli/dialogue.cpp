#include "app/cli/dialogue.h"

#include <fmt/format.h>

namespace z2::cli {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

}  // namespace

void Dialogue::ask(std::string text) { turns_.push_back({std::string(trimmed(text)), {}}); }

void Dialogue::answer(std::string_view text) { turns_.back().answer = trimmed(text); }

void Dialogue::withdraw() { turns_.pop_back(); }

std::string Dialogue::transcript() const {
  std::string text;
  for (size_t i = 0; i < turns_.size(); ++i) {
    text += (i == 0 ? "User: " : "\nUser: ") + turns_[i].question + "\nAssistant:";
    if (!turns_[i].answer.empty()) text += " " + turns_[i].answer;
  }
  return text;
}

Result<std::vector<int32_t>> Dialogue::encode(const Tokenizer& tokenizer, int64_t limit) {
  EncodeScratch scratch;
  while (true) {
    std::vector<int32_t> ids;
    Z2_TRY_VOID(tokenizer.encode(transcript(), {}, scratch, ids));
    if (std::ssize(ids) <= limit) return ids;
    if (turns_.size() == 1)
      return badInput(
          "question",
          fmt::format("it has {} tokens; the model reads {} beside its answer", ids.size(), limit),
          "Shorten it, or allow fewer --max-new-tokens");
    turns_.erase(turns_.begin());
  }
}

}  // namespace z2::cli
