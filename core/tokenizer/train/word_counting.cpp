#include "core/tokenizer/train/word_counting.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "core/base/progress.h"
#include "core/text/normalize.h"
#include "core/tokenizer/train/bpe_merging.h"
#include "core/tokenizer/train/word_spill.h"
#include "core/tokenizer/train/word_table.h"

namespace z2 {

namespace {

// How many distinct words, and bytes of them, were seen exactly `index` times; those seen more
// often than the last index are always kept.
struct Histogram {
  static constexpr size_t kWidth = size_t{1} << 16;
  std::vector<uint64_t> words = std::vector<uint64_t>(kWidth);
  std::vector<uint64_t> bytes = std::vector<uint64_t>(kWidth);

  void add(std::string_view word, uint64_t count) {
    const size_t index = std::min<uint64_t>(count, kWidth - 1);
    ++words[index];
    bytes[index] += word.size();
  }
};

// Frequent words get half of the memory, a sample of the others the rest.
WordSample chooseSample(const Histogram& histogram, uint64_t maxMemory) {
  const uint64_t fixed = mergingMemory(0, 0);
  const uint64_t room = maxMemory > fixed ? maxMemory - fixed : 1;
  const auto cost = [&](uint64_t words, uint64_t bytes) {
    return mergingMemory(words, bytes) - fixed;
  };
  uint64_t allWords = 0;
  uint64_t allBytes = 0;
  for (size_t i = 0; i < Histogram::kWidth; ++i) {
    allWords += histogram.words[i];
    allBytes += histogram.bytes[i];
  }
  if (cost(allWords, allBytes) <= room) return {};
  uint64_t words = 0;
  uint64_t bytes = 0;
  size_t threshold = Histogram::kWidth;
  while (threshold > 1) {
    const uint64_t moreWords = words + histogram.words[threshold - 1];
    const uint64_t moreBytes = bytes + histogram.bytes[threshold - 1];
    if (cost(moreWords, moreBytes) > room / 2) break;
    words = moreWords;
    bytes = moreBytes;
    --threshold;
  }
  const uint64_t left = std::max<uint64_t>(1, room - std::min(room, cost(words, bytes)));
  const uint64_t rare = cost(allWords - words, allBytes - bytes);
  return {threshold, std::max<uint64_t>(2, (rare + left - 1) / left)};
}

void select(const WordTable& table, const WordSample& sample, WordList& list) {
  table.forEach([&](std::string_view word, uint64_t count) {
    if (sample.everyNth == 1 || count >= sample.rarerThan) return list.add(word, count);
    // The low bits of the hash: the high ones chose the partition.
    if (hashOfWord(word) % sample.everyNth == 0) list.add(word, count * sample.everyNth);
  });
}

class Counting {
 public:
  Counting(TrainingTexts& texts, const Pretokenizer& pretokenizer,
           const WordCountingOptions& options)
      : texts_(texts),
        pretokenizer_(pretokenizer),
        options_(options),
        threads_(std::max<size_t>(1, options.threads)),
        // Half of the memory for all tables; a table that grows holds three times its size.
        tableLimit_(options.maxMemory / 6 / threads_),
        spill_(options.spillFolder),
        tables_(threads_) {}

  Result<void> readAll();
  Result<CountedWords> collect();

 private:
  void work(size_t thread, Progress* progress);
  Result<void> countBlocks(WordTable& table, Progress* progress);
  void fail(Error error);
  Result<CountedWords> collectFromMemory(CountedWords counted);
  Result<CountedWords> collectFromDisk(CountedWords counted);

  TrainingTexts& texts_;
  const Pretokenizer& pretokenizer_;
  const WordCountingOptions& options_;
  const size_t threads_;
  const uint64_t tableLimit_;
  WordSpill spill_;
  std::vector<WordTable> tables_;
  std::atomic<uint64_t> documents_{0};
  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint64_t> occurrences_{0};
  std::atomic<bool> hasFailed_{false};
  std::mutex failureMutex_;
  std::optional<Error> failure_;
};

void Counting::fail(Error error) {
  const std::lock_guard lock(failureMutex_);
  if (!failure_) failure_ = std::move(error);
  hasFailed_ = true;
}

Result<void> Counting::readAll() {
  std::optional<Progress> progress;
  if (options_.showsProgress)
    progress.emplace("reading", texts_.totalBytes(), Progress::Unit::kBytes,
                     options_.progressAsJson);
  Progress* shown = progress ? &*progress : nullptr;
  {
    std::vector<std::jthread> others;
    for (size_t i = 1; i < threads_; ++i) others.emplace_back([this, i, shown] { work(i, shown); });
    work(0, shown);
  }
  if (failure_) return tl::unexpected(std::move(*failure_));
  return {};
}

void Counting::work(size_t thread, Progress* progress) {
  if (auto done = countBlocks(tables_[thread], progress); !done) fail(std::move(done).error());
}

Result<void> Counting::countBlocks(WordTable& table, Progress* progress) {
  TextBlock block;
  RecordComposer composer = texts_.composer();
  PretokenizerScratch scratch;
  std::vector<std::string_view> pieces;
  std::string normalized;
  uint64_t documents = 0;
  uint64_t bytes = 0;
  uint64_t occurrences = 0;
  const auto countDocument = [&](std::string_view text) -> Result<void> {
    ++documents;
    bytes += text.size();
    if (options_.normalizesNfc) text = normalizeUnicode(text, NormalizationForm::kNfc, normalized);
    pieces.clear();
    Z2_TRY_VOID(pretokenizer_.split(text, scratch, pieces));
    for (const std::string_view piece : pieces) table.add(piece);
    occurrences += pieces.size();
    return {};
  };
  while (!hasFailed_) {
    if (stopRequested()) return interrupted("training was stopped while reading");
    Z2_TRY(const bool isRead, texts_.next(block));
    if (!isRead) break;
    Z2_TRY_VOID(texts_.forEachDocument(block, composer, countDocument));
    if (progress != nullptr) progress->advance(block.records.sourceBytes);
    if (table.memoryBytes() > tableLimit_) Z2_TRY_VOID(spill_.write(table));
  }
  documents_ += documents;
  bytes_ += bytes;
  occurrences_ += occurrences;
  return {};
}

Result<CountedWords> Counting::collect() {
  CountedWords counted;
  counted.documents = documents_;
  counted.bytes = bytes_;
  counted.occurrences = occurrences_;
  if (spill_.isEmpty()) return collectFromMemory(std::move(counted));
  for (WordTable& table : tables_) Z2_TRY_VOID(spill_.write(table));
  counted.spilledBytes = spill_.bytesWritten();
  return collectFromDisk(std::move(counted));
}

Result<CountedWords> Counting::collectFromMemory(CountedWords counted) {
  WordTable& all = tables_[0];
  for (size_t i = 1; i < threads_; ++i) all.absorb(tables_[i]);
  counted.distinctWords = all.size();
  if (mergingMemory(all.size(), all.byteCount()) > options_.maxMemory) {
    Histogram histogram;
    all.forEach([&](std::string_view word, uint64_t count) { histogram.add(word, count); });
    counted.sample = chooseSample(histogram, options_.maxMemory);
  }
  if (counted.sample.everyNth == 1) counted.words.reserve(all.size(), all.byteCount());
  select(all, counted.sample, counted.words);
  all.clear();
  return counted;
}

// Every partition is counted twice: to learn how many words there are of each frequency, then to
// take those that fit. Reading again costs less memory than keeping.
Result<CountedWords> Counting::collectFromDisk(CountedWords counted) {
  std::optional<Progress> progress;
  if (options_.showsProgress)
    progress.emplace("counting", 2 * WordSpill::kPartitions, Progress::Unit::kItems,
                     options_.progressAsJson);
  Histogram histogram;
  for (const bool isSecondPass : {false, true}) {
    for (size_t partition = 0; partition < WordSpill::kPartitions; ++partition) {
      if (stopRequested()) return interrupted("training was stopped while counting");
      WordTable table;
      Z2_TRY_VOID(spill_.read(partition, table));
      if (isSecondPass) {
        select(table, counted.sample, counted.words);
      } else {
        counted.distinctWords += table.size();
        table.forEach([&](std::string_view word, uint64_t count) { histogram.add(word, count); });
      }
      if (progress) progress->advance(1);
    }
    if (!isSecondPass) counted.sample = chooseSample(histogram, options_.maxMemory);
  }
  return counted;
}

}  // namespace

Result<CountedWords> countWords(TrainingTexts& texts, const Pretokenizer& pretokenizer,
                                const WordCountingOptions& options) {
  Counting counting(texts, pretokenizer, options);
  Z2_TRY_VOID(counting.readAll());
  return counting.collect();
}

}  // namespace z2
