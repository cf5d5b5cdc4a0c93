#include "core/tokenizer/hf_normalizer.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/normalize.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace z2 {

namespace {

using Kind = NormalizerStep::Kind;

std::string_view stripped(std::string_view text, bool left, bool right) {
  const UnicodeClasses& classes = UnicodeClasses::get();
  const auto isSpaceAt = [&](size_t at) {
    uint32_t length = 0;
    return (classes.of(decodeValidUtf8(text.data() + at, length)) & kSpace) != 0;
  };
  while (left && !text.empty() && isSpaceAt(0)) text.remove_prefix(utf8Length(text[0]));
  while (right && !text.empty()) {
    size_t last = text.size() - 1;
    while (last > 0 && isContinuationByte(text[last])) --last;
    if (!isSpaceAt(last)) break;
    text = text.substr(0, last);
  }
  return text;
}

NormalizationForm formOf(Kind kind) {
  return kind == Kind::kNfc    ? NormalizationForm::kNfc
         : kind == Kind::kNfd  ? NormalizationForm::kNfd
         : kind == Kind::kNfkc ? NormalizationForm::kNfkc
                               : NormalizationForm::kNfkd;
}

}  // namespace

std::string replaceMatches(std::string_view text, const std::vector<MatchRange>& matches,
                           std::string_view content) {
  std::string replaced;
  replaced.reserve(text.size() + matches.size() * content.size());
  size_t done = 0;
  for (const MatchRange& match : matches) {
    replaced.append(text.substr(done, match.begin - done)).append(content);
    done = match.end;
  }
  return replaced.append(text.substr(done));
}

void findString(std::string_view text, std::string_view pattern, std::vector<MatchRange>& matches) {
  matches.clear();
  for (size_t at = text.find(pattern); at != std::string_view::npos;
       at = text.find(pattern, at + pattern.size()))
    matches.push_back({at, at + pattern.size()});
}

Result<HfNormalizer> HfNormalizer::create(std::vector<NormalizerStep> steps) {
  HfNormalizer made;
  for (const NormalizerStep& step : steps) {
    made.regexes_.emplace_back();
    if (step.kind == Kind::kReplaceString && step.pattern.empty())
      return badInput("normalizer", "Replace with an empty pattern is not supported");
    if (step.kind == Kind::kReplaceRegex) {
      Z2_TRY(made.regexes_.back(), SplitRegex::compile(step.pattern));
    }
  }
  made.steps_ = std::move(steps);
  return made;
}

Result<std::string_view> HfNormalizer::apply(std::string_view text, Workspace& workspace) const {
  int turn = 0;  // the buffer that does not hold the text of now
  for (size_t i = 0; i < steps_.size(); ++i) {
    const NormalizerStep& step = steps_[i];
    std::string& buffer = workspace.buffers[turn];
    const char* const before = text.data();
    switch (step.kind) {
      case Kind::kNfc:
      case Kind::kNfd:
      case Kind::kNfkc:
      case Kind::kNfkd:
        text = normalizeUnicode(text, formOf(step.kind), buffer);
        break;
      case Kind::kLowercase:
        text = buffer = lowerCase(text);
        break;
      case Kind::kStrip:
        text = stripped(text, step.stripsLeft, step.stripsRight);
        break;
      case Kind::kPrepend:
        if (!text.empty()) text = buffer = step.content + std::string(text);
        break;
      case Kind::kReplaceString:
      case Kind::kReplaceRegex:
        if (regexes_[i]) {
          Z2_TRY_VOID(regexes_[i]->findAll(text, workspace.regex, workspace.matches));
        } else {
          findString(text, step.pattern, workspace.matches);
        }
        if (!workspace.matches.empty())
          text = buffer = replaceMatches(text, workspace.matches, step.content);
        break;
    }
    if (text.data() == buffer.data() && text.data() != before) turn = 1 - turn;
  }
  return text;
}

}  // namespace z2
