// z2all tokenizer train: from text files to a tokenizer directory.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

#include "app/cli/tokenizer_commands.h"
#include "core/base/format.h"
#include "core/io/files.h"
#include "core/tokenizer/hf_json.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/train/bpe_trainer.h"
#include "core/tokenizer/train/spm_trainer.h"

namespace z2::cli {

namespace {

namespace fs = std::filesystem;

struct Options {
  std::string type = "bbpe";
  std::vector<std::string> inputs;
  std::vector<std::string> fields;
  uint64_t vocabSize = 0;
  std::string output;
  std::string pattern = "gpt2";
  std::vector<std::string> specialTokens;
  uint64_t minFrequency = 0;
  uint64_t maxTokenLength = 0;
  uint64_t threads = 0;
  uint64_t maxMemory = 0;
  double characterCoverage = 0.9995;
  std::string algorithm = "bpe";
  bool asJson = false;
};

// Found out before hours of training, not after.
Result<void> checkOutput(const fs::path& output) {
  std::error_code ignored;
  if (fs::exists(output, ignored) && !fs::is_directory(output, ignored))
    return badInput(output.native(), "the output is a file", "Name a folder with --output");
  fs::path parent = fs::absolute(output).lexically_normal();
  while (!parent.empty() && !fs::exists(parent, ignored)) parent = parent.parent_path();
  if (::access(parent.c_str(), W_OK | X_OK) != 0)
    return environmentError(parent.native(), "this folder cannot be written",
                            "Choose another --output");
  return {};
}

std::vector<fs::path> pathsOf(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

// The folder that exists already and lies on the disk of the output.
fs::path spillFolderFor(const fs::path& output) {
  std::error_code ignored;
  fs::path folder = fs::absolute(output).lexically_normal();
  while (!fs::is_directory(folder, ignored)) folder = folder.parent_path();
  return folder;
}

void reportSample(const CountedWords& counted) {
  if (counted.sample.everyNth == 1) return;
  fmt::print(stderr,
             "The {} distinct words do not fit in the memory allowed: of those seen fewer than {} "
             "times every {}th stands for all, with {} times its count. A larger --max-memory uses "
             "every word.\n",
             formatCount(static_cast<double>(counted.distinctWords)), counted.sample.rarerThan,
             counted.sample.everyNth, counted.sample.everyNth);
}

Result<Json> trainBbpe(const Options& options) {
  BpeTrainingOptions training;
  training.inputs = pathsOf(options.inputs);
  training.fields = options.fields;
  training.vocabSize = options.vocabSize;
  training.pattern = options.pattern;
  training.specialTokens = options.specialTokens;
  training.minFrequency = options.minFrequency;
  training.maxTokenLength = options.maxTokenLength;
  training.threads = options.threads;
  training.maxMemory = options.maxMemory;
  training.spillFolder = spillFolderFor(options.output);
  training.progressAsJson = options.asJson;
  Z2_TRY(const BpeTraining trained, trainByteLevelBpe(training));
  const CountedWords& counted = trained.counted;
  reportSample(counted);
  Z2_TRY_VOID(writeHfTokenizerFolder(trained.definition, options.output));
  Json report = {{"documents", counted.documents},        {"bytes", counted.bytes},
                 {"pretokens", counted.occurrences},      {"distinct_words", counted.distinctWords},
                 {"spilled_bytes", counted.spilledBytes}, {"counting_s", trained.countingSeconds},
                 {"merging_s", trained.mergingSeconds}};
  report["sample"] = counted.sample.everyNth == 1 ? Json()
                                                  : Json{{"rarer_than", counted.sample.rarerThan},
                                                         {"every_nth", counted.sample.everyNth}};
  return report;
}

Result<Json> trainSpm(const Options& options) {
  SpmTrainingOptions training;
  training.inputs = pathsOf(options.inputs);
  training.fields = options.fields;
  training.vocabSize = options.vocabSize;
  training.specialTokens = options.specialTokens;
  training.characterCoverage = options.characterCoverage;
  training.isUnigram = options.algorithm == "unigram";
  training.threads = options.threads;
  Z2_TRY(const SpmTraining trained, trainSentencePiece(training));
  Z2_TRY_VOID(writeSpmTokenizerFolder(trained.model, options.output));
  return Json{{"documents", trained.documents},
              {"bytes", trained.bytes},
              {"cut_documents", trained.cutDocuments},
              {"training_s", trained.seconds}};
}

Result<void> train(const Options& options) {
  Z2_TRY_VOID(checkOutput(options.output));
  Z2_TRY(const Json report, options.type == "spm" ? trainSpm(options) : trainBbpe(options));
  // Read back as anybody will read it, so that what is reported is what lies on the disk.
  Z2_TRY(const std::shared_ptr<const Tokenizer> tokenizer, Tokenizer::open(options.output));
  if (options.asJson) {
    Json result = {{"output", options.output},
                   {"type", tokenizer->type()},
                   {"vocab_size", tokenizer->vocabSize()},
                   {"merges", tokenizer->mergeCount()},
                   {"sha256", tokenizer->hash()}};
    result.update(report);
    printJson(result);
    return {};
  }
  fmt::print("{}: {} pieces, {} merges, from {} of text in {} documents\n", options.output,
             tokenizer->vocabSize(), tokenizer->mergeCount(),
             formatBytes(report["bytes"].get<double>()),
             formatCount(report["documents"].get<double>()));
  if (static_cast<uint64_t>(tokenizer->vocabSize()) < options.vocabSize)
    fmt::print(stderr,
               "The text has no more pairs worth merging: fewer than the {} pieces asked.\n",
               options.vocabSize);
  return {};
}

}  // namespace

void addTokenizerTrain(CLI::App& group, Chosen& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *group.add_subcommand(
      "train", "Train a tokenizer on text: a folder that transformers' AutoTokenizer loads");
  command
      .add_option("--type", options->type,
                  "bbpe: byte-level BPE as GPT-2, Llama 3 and Qwen have it; spm: sentencepiece "
                  "with byte fallback, as Llama 2 has it")
      ->check(CLI::IsMember({"bbpe", "spm"}))
      ->capture_default_str();
  command
      .add_option(
          "--input", options->inputs,
          "Text files (each line is a document), .jsonl, .json with an array of objects, or "
          ".parquet")
      ->required();
  command.add_option(
      "--field", options->fields,
      "Field of a record, or column, that holds text; may be repeated (default: text)");
  command.add_option("--vocab-size", options->vocabSize, "Pieces in all, special tokens included")
      ->required();
  command.add_option("--output", options->output, "Folder for the tokenizer")->required();
  command
      .add_option("--pattern", options->pattern,
                  "bbpe: how text is cut before merging: gpt2, llama3 or qwen2 (with NFC)")
      ->check(CLI::IsMember({"gpt2", "llama3", "qwen2"}))
      ->capture_default_str();
  command.add_option("--special", options->specialTokens,
                     "A special token, in order of ids; may be repeated. <|endoftext|> is added "
                     "when none of them ends texts");
  command
      .add_option("--min-frequency", options->minFrequency,
                  "bbpe: a pair must be seen so often to merge")
      ->capture_default_str();
  command
      .add_option("--max-token-length", options->maxTokenLength,
                  "bbpe: merge no token as long as this many bytes (0: no limit)")
      ->capture_default_str();
  command
      .add_option("--character-coverage", options->characterCoverage,
                  "spm: share of the characters that get a piece of their own")
      ->check(CLI::Range(0.9, 1.0))
      ->capture_default_str();
  command
      .add_option("--algorithm", options->algorithm,
                  "spm: bpe merges pairs, unigram keeps the pieces that make the text likeliest")
      ->check(CLI::IsMember({"bpe", "unigram"}))
      ->capture_default_str();
  command.add_option("--threads", options->threads, "Threads (default: one a core)")
      ->check(CLI::Range(1, 1024));
  command
      .add_option("--max-memory", options->maxMemory,
                  "bbpe: memory to stay within, such as 4GiB (default: three quarters of what "
                  "is free)")
      ->transform(CLI::AsSizeValue(false));
  command.add_flag("--json", options->asJson, "Print the result as JSON");
  onChosen(command, chosen, [options] { return train(*options); });
}

}  // namespace z2::cli
