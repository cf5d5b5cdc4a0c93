// z2all bench data: JSON lines to a token file, for two sizes of input, so that the rate is seen
// and that memory does not grow with the file.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>

#include "app/cli/data/data_command.h"
#include "core/data/permutation.h"
#include "core/data/pretrain_builder.h"
#include "core/data/tokenizer_encoder.h"
#include "core/io/files.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/train/bpe_trainer.h"

namespace z2::cli {

namespace {

namespace fs = std::filesystem;

constexpr size_t kVocabulary = 16'000;
constexpr uint64_t kTrainingBytes = 8'000'000;
constexpr uint64_t kWords = 60'000;
constexpr std::string_view kEndOfText = "<|endoftext|>";

struct BenchArguments {
  std::string tokenizer;
  std::string input;
  int workers = 2;
  int megabytes = 64;
  bool isJson = false;
};

// A folder of its own that goes with the object.
class BenchFolder {
 public:
  BenchFolder() {
    std::string pattern = (fs::temp_directory_path() / "z2-bench-XXXXXX").native();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~BenchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Words whose i-th comes up about 1/i as often as the first, made of syllables by their number.
void appendWord(uint64_t random, std::string& text) {
  constexpr std::string_view kSyllables[] = {"the", "in", "er", "an",  "re", "on", "at", "en",
                                             "or",  "st", "al", "ing", "is", "to", "ed", "com"};
  const double uniform = static_cast<double>(random >> 11) / 9007199254740992.0;
  const auto word = static_cast<uint64_t>(std::pow(static_cast<double>(kWords), uniform));
  uint64_t bits = mixBits(word);
  for (uint64_t n = 1 + bits % 4; n > 0; --n) {
    bits /= 16;
    text += kSyllables[bits % 16];
  }
}

// `bytes` of records of about 2,000 characters. `source`: text to cut them from, from its start
// over again when it ends; empty: made-up words.
Result<void> writeRecords(const fs::path& path, uint64_t bytes, const std::string& source) {
  Z2_TRY(const FileHandle file, openFile(path, O_WRONLY | O_CREAT | O_TRUNC));
  uint64_t counter = 0;
  uint64_t written = 0;
  size_t at = 0;
  while (written < bytes) {
    std::string text;
    while (text.size() < 2'000) {
      if (source.empty()) {
        appendWord(mixBits(++counter), text);
        text += counter % 14 == 0 ? ".\n" : " ";
      } else {
        const size_t end = std::min(source.find('\n', at), source.size());
        text += source.substr(at, end - at) + "\n";
        at = end + 1 < source.size() ? end + 1 : 0;
      }
    }
    const std::string line = jsonLine({{"text", text}}) + "\n";
    Z2_TRY_VOID(writeAll(file, line, path));
    written += line.size();
  }
  return {};
}

Result<std::shared_ptr<const Tokenizer>> tokenizerFor(const BenchArguments& arguments,
                                                      const fs::path& folder,
                                                      const std::string& source) {
  if (!arguments.tokenizer.empty()) return Tokenizer::open(arguments.tokenizer);
  BpeTrainingOptions training;
  training.inputs = {folder / "train.jsonl"};
  training.vocabSize = kVocabulary;
  training.specialTokens = {std::string(kEndOfText)};
  training.showsProgress = false;
  Z2_TRY_VOID(writeRecords(training.inputs[0], kTrainingBytes, source));
  Z2_TRY(BpeTraining trained, trainByteLevelBpe(training));
  return Tokenizer::create(std::move(trained.definition));
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

Result<Json> measure(const BenchArguments& arguments, const TokenizerEncoder& encoder,
                     const fs::path& folder, const std::string& source, int megabytes) {
  PretrainOptions options;
  options.inputs = {folder / "bench.jsonl"};
  options.output = folder / "bench";
  options.workers = arguments.workers;
  options.isOverwriting = true;
  Z2_TRY_VOID(
      writeRecords(options.inputs[0], static_cast<uint64_t>(megabytes) * 1'000'000, source));
  resetPeakMemory();
  Z2_TRY(const PretrainSummary summary, buildPretrainData(options, encoder));
  return Json{{"bytes", summary.inputBytes},
              {"documents", summary.train.documents},
              {"tokens", summary.train.tokens},
              {"seconds", summary.seconds},
              {"mb_s", static_cast<double>(summary.inputBytes) / 1e6 / summary.seconds},
              {"peak_mb", peakMegabytes()}};
}

Result<void> bench(const BenchArguments& arguments) {
  const BenchFolder folder;
  if (folder.path().empty())
    return systemError(errno, "making a folder in", fs::temp_directory_path().native());
  std::string source;
  if (!arguments.input.empty()) {
    Z2_TRY(source, readFile(arguments.input));
  }
  Z2_TRY(std::shared_ptr<const Tokenizer> tokenizer,
         tokenizerFor(arguments, folder.path(), source));
  const TokenizerEncoder encoder(std::move(tokenizer));
  Json json = {{"workers", arguments.workers}, {"vocab_size", encoder.vocabSize()}};
  json["runs"] = Json::array();
  for (const int megabytes : {arguments.megabytes, arguments.megabytes * 4}) {
    Z2_TRY(Json run, measure(arguments, encoder, folder.path(), source, megabytes));
    json["runs"].push_back(std::move(run));
  }
  if (arguments.isJson) {
    printJson(json);
    return {};
  }
  for (const Json& run : json["runs"])
    fmt::print("{:.0f} MB of JSON lines, {} workers: {:.1f} MB/s, peak memory {:.0f} MB\n",
               run["bytes"].get<double>() / 1e6, arguments.workers, run["mb_s"].get<double>(),
               run["peak_mb"].get<double>());
  return {};
}

}  // namespace

void addDataBenchmark(CLI::App& group, Chosen& chosen) {
  CLI::App& command =
      *group.add_subcommand("data", "JSON lines to a token file: rate and memory at two sizes");
  auto arguments = std::make_shared<BenchArguments>();
  command.add_option("--tokenizer", arguments->tokenizer,
                     "Directory or file of a tokenizer [one of 16,000 pieces, trained first]");
  command.add_option("--input", arguments->input, "Text to make the records of [made-up words]");
  command.add_option("--workers", arguments->workers, "Threads that encode")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command.add_option("--megabytes", arguments->megabytes, "The smaller size; the other is 4 times")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command.add_flag("--json", arguments->isJson, "Print one JSON object");
  onChosen(command, chosen, [arguments] { return bench(*arguments); });
}

}  // namespace z2::cli
