#pragma once

// Samples for fine-tuning and alignment as a model will see them, before anything is tokenized to a
// file or trained: each token with what it is, and the whole set in figures.
//
// Two kinds of sets can be looked at: files of records with a tokenizer and a chat template
// (record_samples.h), and token files (token_file_samples.h).

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/length_histogram.h"
#include "core/io/json.h"

namespace z2 {

struct PreviewToken {
  int32_t id = 0;
  std::string bytes;  // what it adds to a text, perhaps no whole character; special: its spelling
  bool isSpecial = false;
  bool isTrained = false;
  bool isCut = false;  // behind the longest length: the model does not see it
};

struct SamplePreview {
  uint64_t number = 0;   // from 0; records that give no sample count, too
  std::string place;     // file:line, or the token file
  std::string format;    // nameOf(SampleFormat); empty: not known
  std::string record;    // as the file has it, its beginning; empty: not known
  std::string problem;   // why it is no sample, or trains nothing; empty: neither
  bool isUsable = true;  // false: the problem leaves no tokens to show
  bool isCut = false;
  uint64_t tokens = 0;                 // of its longer sequence before anything is cut
  uint64_t trainedTokens = 0;          // that are seen, of all its sequences
  uint64_t promptTokens = 0;           // of a pair: both sequences begin with as many of the prompt
  std::vector<PreviewToken> sequence;  // of a pair: prompt and chosen answer
  std::vector<PreviewToken> rejected;  // prompt and rejected answer; empty: this is no pair
};

// What a set comes to. Counts are of the samples that were looked at.
struct SampleSurvey {
  static constexpr size_t kMostListed = 1000;

  uint64_t records = 0;               // = samples + untrained + unusable
  uint64_t samples = 0;               // that will be trained, cut or not
  uint64_t cut = 0;                   // of these
  uint64_t untrained = 0;             // without a trained token, so left out
  uint64_t unusable = 0;              // no sample at all: a field is missing, …
  uint64_t tokens = 0;                // of `samples`, cut; a pair's three sequences
  uint64_t trainedTokens = 0;         // of these
  uint64_t longest = 0;               // before anything is cut
  std::vector<LengthBucket> lengths;  // of all but the unusable ones, before anything is cut
  // Numbers of the first kMostListed each.
  std::vector<uint64_t> cutSamples;
  std::vector<uint64_t> untrainedSamples;
  std::vector<uint64_t> unusableSamples;
  bool isComplete = false;  // every record was looked at
};

class SampleSet {
 public:
  virtual ~SampleSet() = default;
  SampleSet(const SampleSet&) = delete;
  SampleSet& operator=(const SampleSet&) = delete;

  // Thread-safe. kBadInput: there is no such sample.
  [[nodiscard]] virtual Result<SamplePreview> sample(uint64_t number) const = 0;

  // Some hundred samples between two calls; false: enough.
  using Look = std::function<bool(const SampleSurvey& soFar)>;
  // The first `limit` samples (0: all), in one thread. Thread-safe.
  [[nodiscard]] virtual Result<SampleSurvey> survey(uint64_t limit, const Look& look) const = 0;

  // Whether its samples are pairs of answers.
  [[nodiscard]] virtual bool hasPairs() const = 0;
  // Tokens that a sample may have; 0: no limit.
  [[nodiscard]] virtual uint64_t longestAllowed() const = 0;
  // "chats.jsonl: sharegpt", one a file; empty where samples come from no such files.
  [[nodiscard]] virtual std::vector<std::string> formats() const { return {}; }
  // What the user should know of template and tokenizer together, as sentences.
  [[nodiscard]] virtual std::vector<std::string> notices() const { return {}; }

 protected:
  SampleSet() = default;
};

// One sample that was looked at.
class SurveyCounter {
 public:
  struct Counted {
    uint64_t length = 0;  // before anything is cut
    uint64_t tokens = 0;
    uint64_t trainedTokens = 0;
    bool isCut = false;
  };
  void addSample(const Counted& counted);
  void addUntrained(uint64_t length);
  void addUnusable();
  // The survey so far.
  [[nodiscard]] const SampleSurvey& survey();
  [[nodiscard]] uint64_t records() const { return survey_.records; }

 private:
  SampleSurvey survey_;
  LengthHistogram lengths_;
};

// As `data tokenize --dry-run --json` prints them.
[[nodiscard]] Json toJson(const SamplePreview& sample);
[[nodiscard]] Json toJson(const SampleSurvey& survey);

}  // namespace z2
