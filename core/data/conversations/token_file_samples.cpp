#include "core/data/conversations/token_file_samples.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/data/conversations/preview_tokens.h"
#include "core/data/data_manifest.h"
#include "core/data/token_file.h"

namespace z2 {

namespace {

constexpr uint64_t kBetweenLooks = 1000;
constexpr uint64_t kPairSequences = 3;

// One sequence of the file, or the two that make one: prompt and answer.
struct Sequence {
  std::vector<std::pair<uint64_t, uint64_t>> parts;  // first token, count
  uint64_t prompt = 0;                               // tokens of it, which train nothing
  uint64_t size = 0;
  uint64_t begin = 0;  // what is kept of it
  uint64_t end = 0;

  [[nodiscard]] uint64_t promptSeen() const {
    return std::min(prompt, end) - std::min(prompt, begin);
  }
};

class TokenFileSamples final : public SampleSet {
 public:
  TokenFileSamples(TokenFile file, DataManifest manifest,
                   std::shared_ptr<const Tokenizer> tokenizer,
                   const TokenFileSamplesOptions& options)
      : file_(std::move(file)),
        manifest_(std::move(manifest)),
        tokenizer_(std::move(tokenizer)),
        options_(options) {}

  [[nodiscard]] bool hasPairs() const override { return manifest_.task == "dpo"; }
  // A row sees one token more than it has columns: the last target.
  [[nodiscard]] uint64_t longestAllowed() const override {
    return options_.sequenceLength == 0 ? 0 : options_.sequenceLength + 1;
  }

  [[nodiscard]] Result<SamplePreview> sample(uint64_t number) const override {
    const uint64_t count = file_.index().documents();
    if (number >= count)
      return badInput(file_.prefix().native(),
                      fmt::format("there is no sample {}; the last one is {}", number,
                                  static_cast<int64_t>(count) - 1));
    SamplePreview shown;
    shown.number = number;
    shown.place = file_.prefix().native();
    bool isTrained = true;
    std::vector<PreviewToken>* const outs[] = {&shown.sequence, &shown.rejected};
    const std::vector<Sequence> sequences = sequencesOf(number);
    for (size_t i = 0; i < sequences.size(); ++i) {
      const Sequence& sequence = sequences[i];
      show(sequence, *outs[i]);
      shown.promptTokens = sequence.prompt;
      shown.tokens = std::max(shown.tokens, sequence.size);
      shown.isCut = shown.isCut || isCut(sequence);
      const uint64_t trained = trainedIn(sequence);
      shown.trainedTokens += trained;
      isTrained = isTrained && trained > 0;
    }
    if (!isTrained)
      shown.problem = shown.isCut ? "what is trained lies behind the sequence length"
                                  : "nothing of it is trained";
    return shown;
  }

  [[nodiscard]] Result<SampleSurvey> survey(uint64_t limit, const Look& look) const override {
    SurveyCounter counter;
    const uint64_t all = file_.index().documents();
    const uint64_t count = limit == 0 ? all : std::min(all, limit);
    for (uint64_t number = 0; number < count; ++number) {
      if (number % kBetweenLooks == 0 && look && !look(counter.survey())) return counter.survey();
      SurveyCounter::Counted counted;
      bool isTrained = true;
      for (const Sequence& sequence : sequencesOf(number)) {
        const uint64_t trained = trainedIn(sequence);
        isTrained = isTrained && trained > 0;
        counted.trainedTokens += trained;
        // The prompt of a pair is in the file once.
        const uint64_t shared = counted.tokens == 0 ? 0 : sequence.promptSeen();
        counted.tokens += sequence.end - sequence.begin - shared;
        counted.length = std::max(counted.length, sequence.size);
        counted.isCut = counted.isCut || isCut(sequence);
      }
      if (isTrained)
        counter.addSample(counted);
      else
        counter.addUntrained(counted.length);
    }
    SampleSurvey done = counter.survey();
    done.isComplete = count == all;
    return done;
  }

 private:
  static bool isCut(const Sequence& sequence) {
    return sequence.end - sequence.begin < sequence.size;
  }

  [[nodiscard]] std::vector<Sequence> sequencesOf(uint64_t document) const {
    const TokenIndex& index = file_.index();
    const uint64_t first = index.documentFirstSequence(document);
    std::vector<Sequence> made;
    if (!hasPairs()) {
      made.emplace_back().parts.emplace_back(index.documentStart(document),
                                             index.documentTokens(document));
    } else {
      for (const uint64_t answer : {first + 1, first + 2}) {
        Sequence& sequence = made.emplace_back();
        for (const uint64_t i : {first, answer})
          sequence.parts.emplace_back(index.sequenceStart(i), index.sequenceTokens(i));
        sequence.prompt = index.sequenceTokens(first);
      }
    }
    for (Sequence& sequence : made) {
      for (const auto& [start, count] : sequence.parts) sequence.size += count;
      const uint64_t kept =
          longestAllowed() == 0 ? sequence.size : std::min(sequence.size, longestAllowed());
      sequence.begin = hasPairs() && options_.keepsEnd ? sequence.size - kept : 0;
      sequence.end = sequence.begin + kept;
    }
    return made;
  }

  // The mask of the whole sequence; of a prompt it is 0.
  [[nodiscard]] std::vector<uint8_t> maskOf(const Sequence& sequence) const {
    std::vector<uint8_t> mask;
    for (const auto& [start, count] : sequence.parts) {
      const auto bytes = file_.mask(start, count);
      mask.insert(mask.end(), bytes.begin(), bytes.end());
    }
    std::fill_n(mask.begin(), static_cast<ptrdiff_t>(sequence.prompt), uint8_t{0});
    return mask;
  }

  // The first token that is seen is no target.
  [[nodiscard]] uint64_t trainedIn(const Sequence& sequence) const {
    const std::vector<uint8_t> mask = maskOf(sequence);
    if (sequence.end < sequence.begin + 2) return 0;
    return static_cast<uint64_t>(
        std::count_if(mask.begin() + static_cast<ptrdiff_t>(sequence.begin) + 1,
                      mask.begin() + static_cast<ptrdiff_t>(sequence.end),
                      [](uint8_t byte) { return byte != 0; }));
  }

  void show(const Sequence& sequence, std::vector<PreviewToken>& out) const {
    std::vector<int32_t> ids(sequence.size);
    size_t at = 0;
    for (const auto& [start, count] : sequence.parts) {
      file_.read(start, std::span(ids).subspan(at, count));
      at += count;
    }
    const std::vector<uint8_t> mask = maskOf(sequence);
    const auto add = [&](uint64_t from, uint64_t to, bool isCutOff) {
      appendTokens(std::span(ids).subspan(from, to - from),
                   std::span(mask).subspan(from, to - from), isCutOff, tokenizer_.get(), out);
    };
    add(0, sequence.begin, true);
    add(sequence.begin, sequence.end, false);
    add(sequence.end, sequence.size, true);
  }

  const TokenFile file_;
  const DataManifest manifest_;
  const std::shared_ptr<const Tokenizer> tokenizer_;
  const TokenFileSamplesOptions options_;
};

}  // namespace

Result<std::shared_ptr<const SampleSet>> openTokenFileSamples(
    const std::filesystem::path& prefix, std::shared_ptr<const Tokenizer> tokenizer,
    const TokenFileSamplesOptions& options) {
  Z2_TRY(const auto manifest, DataManifest::read(prefix));
  if (!manifest || (manifest->task != "sft" && manifest->task != "dpo"))
    return badInput(prefix.native(), "this is no data for fine-tuning or alignment",
                    "Make it with z2all data tokenize --task sft or dpo");
  Z2_TRY(TokenFile file, TokenFile::open(prefix, TokenFile::Mask::kRequired));
  const TokenIndex& index = file.index();
  for (uint64_t i = 0; manifest->task == "dpo" && i < index.documents(); ++i) {
    const uint64_t next =
        i + 1 < index.documents() ? index.documentFirstSequence(i + 1) : index.sequences();
    if (next - index.documentFirstSequence(i) != kPairSequences)
      return badInput(prefix.native(), fmt::format("document {} is no pair of answers", i),
                      "Make the data with z2all data tokenize --task dpo");
  }
  return std::make_shared<const TokenFileSamples>(std::move(file), *manifest, std::move(tokenizer),
                                                  options);
}

}  // namespace z2
