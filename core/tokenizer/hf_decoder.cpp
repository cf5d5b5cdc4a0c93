#include "core/tokenizer/hf_decoder.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/utf8.h"
#include "core/tokenizer/hf_normalizer.h"
#include "core/tokenizer/pretokenizer.h"

namespace z2 {

namespace {

using Kind = DecoderStep::Kind;

// Bytes of neighbouring <0xHH> tokens as text; when they are not valid, one U+FFFD for each byte.
void flushBytes(std::string& bytes, std::vector<std::string>& out) {
  if (bytes.empty()) return;
  if (!isValidUtf8(bytes)) {
    const size_t count = bytes.size();
    bytes.clear();
    for (size_t i = 0; i < count; ++i) appendUtf8(bytes, kReplacementCharacter);
  }
  out.push_back(std::exchange(bytes, {}));
}

std::vector<std::string> joinBytes(const std::vector<std::string>& tokens) {
  std::vector<std::string> out;
  std::string bytes;
  for (const std::string& token : tokens) {
    if (const auto byte = byteFallbackByte(token)) {
      bytes.push_back(static_cast<char>(*byte));
      continue;
    }
    flushBytes(bytes, out);
    out.push_back(token);
  }
  flushBytes(bytes, out);
  return out;
}

std::string strippedOf(std::string_view token, const DecoderStep& step) {
  for (int i = 0; i < step.start && token.starts_with(step.content); ++i)
    token.remove_prefix(step.content.size());
  for (int i = 0; i < step.stop && token.ends_with(step.content); ++i)
    token.remove_suffix(step.content.size());
  return std::string(token);
}

std::string join(const std::vector<std::string>& tokens, std::string_view separator) {
  std::string text;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0) text += separator;
    text += tokens[i];
  }
  return text;
}

std::string lossy(std::string text) {
  std::string buffer;
  return std::string(replaceInvalidUtf8(text, buffer));
}

}  // namespace

std::string byteLevelBytes(std::string_view spelling) {
  if (auto bytes = ByteAlphabet::bytesOf(spelling)) return *std::move(bytes);
  return std::string(spelling);
}

std::optional<uint8_t> byteFallbackByte(std::string_view spelling) {
  if (spelling.size() != 6 || !spelling.starts_with("<0x") || spelling.back() != '>')
    return std::nullopt;
  unsigned value = 0;
  const char* const end = spelling.data() + 5;
  const auto [stop, error] = std::from_chars(spelling.data() + 3, end, value, 16);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return static_cast<uint8_t>(value);
}

Result<HfDecoder> HfDecoder::create(std::vector<DecoderStep> steps) {
  HfDecoder made;
  for (const DecoderStep& step : steps) {
    made.regexes_.emplace_back();
    if (step.kind == Kind::kReplaceString && step.pattern.empty())
      return badInput("decoder", "Replace with an empty pattern is not supported");
    if (step.kind == Kind::kReplaceRegex) {
      Z2_TRY(made.regexes_.back(), SplitRegex::compile(step.pattern));
    }
  }
  made.steps_ = std::move(steps);
  return made;
}

bool HfDecoder::isByteLevelOnly() const {
  return steps_.size() == 1 && steps_[0].kind == Kind::kByteLevel;
}

std::string HfDecoder::replaced(size_t index, std::string_view token) const {
  std::vector<MatchRange> matches;
  if (regexes_[index]) {
    SplitRegex::Workspace workspace;
    // A token is short: the limits are out of reach, and a token left as it is would be no harm.
    if (!regexes_[index]->findAll(token, workspace, matches)) return std::string(token);
  } else {
    findString(token, steps_[index].pattern, matches);
  }
  return replaceMatches(token, matches, steps_[index].content);
}

void HfDecoder::apply(size_t index, std::vector<std::string>& tokens) const {
  const DecoderStep& step = steps_[index];
  switch (step.kind) {
    case Kind::kByteLevel: {
      std::string bytes;
      for (const std::string& token : tokens) bytes += byteLevelBytes(token);
      tokens = {lossy(std::move(bytes))};
      return;
    }
    case Kind::kByteFallback:
      tokens = joinBytes(tokens);
      return;
    case Kind::kFuse:
      tokens = {join(tokens, "")};
      return;
    case Kind::kStrip:
      for (std::string& token : tokens) token = strippedOf(token, step);
      return;
    case Kind::kReplaceString:
    case Kind::kReplaceRegex:
      for (std::string& token : tokens) token = replaced(index, token);
      return;
    case Kind::kMetaspace: {
      std::vector<MatchRange> matches;
      bool dropsMarks = step.prepend != PrependScheme::kNever;  // of the first token
      for (std::string& token : tokens) {
        findString(token, step.pattern, matches);
        token = replaceMatches(token, matches, dropsMarks ? "" : " ");
        dropsMarks = false;
      }
      return;
    }
  }
}

std::string HfDecoder::decode(std::vector<std::string> tokens) const {
  if (steps_.empty()) return join(tokens, " ");
  for (size_t i = 0; i < steps_.size(); ++i) apply(i, tokens);
  return join(tokens, "");
}

std::string HfDecoder::bytesInside(std::string_view spelling) const {
  std::string text(spelling);
  for (size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].kind == Kind::kByteLevel) text = byteLevelBytes(text);
    if (steps_[i].kind == Kind::kByteFallback)
      if (const auto byte = byteFallbackByte(text)) return {static_cast<char>(*byte)};
    if (steps_[i].kind == Kind::kReplaceString || steps_[i].kind == Kind::kReplaceRegex)
      text = replaced(i, text);
    if (steps_[i].kind == Kind::kMetaspace) {
      std::vector<MatchRange> matches;
      findString(text, steps_[i].pattern, matches);
      text = replaceMatches(text, matches, " ");
    }
  }
  return text;
}

}  // namespace z2
