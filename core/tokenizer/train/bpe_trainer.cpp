#include "core/tokenizer/train/bpe_trainer.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <unistd.h>

#include "core/base/format.h"
#include "core/io/limits.h"
#include "core/tokenizer/pretokenizer.h"
#include "core/tokenizer/train/bpe_merging.h"
#include "core/tokenizer/train/special_tokens.h"

namespace z2 {

namespace {

constexpr size_t kByteCount = 256;
constexpr uint64_t kLeastMemory = uint64_t{64} << 20;

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

Result<void> check(const BpeTrainingOptions& options, size_t specialCount) {
  if (!namedPattern(options.pattern))
    return usageError("there is no pattern " + options.pattern, "Choose gpt2, llama3 or qwen2");
  const size_t least = kByteCount + specialCount;
  if (options.vocabSize < least)
    return usageError("a vocabulary of " + std::to_string(options.vocabSize) +
                          " cannot hold the 256 bytes and " + std::to_string(specialCount) +
                          " special tokens",
                      "Ask for --vocab-size " + std::to_string(least) + " or more");
  if (options.vocabSize > limits::kVocabulary)
    return usageError("a vocabulary of " + std::to_string(options.vocabSize) + " is too large",
                      "Ask for at most " + std::to_string(limits::kVocabulary));
  if (options.maxMemory > 0 && options.maxMemory < kLeastMemory)
    return usageError("--max-memory is too small to train in",
                      "Give at least " + std::to_string(kLeastMemory >> 20) + "MiB");
  return {};
}

}  // namespace

uint64_t availableMemory() {
  std::ifstream info("/proc/meminfo");
  std::string name;
  uint64_t kibibytes = 0;
  std::string unit;
  while (info >> name >> kibibytes) {
    if (name == "MemAvailable:") return kibibytes * 1024;
    std::getline(info, unit);
  }
  const long pages = ::sysconf(_SC_AVPHYS_PAGES);
  const long pageSize = ::sysconf(_SC_PAGESIZE);
  return pages > 0 && pageSize > 0 ? static_cast<uint64_t>(pages) * static_cast<uint64_t>(pageSize)
                                   : uint64_t{1} << 30;
}

Result<BpeTraining> trainByteLevelBpe(const BpeTrainingOptions& options) {
  const std::vector<std::string> specialTokens = withEndOfText(options.specialTokens);
  Z2_TRY_VOID(check(options, specialTokens.size()));
  Z2_TRY(const std::unique_ptr<TrainingTexts> texts,
         TrainingTexts::open(options.inputs, options.fields));
  Z2_TRY(const Pretokenizer pretokenizer, Pretokenizer::create(namedPretokenizer(options.pattern)));

  WordCountingOptions counting;
  counting.normalizesNfc = options.pattern == "qwen2";
  counting.threads =
      options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  counting.maxMemory =
      options.maxMemory > 0 ? options.maxMemory : std::max(kLeastMemory, availableMemory() / 4 * 3);
  counting.spillFolder =
      options.spillFolder.empty() ? std::filesystem::temp_directory_path() : options.spillFolder;
  counting.showsProgress = options.showsProgress;
  counting.progressAsJson = options.progressAsJson;
  BpeTraining training;
  Clock::time_point start = Clock::now();
  Z2_TRY(training.counted, countWords(*texts, pretokenizer, counting));
  training.countingSeconds = secondsSince(start);

  BpeMergingOptions merging;
  merging.vocabSize = options.vocabSize;
  merging.minFrequency = options.minFrequency;
  merging.maxTokenLength = options.maxTokenLength;
  merging.specialTokens = specialTokens;
  merging.showsProgress = options.showsProgress;
  merging.progressAsJson = options.progressAsJson;
  start = Clock::now();
  Z2_TRY(BpeModel model, mergeWords(std::exchange(training.counted.words, {}), merging));
  training.mergingSeconds = secondsSince(start);

  std::vector<AddedToken> added;
  for (size_t i = 0; i < specialTokens.size(); ++i)
    added.push_back({.id = static_cast<int32_t>(i),
                     .content = specialTokens[i],
                     .isNormalized = false,
                     .isSpecial = true});
  training.definition = byteLevelDefinition(std::move(model), std::move(added), options.pattern);
  assignRoles(specialTokens, training.definition);
  return training;
}

}  // namespace z2
