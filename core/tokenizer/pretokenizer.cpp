#include "core/tokenizer/pretokenizer.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/io/limits.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"
#include "core/tokenizer/pattern_scanner.h"
#include "core/tokenizer/split_behavior.h"
#include "core/tokenizer/split_regex.h"

namespace z2 {

namespace {

using Pieces = std::vector<std::string_view>;
using Step = PretokenizerStep;

struct CompiledStep {
  std::optional<KnownPattern> scanner;
  std::optional<SplitRegex> regex;
};

std::optional<KnownPattern> scannerOf(const Step& step) {
  if (step.kind == Step::Kind::kByteLevel && step.usesRegex) return KnownPattern::kGpt2;
  const bool isPlainSplit = step.kind == Step::Kind::kSplitRegex &&
                            step.behavior == SplitBehavior::kIsolated && !step.isInverted;
  return isPlainSplit ? recognizePattern(step.pattern) : std::nullopt;
}

// The characters that `isMatch` picks, each a match of its own.
template <typename IsMatch>
void matchCharacters(std::string_view text, IsMatch isMatch, std::vector<MatchRange>& matches) {
  matches.clear();
  for (size_t at = 0; at < text.size();) {
    uint32_t length = 0;
    if (isMatch(decodeValidUtf8(text.data() + at, length))) matches.push_back({at, at + length});
    at += length;
  }
}

void matchString(std::string_view text, std::string_view pattern,
                 std::vector<MatchRange>& matches) {
  matches.clear();
  if (pattern.empty()) return;
  for (size_t at = text.find(pattern); at != std::string_view::npos;
       at = text.find(pattern, at + pattern.size()))
    matches.push_back({at, at + pattern.size()});
}

// \w+|[^\w\s]+ with Rust's \w.
void matchWords(std::string_view text, std::vector<MatchRange>& matches) {
  matches.clear();
  const UnicodeClasses& classes = UnicodeClasses::get();
  int previous = -1;
  for (size_t at = 0; at < text.size();) {
    uint32_t length = 0;
    const uint8_t flags = classes.of(decodeValidUtf8(text.data() + at, length));
    const int kind = (flags & kWord) != 0 ? 1 : (flags & kSpace) != 0 ? 0 : 2;
    if (kind != 0 && kind == previous)
      matches.back().end = at + length;
    else if (kind != 0)
      matches.push_back({at, at + length});
    previous = kind;
    at += length;
  }
}

}  // namespace

struct Pretokenizer::Compiled {
  std::vector<Step> steps;
  std::vector<CompiledStep> compiled;
  // Set when one scanner (and ByteLevel without a prefix) is all there is to do.
  std::optional<KnownPattern> onlyScanner;
  bool isByteLevel = false;
};

struct PretokenizerScratch::Buffers {
  SplitRegex::Workspace workspace;
  std::vector<MatchRange> matches;
  Pieces current;
  Pieces next;
  std::deque<std::string> texts;  // what steps wrote; addresses stay
};

PretokenizerScratch::PretokenizerScratch() : buffers_(std::make_unique<Buffers>()) {}
PretokenizerScratch::~PretokenizerScratch() = default;
PretokenizerScratch::PretokenizerScratch(PretokenizerScratch&&) noexcept = default;
PretokenizerScratch& PretokenizerScratch::operator=(PretokenizerScratch&&) noexcept = default;

Pretokenizer::Pretokenizer(std::unique_ptr<const Compiled> compiled)
    : compiled_(std::move(compiled)) {}
Pretokenizer::~Pretokenizer() = default;
Pretokenizer::Pretokenizer(Pretokenizer&&) noexcept = default;
Pretokenizer& Pretokenizer::operator=(Pretokenizer&&) noexcept = default;

const std::vector<PretokenizerStep>& Pretokenizer::steps() const { return compiled_->steps; }
bool Pretokenizer::isByteLevel() const { return compiled_->isByteLevel; }

Result<Pretokenizer> Pretokenizer::create(std::vector<PretokenizerStep> steps) {
  if (steps.size() > limits::kPipelineSteps)
    return badInput("pre_tokenizer",
                    "it has more than " + std::to_string(limits::kPipelineSteps) + " steps");
  auto compiled = std::make_unique<Compiled>();
  for (size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    CompiledStep made;
    made.scanner = scannerOf(step);
    if (step.kind == Step::Kind::kSplitRegex && !made.scanner) {
      Z2_TRY(made.regex, SplitRegex::compile(step.pattern));
    }
    if (step.kind == Step::Kind::kByteLevel && i + 1 != steps.size())
      return badInput("pre_tokenizer", "ByteLevel before another step is not supported",
                      "Put ByteLevel last");
    compiled->compiled.push_back(std::move(made));
  }
  if (!steps.empty() && steps.back().kind == Step::Kind::kByteLevel) {
    compiled->isByteLevel = true;
    const bool addsPrefix = steps.back().addsPrefixSpace;
    if (steps.size() == 1 && !addsPrefix) compiled->onlyScanner = compiled->compiled[0].scanner;
    if (steps.size() == 2 && !addsPrefix && !steps.back().usesRegex)
      compiled->onlyScanner = compiled->compiled[0].scanner;
  }
  compiled->steps = std::move(steps);
  return Pretokenizer(std::move(compiled));
}

namespace {

// One call of split: carries the pieces through the steps.
class Pipeline {
 public:
  Pipeline(std::string_view text, bool isAtStart, std::vector<MatchRange>& matches, Pieces& current,
           Pieces& next, std::deque<std::string>& texts, SplitRegex::Workspace& workspace)
      : start_(isAtStart ? text.data() : nullptr),
        matches_(matches),
        current_(current),
        next_(next),
        texts_(texts),
        workspace_(workspace) {
    current_.assign(text.empty() ? 0 : 1, text);
    texts_.clear();
  }

  Result<void> apply(const Step& step, const CompiledStep& compiled) {
    next_.clear();
    for (const std::string_view piece : current_) {
      Z2_TRY_VOID(applyToPiece(step, compiled, piece));
    }
    std::swap(current_, next_);
    return {};
  }

 private:
  Result<void> applyToPiece(const Step& step, const CompiledStep& compiled,
                            std::string_view piece) {
    if (step.kind == Step::Kind::kByteLevel) {
      byteLevel(step, piece);
      return {};
    }
    if (step.kind == Step::Kind::kMetaspace) {
      metaspace(step, piece);
      return {};
    }
    if (compiled.scanner) {
      scanPattern(*compiled.scanner, piece, next_);
      return {};
    }
    if (compiled.regex) {
      Z2_TRY_VOID(compiled.regex->findAll(piece, workspace_, matches_));
      applySplit(piece, matches_, step.behavior, step.isInverted, next_);
      return {};
    }
    classSplit(step, piece);
    return {};
  }

  void byteLevel(const Step& step, std::string_view piece) {
    if (step.addsPrefixSpace && !piece.starts_with(' '))
      piece = texts_.emplace_back(" " + std::string(piece));
    if (step.usesRegex)
      scanPattern(KnownPattern::kGpt2, piece, next_);
    else
      next_.push_back(piece);
  }

  void metaspace(const Step& step, std::string_view piece) {
    const bool isFirst = start_ != nullptr && piece.data() == start_;
    std::string& text = texts_.emplace_back();
    text.reserve(piece.size() + step.pattern.size());
    for (const char c : piece) {
      if (c == ' ')
        text += step.pattern;
      else
        text += c;
    }
    const bool prepends = step.prepend == PrependScheme::kAlways ||
                          (step.prepend == PrependScheme::kFirst && isFirst);
    if (prepends && !text.starts_with(step.pattern)) text.insert(0, step.pattern);
    if (!step.splits) {
      next_.push_back(text);
      return;
    }
    matchString(text, step.pattern, matches_);
    applySplit(text, matches_, SplitBehavior::kMergedWithNext, false, next_);
  }

  void classSplit(const Step& step, std::string_view piece) {
    const UnicodeClasses& classes = UnicodeClasses::get();
    const auto matchClass = [&](uint8_t flag) {
      matchCharacters(
          piece, [&](char32_t c) { return (classes.of(c) & flag) != 0; }, matches_);
    };
    SplitBehavior behavior = step.behavior;
    bool isInverted = step.isInverted;
    if (step.kind == Step::Kind::kSplitString) {
      matchString(piece, step.pattern, matches_);
    } else if (step.kind == Step::Kind::kDigits) {
      matchClass(kNumeric);
      behavior = step.splitsEachDigit ? SplitBehavior::kIsolated : SplitBehavior::kContiguous;
    } else if (step.kind == Step::Kind::kWhitespaceSplit) {
      matchClass(kSpace);
      behavior = SplitBehavior::kRemoved;
    } else if (step.kind == Step::Kind::kPunctuation) {
      matchClass(kPunctuation);
    } else {
      matchWords(piece, matches_);
      behavior = SplitBehavior::kRemoved;
      isInverted = true;
    }
    applySplit(piece, matches_, behavior, isInverted, next_);
  }

  const char* const start_;
  std::vector<MatchRange>& matches_;
  Pieces& current_;
  Pieces& next_;
  std::deque<std::string>& texts_;
  SplitRegex::Workspace& workspace_;
};

}  // namespace

Result<void> Pretokenizer::split(std::string_view text, PretokenizerScratch& scratch,
                                 std::vector<std::string_view>& pieces, bool isAtStart) const {
  if (compiled_->onlyScanner) {
    scanPattern(*compiled_->onlyScanner, text, pieces);
    return {};
  }
  PretokenizerScratch::Buffers& buffers = *scratch.buffers_;
  Pipeline pipeline(text, isAtStart, buffers.matches, buffers.current, buffers.next, buffers.texts,
                    buffers.workspace);
  for (size_t i = 0; i < compiled_->steps.size(); ++i) {
    Z2_TRY_VOID(pipeline.apply(compiled_->steps[i], compiled_->compiled[i]));
  }
  pieces.insert(pieces.end(), buffers.current.begin(), buffers.current.end());
  return {};
}

std::optional<std::string_view> namedPattern(std::string_view name) {
  if (name == "gpt2") return regexOf(KnownPattern::kGpt2);
  if (name == "llama3") return regexOf(KnownPattern::kLlama3);
  if (name == "qwen2") return regexOf(KnownPattern::kQwen2);
  return std::nullopt;
}

std::vector<PretokenizerStep> namedPretokenizer(std::string_view name) {
  PretokenizerStep byteLevel;
  byteLevel.kind = PretokenizerStep::Kind::kByteLevel;
  byteLevel.usesRegex = name == "gpt2";
  if (name == "gpt2") return {byteLevel};
  byteLevel.trimsOffsets = false;
  PretokenizerStep split;
  split.kind = PretokenizerStep::Kind::kSplitRegex;
  split.pattern = namedPattern(name).value_or(regexOf(KnownPattern::kLlama3));
  return {split, byteLevel};
}

}  // namespace z2
