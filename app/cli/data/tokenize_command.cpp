// z2all data tokenize

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/cli/data/data_command.h"
#include "core/base/format.h"
#include "core/data/pretrain_builder.h"
#include "core/data/token_file.h"
#include "core/data/tokenizer_encoder.h"
#include "core/io/limits.h"
#include "core/tokenizer/tokenizer.h"

namespace z2::cli {

namespace {

struct TokenizeArguments {
  std::string task = "pretrain";
  std::string tokenizer;
  std::vector<std::string> inputs;
  std::string format = "auto";
  std::string textUnit = "paragraph";
  std::vector<std::string> fields;
  std::string join = "\\n";
  std::string output;
  int workers = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  double validFraction = 0;
  int64_t maxLength = 0;
  std::optional<int32_t> endOfText;
  bool isOverwriting = false;
  bool isDiscarding = false;
  bool isJson = false;
};

// \n, \t and \\ as people write them on a command line.
std::string unescape(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == 'n' || next == 't' || next == '\\') {
      plain += next == 'n' ? '\n' : next == 't' ? '\t' : '\\';
      ++i;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

Json partJson(const DataManifest& manifest, const std::string& prefix) {
  return {{"prefix", prefix},
          {"documents", manifest.documents},
          {"tokens", manifest.tokens},
          {"dtype", nameOf(manifest.type)}};
}

Json summaryJson(const PretrainSummary& summary, const PretrainOptions& options) {
  Json json = {{"task", "pretrain"}};
  json["train"] = partJson(summary.train, options.output.native());
  if (summary.valid)
    json["valid"] = partJson(*summary.valid, withSuffix(options.output, ".valid").native());
  json["vocab_size"] = summary.train.vocabSize;
  json["tokenizer_sha256"] = summary.train.tokenizerSha256;
  json["input_bytes"] = summary.inputBytes;
  json["read_bytes"] = summary.readBytes;
  json["dropped"] = Json::object();
  for (const auto& [reason, count] : summary.train.dropped) json["dropped"][reason] = count;
  json["dropped_records"] = summary.droppedRecords;
  json["truncated_documents"] = summary.train.truncatedDocuments;
  json["truncated_tokens"] = summary.train.truncatedTokens;
  json["seconds"] = summary.seconds;
  return json;
}

void say(const PretrainSummary& summary, const PretrainOptions& options) {
  for (const std::string& dropped : summary.firstDropped)
    std::fprintf(stderr, "left out: %s\n", dropped.c_str());
  if (summary.droppedRecords > summary.firstDropped.size())
    std::fprintf(stderr, "left out: %llu records in all\n",
                 static_cast<unsigned long long>(summary.droppedRecords));
  if (summary.droppedRecords > 0)
    std::fprintf(stderr, "every one is named in %s\n",
                 withSuffix(options.output, ".dropped.jsonl").c_str());
  if (summary.train.truncatedDocuments > 0)
    std::fprintf(stderr, "%llu documents were cut at --max-length, %llu tokens in all\n",
                 static_cast<unsigned long long>(summary.train.truncatedDocuments),
                 static_cast<unsigned long long>(summary.train.truncatedTokens));
}

std::string partLine(const DataManifest& manifest, const std::string& prefix) {
  return fmt::format("{}: {} documents, {} tokens ({})\n", prefix, manifest.documents,
                     manifest.tokens, nameOf(manifest.type));
}

Result<PretrainOptions> optionsOf(const TokenizeArguments& arguments) {
  PretrainOptions options;
  options.inputs.assign(arguments.inputs.begin(), arguments.inputs.end());
  if (arguments.format != "auto") options.format = recordFormatNamed(arguments.format);
  options.textUnit = textUnitNamed(arguments.textUnit).value();
  options.fields = {arguments.fields, unescape(arguments.join)};
  options.output = arguments.output;
  options.workers = arguments.workers;
  options.validFraction = arguments.validFraction;
  options.maxLength = arguments.maxLength;
  options.isOverwriting = arguments.isOverwriting;
  options.isDiscarding = arguments.isDiscarding;
  if (arguments.output.ends_with('/') || options.output.filename().empty())
    return usageError("--output is a prefix of file names, not a folder",
                      "Give for example --output data/poems");
  return options;
}

Result<void> tokenize(const TokenizeArguments& arguments) {
  Z2_TRY(const PretrainOptions options, optionsOf(arguments));
  Z2_TRY(std::shared_ptr<const Tokenizer> tokenizer, Tokenizer::open(arguments.tokenizer));
  Z2_TRY(const PretrainSummary summary,
         buildPretrainData(options, TokenizerEncoder(std::move(tokenizer), arguments.endOfText)));
  for (const std::string& notice : summary.notices) std::fprintf(stderr, "%s\n", notice.c_str());
  say(summary, options);
  if (arguments.isJson) {
    printJson(summaryJson(summary, options));
    return {};
  }
  std::string text = partLine(summary.train, options.output.native());
  if (summary.valid)
    text += partLine(*summary.valid, withSuffix(options.output, ".valid").native());
  text += fmt::format("{} in {}, {}/s\n", formatBytes(static_cast<double>(summary.readBytes)),
                      formatDuration(summary.seconds),
                      formatBytes(static_cast<double>(summary.readBytes) / summary.seconds));
  std::fputs(text.c_str(), stdout);
  return {};
}

}  // namespace

void addDataTokenizeCommand(CLI::App& data, Chosen& chosen) {
  CLI::App& command = *data.add_subcommand("tokenize", "Make a token file from text");
  auto arguments = std::make_shared<TokenizeArguments>();
  command.add_option("--task", arguments->task, "What the data is for")
      ->check(CLI::IsMember({"pretrain"}))
      ->capture_default_str();
  command.add_option("--tokenizer", arguments->tokenizer, "Directory or file of the tokenizer")
      ->required();
  command.add_option("--input", arguments->inputs, "Files of text, read in this order")->required();
  command.add_option("--format", arguments->format, "Format of the input; auto: each file's own")
      ->check(CLI::IsMember({"auto", "jsonl", "json", "txt", "parquet"}))
      ->capture_default_str();
  command
      .add_option("--txt-unit", arguments->textUnit,
                  "What is one document of a text file: what stands between blank lines, a line, "
                  "or the file")
      ->check(CLI::IsMember({"paragraph", "line", "file"}))
      ->capture_default_str();
  command
      .add_option("--fields", arguments->fields,
                  "Fields of a record that make its text, in this order [text]")
      ->delimiter(',');
  command.add_option("--join", arguments->join, "What stands between the fields")
      ->capture_default_str();
  command.add_option("--output", arguments->output, "PREFIX of the files that are made")
      ->required();
  command
      .add_option("--workers", arguments->workers, "Threads that encode; no effect on the bytes")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      .add_option("--valid-fraction", arguments->validFraction,
                  "Part of the documents, chosen by their number, that goes to PREFIX.valid")
      ->check(CLI::Range(0.0, 0.99));
  command.add_option("--max-length", arguments->maxLength,
                     "Cut documents to this many tokens, end-of-text included [no limit]");
  command
      .add_option("--end-of-text", arguments->endOfText,
                  "Id that ends each document [the tokenizer's]; it may be the first one behind "
                  "the vocabulary")
      ->check(CLI::Range(0, static_cast<int>(limits::kVocabulary)));
  command.add_flag("--overwrite", arguments->isOverwriting, "Replace files that are there");
  command.add_flag("--discard", arguments->isDiscarding,
                   "Leave nothing when the work fails or is stopped [the same command goes on]");
  command.add_flag("--json", arguments->isJson, "Print the summary as JSON");
  onChosen(command, chosen, [arguments] { return tokenize(*arguments); });
}

}  // namespace z2::cli
