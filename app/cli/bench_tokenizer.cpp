// z2all bench tokenizer: the time and memory of training and of encoding with one thread.
// tests/bench/tokenizers_peer.py measures Hugging Face's `tokenizers` in the same way.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <stdlib.h>

#include "app/cli/bench_commands.h"
#include "core/base/progress.h"
#include "core/io/files.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/train/bpe_trainer.h"

namespace z2::cli {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kRepetitions = 3;
constexpr size_t kEnglishBytes = 16'000'000;
constexpr size_t kChineseBytes = 8'000'000;

struct Options {
  std::vector<std::string> train;
  std::vector<std::string> encode;  // NAME=FILE
  size_t vocabSize = 16000;
  size_t threads = 0;
  bool asJson = false;
};

struct NamedFile {
  std::string name;
  fs::path path;
};

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The kernel's peak of resident memory, started anew where it allows that.
void resetPeakMemory() { std::ofstream("/proc/self/clear_refs") << "5"; }

double peakMegabytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  double kibibytes = 0;
  while (status >> word)
    if (word == "VmHWM:") status >> kibibytes;
  return kibibytes * 1024 / 1e6;
}

// A folder for the generated texts that goes with the object.
class Scratch {
 public:
  static Result<Scratch> create() {
    std::string pattern = (fs::temp_directory_path() / "z2-bench-XXXXXX").native();
    if (::mkdtemp(pattern.data()) == nullptr)
      return systemError(errno, "making a temporary folder in", fs::temp_directory_path().native());
    return Scratch(pattern);
  }
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  explicit Scratch(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

// Numbers whose i-th value comes up about 1/i as often as the first: so are words distributed.
class Zipf {
 public:
  explicit Zipf(uint64_t seed) : state_(seed) {}
  size_t below(size_t count) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    const double uniform = static_cast<double>(state_ >> 11) / 9007199254740992.0;
    return std::min(count - 1,
                    static_cast<size_t>(std::pow(static_cast<double>(count), uniform)) - 1);
  }

 private:
  uint64_t state_;
};

std::string englishLike(size_t bytes) {
  constexpr std::string_view kSyllables[] = {"the", "in",  "er",  "an",   "re",  "on", "at",
                                             "en",  "or",  "st",  "al",   "ing", "is", "to",
                                             "ed",  "com", "pro", "ment", "ver", "qu"};
  std::vector<std::string> words;
  Zipf zipf(1);
  for (size_t i = 0; i < 60'000; ++i) {
    std::string word;
    for (size_t n = 1 + zipf.below(5); n > 0; --n) word += kSyllables[zipf.below(20)];
    words.push_back(std::move(word));
  }
  std::string text;
  for (size_t i = 1; text.size() < bytes; ++i) {
    text += words[zipf.below(words.size())];
    text += i % 14 == 0 ? ".\n" : i % 7 == 0 ? ", " : " ";
  }
  return text;
}

std::string chineseLike(size_t bytes) {
  constexpr uint32_t kFirst = 0x4E00;
  constexpr size_t kCharacters = 6000;
  Zipf zipf(2);
  std::string text;
  for (size_t i = 1; text.size() < bytes; ++i) {
    // Frequent characters are spread over the block as in real text, by a step prime to its size.
    const auto code = static_cast<uint32_t>(kFirst + zipf.below(kCharacters) * 3571 % kCharacters);
    text += static_cast<char>(0xE0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
    if (i % 9 == 0) text += i % 27 == 0 ? "。\n" : "，";
  }
  return text;
}

Result<std::vector<NamedFile>> generatedTexts(const fs::path& folder) {
  const NamedFile english{"en", folder / "en.txt"};
  const NamedFile chinese{"zh", folder / "zh.txt"};
  Z2_TRY_VOID(replaceFile(english.path, englishLike(kEnglishBytes)));
  Z2_TRY_VOID(replaceFile(chinese.path, chineseLike(kChineseBytes)));
  return std::vector{english, chinese};
}

Result<Json> benchTraining(const Options& options, const std::vector<fs::path>& files,
                           TokenizerDefinition& definition) {
  BpeTrainingOptions training;
  training.inputs = files;
  training.vocabSize = options.vocabSize;
  training.threads = options.threads;
  training.showsProgress = false;
  resetPeakMemory();
  const auto start = Clock::now();
  Z2_TRY(BpeTraining trained, trainByteLevelBpe(training));
  const double seconds = secondsSince(start);
  definition = std::move(trained.definition);
  return Json{{"bytes", trained.counted.bytes},
              {"seconds", seconds},
              {"counting_s", trained.countingSeconds},
              {"merging_s", trained.mergingSeconds},
              {"mb_s", static_cast<double>(trained.counted.bytes) / 1e6 / seconds},
              {"vocab_size", definition.model.tokens.size()},
              {"peak_mb", peakMegabytes()}};
}

// One pass over the lines of the text; the number of tokens.
Result<size_t> encodeLines(const Tokenizer& tokenizer, std::string_view text) {
  EncodeScratch scratch;
  std::vector<int32_t> ids;
  size_t tokens = 0;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    ids.clear();
    Z2_TRY_VOID(tokenizer.encode(text.substr(at, end - at), {}, scratch, ids));
    tokens += ids.size();
    at = end + 1;
  }
  return tokens;
}

Result<Json> benchEncoding(const Tokenizer& tokenizer, const NamedFile& file) {
  Z2_TRY(const std::string text, readFile(file.path));
  resetPeakMemory();
  double best = std::numeric_limits<double>::max();
  size_t tokens = 0;
  for (int i = 0; i < kRepetitions; ++i) {
    if (stopRequested()) return interrupted("the benchmark was stopped");
    const auto start = Clock::now();
    Z2_TRY(tokens, encodeLines(tokenizer, text));
    best = std::min(best, secondsSince(start));
  }
  return Json{{"bytes", text.size()},
              {"tokens", tokens},
              {"mb_s", static_cast<double>(text.size()) / 1e6 / best},
              {"tok_s", static_cast<double>(tokens) / best},
              {"peak_mb", peakMegabytes()}};
}

Result<std::vector<NamedFile>> namedFiles(const std::vector<std::string>& items) {
  std::vector<NamedFile> files;
  for (const std::string& item : items) {
    const size_t at = item.find('=');
    if (at == std::string::npos || at == 0)
      return usageError("--encode " + item + " has no name", "Write it as NAME=FILE");
    files.push_back({item.substr(0, at), item.substr(at + 1)});
  }
  return files;
}

Result<void> bench(const Options& options) {
  Z2_TRY(const Scratch scratch, Scratch::create());
  Z2_TRY(std::vector<NamedFile> encoded, namedFiles(options.encode));
  std::vector<fs::path> files(options.train.begin(), options.train.end());
  const bool isGenerated = files.empty();
  if (isGenerated) {
    Z2_TRY(encoded, generatedTexts(scratch.path()));
    for (const NamedFile& file : encoded) files.push_back(file.path);
  }
  TokenizerDefinition definition;
  Json result = {{"text", isGenerated ? "generated" : "given"}};
  Z2_TRY(result["train"], benchTraining(options, files, definition));
  Z2_TRY(const std::shared_ptr<const Tokenizer> tokenizer,
         Tokenizer::create(std::move(definition)));
  result["encode"] = Json::object();
  for (const NamedFile& file : encoded) {
    Z2_TRY(result["encode"][file.name], benchEncoding(*tokenizer, file));
  }
  if (options.asJson) {
    printJson(result);
    return {};
  }
  fmt::print("train   {:7.1f} MB/s  {:6.2f} s  {:6.0f} MB peak\n",
             result["train"]["mb_s"].get<double>(), result["train"]["seconds"].get<double>(),
             result["train"]["peak_mb"].get<double>());
  for (const auto& [name, row] : result["encode"].items())
    fmt::print("encode  {:7.1f} MB/s  {} (one thread, {:.2f} bytes a token)\n",
               row["mb_s"].get<double>(), name,
               row["bytes"].get<double>() / row["tokens"].get<double>());
  return {};
}

}  // namespace

void addBenchTokenizer(CLI::App& group, Chosen& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *group.add_subcommand(
      "tokenizer", "Train a byte-level tokenizer and encode with it: MB/s and peak memory");
  command.add_option("--train", options->train,
                     "Text files to train on (default: 24 MB of generated text)");
  command.add_option("--encode", options->encode, "Text to encode, line by line, as NAME=FILE")
      ->needs("--train");
  command.add_option("--vocab-size", options->vocabSize, "Pieces in all")->capture_default_str();
  command.add_option("--threads", options->threads, "Threads of training (default: one a core)")
      ->check(CLI::Range(1, 1024));
  command.add_flag("--json", options->asJson, "Print one JSON object");
  onChosen(command, chosen, [options] { return bench(*options); });
}

}  // namespace z2::cli
