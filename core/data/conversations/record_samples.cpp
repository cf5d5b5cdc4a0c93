#include "core/data/conversations/record_samples.h"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/data/conversations/file_shape.h"
#include "core/data/conversations/preview_tokens.h"
#include "core/data/conversations/sample_encoder.h"

namespace z2 {

namespace {

constexpr size_t kShownRecord = size_t{64} << 10;
constexpr uint64_t kBetweenLooks = 200;

struct Input {
  std::filesystem::path path;
  RecordFormat format;
  SampleFormat shape;
};

// A block of records that was passed once.
struct Mark {
  uint64_t first = 0;  // number of its first record over all inputs
  size_t input = 0;
  RecordPosition position;
};

uint64_t trainedIn(const ChatTokens& tokens) {
  return static_cast<uint64_t>(std::count(tokens.mask.begin(), tokens.mask.end(), uint8_t{1}));
}

class RecordSamples final : public SampleSet {
 public:
  RecordSamples(ChatBuildOptions options, SampleEncoder encoder, std::vector<Input> inputs)
      : options_(std::move(options)), encoder_(std::move(encoder)), inputs_(std::move(inputs)) {
    marks_.push_back({});
  }

  [[nodiscard]] bool hasPairs() const override { return options_.task == SampleTask::kDpo; }
  [[nodiscard]] uint64_t longestAllowed() const override {
    return static_cast<uint64_t>(options_.maxLength);
  }

  [[nodiscard]] std::vector<std::string> formats() const override {
    std::vector<std::string> all;
    for (const Input& input : inputs_)
      all.push_back(fmt::format("{}: {}", input.path.filename().native(), nameOf(input.shape)));
    return all;
  }
  [[nodiscard]] std::vector<std::string> notices() const override { return encoder_.notices(); }

  [[nodiscard]] Result<SamplePreview> sample(uint64_t number) const override {
    EncodeScratch scratch;
    std::optional<SamplePreview> found;
    Z2_TRY(const uint64_t end, walk(nearestTo(number), [&](const Place& place) {
             if (place.number == number) found = preview(place, scratch);
             return !found;
           }));
    if (found) return *std::move(found);
    return badInput(inputs_.back().path.native(),
                    fmt::format("there is no sample {}; the last one is {}", number,
                                static_cast<int64_t>(end) - 1));
  }

  [[nodiscard]] Result<SampleSurvey> survey(uint64_t limit, const Look& look) const override {
    SurveyCounter counter;
    EncodeScratch scratch;
    bool isStopped = false;
    Z2_TRY_VOID(walk({}, [&](const Place& place) {
      if (limit > 0 && counter.records() == limit) isStopped = true;
      if (counter.records() % kBetweenLooks == 0 && look && !look(counter.survey()))
        isStopped = true;
      if (!isStopped) count(place, scratch, counter);
      return !isStopped;
    }));
    SampleSurvey done = counter.survey();
    done.isComplete = !isStopped;
    return done;
  }

 private:
  struct Place {
    uint64_t number;
    const Input& input;
    const RecordBlock& block;
    const RecordBlock::Record& record;
  };

  // Calls `take` with each record from the mark on until it returns false; gives the number behind
  // the last record that was passed.
  template <typename Take>
  Result<uint64_t> walk(const Mark& from, const Take& take) const {
    uint64_t number = from.first;
    RecordPosition position = from.position;
    for (size_t i = from.input; i < inputs_.size(); ++i) {
      const Input& input = inputs_[i];
      Z2_TRY(const auto reader, openRecords(input.path, input.format, options_.textUnit, position));
      position = {};
      RecordBlock block;
      while (true) {
        Z2_TRY(const bool isThere, reader->next(block));
        if (!isThere) break;
        remember({number, i, block.start});
        for (const RecordBlock::Record& record : block.records)
          if (!take(Place{number++, input, block, record})) return number;
      }
    }
    return number;
  }

  void remember(const Mark& mark) const {
    const std::scoped_lock lock(mutex_);
    if (mark.first > marks_.back().first) marks_.push_back(mark);
  }

  Mark nearestTo(uint64_t number) const {
    const std::scoped_lock lock(mutex_);
    const auto behind =
        std::upper_bound(marks_.begin(), marks_.end(), number,
                         [](uint64_t wanted, const Mark& mark) { return wanted < mark.first; });
    return *std::prev(behind);
  }

  // From the record to tokens, before anything is cut.
  Read<EncodedSample> encode(const Place& place, EncodeScratch& scratch) const {
    if (place.record.problem != nullptr) return sampleProblem(place.record.problem, "");
    const auto json = parseJson(place.block.text(place.record), "");
    if (!json) return sampleProblem("broken JSON", json.error().what);
    Z2_TRY(const ChatSample sample,
           readSample(withColumns(*json, options_.columns), place.input.shape));
    return encoder_.encode(sample, scratch);
  }

  void count(const Place& place, EncodeScratch& scratch, SurveyCounter& counter) const {
    auto made = encode(place, scratch);
    if (!made) return counter.addUnusable();
    const uint64_t length = made->size();
    if (SampleEncoder::whyUntrained(*made, false) != nullptr) return counter.addUntrained(length);
    const bool isCut = encoder_.cut(*made).isCut;
    if (SampleEncoder::whyUntrained(*made, true) != nullptr) return counter.addUntrained(length);
    SurveyCounter::Counted counted{.length = length, .isCut = isCut};
    for (const ChatTokens* part : partsOf(*made)) {
      counted.tokens += part->ids.size();
      counted.trainedTokens += trainedIn(*part);
    }
    counter.addSample(counted);
  }

  static std::vector<const ChatTokens*> partsOf(const EncodedSample& sample) {
    std::vector<const ChatTokens*> parts = {&sample.chosen.prompt, &sample.chosen.completion};
    if (sample.rejected) parts.push_back(&sample.rejected->completion);
    return parts;
  }

  SamplePreview preview(const Place& place, EncodeScratch& scratch) const {
    SamplePreview shown;
    shown.number = place.number;
    shown.place = fmt::format("{}:{}", place.input.path.native(), place.record.line);
    shown.format = nameOf(place.input.shape);
    shown.record = place.block.text(place.record).substr(0, kShownRecord);
    const auto whole = encode(place, scratch);
    if (!whole) {
      const RecordProblem& problem = whole.error();
      shown.problem = problem.reason + (problem.detail.empty() ? "" : ": " + problem.detail);
      shown.isUsable = false;
      return shown;
    }
    EncodedSample kept = *whole;
    const SampleCut cut = encoder_.cut(kept);
    shown.isCut = cut.isCut;
    shown.tokens = whole->size();
    if (const char* why = SampleEncoder::whyUntrained(*whole, false))
      shown.problem = why;
    else if (const char* whyThen = SampleEncoder::whyUntrained(kept, true))
      shown.problem = whyThen;
    for (const ChatTokens* part : partsOf(kept)) shown.trainedTokens += trainedIn(*part);
    shown.promptTokens = whole->chosen.prompt.ids.size();
    append(whole->chosen, kept.chosen, cut, shown.sequence);
    if (whole->rejected) append(*whole->rejected, *kept.rejected, cut, shown.rejected);
    return shown;
  }

  // What is kept of an answer, with what is cut of it where it stood.
  void append(const EncodedAnswer& whole, const EncodedAnswer& kept, const SampleCut& cut,
              std::vector<PreviewToken>& out) const {
    const Tokenizer* tokenizer = &encoder_.tokenizer();
    const auto add = [&](const ChatTokens& tokens, size_t from, size_t count, bool isCut) {
      appendTokens(std::span(tokens.ids).subspan(from, count),
                   std::span(tokens.mask).subspan(from, count), isCut, tokenizer, out);
    };
    add(whole.prompt, 0, std::min(cut.promptStart, whole.prompt.ids.size()), true);
    add(kept.prompt, 0, kept.prompt.ids.size(), false);
    add(kept.completion, 0, kept.completion.ids.size(), false);
    const size_t total = whole.completion.ids.size();
    if (kept.completion.ids.size() == total) return;
    // The end-of-text token took the last place that was kept.
    const size_t seen = kept.completion.ids.size() - (seesEnd(kept) ? 1 : 0);
    add(whole.completion, seen, total - seen, true);
  }

  [[nodiscard]] bool seesEnd(const EncodedAnswer& kept) const {
    return encoder_.endOfText() >= 0 && !kept.completion.ids.empty();
  }

  const ChatBuildOptions options_;
  const SampleEncoder encoder_;
  const std::vector<Input> inputs_;
  mutable std::mutex mutex_;
  mutable std::vector<Mark> marks_;  // by their numbers; the first is the start
};

}  // namespace

Result<std::shared_ptr<const SampleSet>> openRecordSamples(
    const ChatBuildOptions& given, std::shared_ptr<const Tokenizer> tokenizer) {
  ChatBuildOptions options = given;
  if (!options.now) options.now = int64_t{std::time(nullptr)};
  Z2_TRY(const std::vector<BuildInput> files, examineInputs(options));
  std::vector<Input> inputs;
  for (size_t i = 0; i < files.size(); ++i) {
    Z2_TRY(const SampleFormat shape, sampleFormatOf(options.inputs[i], files[i].format, options));
    inputs.push_back({options.inputs[i], files[i].format, shape});
  }
  Z2_TRY(SampleEncoder encoder, SampleEncoder::create(options, std::move(tokenizer)));
  return std::make_shared<const RecordSamples>(std::move(options), std::move(encoder),
                                               std::move(inputs));
}

}  // namespace z2
