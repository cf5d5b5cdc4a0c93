// z2all data tokenize

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/cli/data/data_command.h"
#include "app/cli/data/dry_run.h"
#include "core/base/format.h"
#include "core/chat/template_source.h"
#include "core/data/conversations/chat_builder.h"
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
  std::vector<std::string> columns;
  std::string chatTemplate;
  std::string trainOn = "assistant";
  std::string truncation = "keep_start";
  bool allowsUntrained = false;
  bool allowsCut = false;
  bool isOverwriting = false;
  bool isDiscarding = false;
  bool isJson = false;
  bool isDryRun = false;
  DryRunOptions dryRun;
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
          {"trained_tokens", manifest.trainedTokens},
          {"dtype", nameOf(manifest.type)}};
}

Json summaryJson(const BuildSummary& summary, const BuildOptions& options) {
  Json json = {{"task", summary.train.task}};
  for (const char* key : {"formats", "template", "train_on"})
    if (summary.train.options.contains(key)) json[key] = summary.train.options.at(key);
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

void say(const BuildSummary& summary, const BuildOptions& options) {
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
  std::string line = fmt::format("{}: {} documents, {} tokens ({})", prefix, manifest.documents,
                                 manifest.tokens, nameOf(manifest.type));
  if (manifest.task != "pretrain" && manifest.tokens > 0)
    line += fmt::format(
        ", {} trained ({:.1f} %)", manifest.trainedTokens,
        100.0 * static_cast<double>(manifest.trainedTokens) / static_cast<double>(manifest.tokens));
  return line + "\n";
}

void showResult(const BuildSummary& summary, const BuildOptions& options, bool isJson) {
  for (const std::string& notice : summary.notices) std::fprintf(stderr, "%s\n", notice.c_str());
  say(summary, options);
  if (isJson) return printJson(summaryJson(summary, options));
  std::string text = partLine(summary.train, options.output.native());
  if (summary.valid)
    text += partLine(*summary.valid, withSuffix(options.output, ".valid").native());
  text += fmt::format("{} in {}, {}/s\n", formatBytes(static_cast<double>(summary.readBytes)),
                      formatDuration(summary.seconds),
                      formatBytes(static_cast<double>(summary.readBytes) / summary.seconds));
  std::fputs(text.c_str(), stdout);
}

Result<void> fillIn(const TokenizeArguments& arguments, BuildOptions& options) {
  options.inputs.assign(arguments.inputs.begin(), arguments.inputs.end());
  if (arguments.format != "auto") options.format = recordFormatNamed(arguments.format);
  options.textUnit = textUnitNamed(arguments.textUnit).value();
  options.output = arguments.output;
  options.workers = arguments.workers;
  options.validFraction = arguments.validFraction;
  options.isOverwriting = arguments.isOverwriting;
  options.isDiscarding = arguments.isDiscarding;
  if (arguments.isDryRun) return {};
  if (arguments.output.empty())
    return usageError("--output is missing", "Give the PREFIX of the files, or --dry-run");
  if (arguments.output.ends_with('/') || options.output.filename().empty())
    return usageError("--output is a prefix of file names, not a folder",
                      "Give for example --output data/poems");
  return {};
}

// Where the tokenizer lies, for the manifest.
std::string fullPath(const std::string& path) {
  std::error_code failure;
  const std::filesystem::path full = std::filesystem::weakly_canonical(path, failure);
  return failure ? path : full.native();
}

Result<void> tokenizeTexts(const TokenizeArguments& arguments) {
  PretrainOptions options;
  Z2_TRY_VOID(fillIn(arguments, options));
  options.fields = {arguments.fields, unescape(arguments.join)};
  options.maxLength = arguments.maxLength;
  options.tokenizerPath = fullPath(arguments.tokenizer);
  Z2_TRY(std::shared_ptr<const Tokenizer> tokenizer, Tokenizer::open(arguments.tokenizer));
  Z2_TRY(const BuildSummary summary,
         buildPretrainData(options, TokenizerEncoder(std::move(tokenizer), arguments.endOfText)));
  showResult(summary, options, arguments.isJson);
  return {};
}

Result<void> tokenizeConversations(const TokenizeArguments& arguments) {
  ChatBuildOptions options;
  Z2_TRY_VOID(fillIn(arguments, options));
  options.task = arguments.task == "sft" ? SampleTask::kSft : SampleTask::kDpo;
  Z2_TRY(options.columns, parseColumns(arguments.columns));
  Z2_TRY(options.chatTemplate, findTemplate(arguments.chatTemplate, arguments.tokenizer));
  options.trainOn = trainOnNamed(arguments.trainOn).value();
  options.maxLength = arguments.maxLength;
  if (arguments.truncation == "keep_end")
    options.truncation = ChatBuildOptions::Truncation::kKeepEnd;
  options.allowsUntrained = arguments.allowsUntrained;
  options.allowsCut = arguments.allowsCut;
  options.tokenizerPath = fullPath(arguments.tokenizer);
  options.endOfText = arguments.endOfText;
  Z2_TRY(std::shared_ptr<const Tokenizer> tokenizer, Tokenizer::open(arguments.tokenizer));
  if (arguments.isDryRun) {
    DryRunOptions dryRun = arguments.dryRun;
    dryRun.isJson = arguments.isJson;
    return dryRunConversations(options, std::move(tokenizer), dryRun);
  }
  Z2_TRY(const BuildSummary summary, buildChatData(options, std::move(tokenizer)));
  showResult(summary, options, arguments.isJson);
  return {};
}

// Options that another task alone knows.
Result<void> checkTask(const CLI::App& command, const std::string& task) {
  const auto refuse = [&](const char* option, bool isKnown, const char* tasks) -> Result<void> {
    if (isKnown || command.count(option) == 0) return {};
    return usageError(fmt::format("{} has no meaning with --task {}", option, task),
                      fmt::format("It belongs to --task {}", tasks));
  };
  const bool isPretrain = task == "pretrain";
  for (const char* option : {"--fields", "--join", "--txt-unit"})
    Z2_TRY_VOID(refuse(option, isPretrain, "pretrain"));
  for (const char* option : {"--columns", "--template", "--allow-untrained", "--allow-cut",
                             "--dry-run", "--sample", "--first"})
    Z2_TRY_VOID(refuse(option, !isPretrain, "sft or dpo"));
  Z2_TRY_VOID(refuse("--train-on", task == "sft", "sft"));
  return refuse("--truncation", task == "dpo", "dpo");
}

void addChatOptions(CLI::App& command, TokenizeArguments& arguments) {
  command
      .add_option("--columns", arguments.columns,
                  "What fields are called in the file: prompt=question,completion=answer")
      ->delimiter(',');
  command.add_option("--template", arguments.chatTemplate,
                     "Chat template: chatml, llama2, llama3, alpaca, z2all, a Jinja file, or a "
                     "model's folder [the tokenizer's own, else chatml]");
  command
      .add_option("--train-on", arguments.trainOn,
                  "What a sample trains: what assistants say, all of it, or the last answer")
      ->check(CLI::IsMember({"assistant", "all", "last"}))
      ->capture_default_str();
  command
      .add_option("--truncation", arguments.truncation,
                  "What is kept of pairs that are longer than --max-length: the start of prompt "
                  "and answers, or the end of the prompt")
      ->check(CLI::IsMember({"keep_start", "keep_end"}))
      ->capture_default_str();
  command.add_flag("--allow-untrained", arguments.allowsUntrained,
                   "Go on when more than 5 % of the samples have no trained token");
  command.add_flag("--allow-cut", arguments.allowsCut,
                   "Go on when more than 5 % of the samples are cut at --max-length");
}

void addDryRunOptions(CLI::App& command, TokenizeArguments& arguments) {
  CLI::Option* dryRun = command.add_flag(
      "--dry-run", arguments.isDryRun,
      "Write nothing: say what the samples would become, their lengths, how much is trained, which "
      "are cut or train nothing");
  command
      .add_option("--sample", arguments.dryRun.sample,
                  "With --dry-run: show sample N, from 0, token by token; on a terminal what is "
                  "trained is green")
      ->check(CLI::NonNegativeNumber)
      ->needs(dryRun);
  command
      .add_option("--first", arguments.dryRun.first,
                  "With --dry-run: look at this many samples only [all]")
      ->check(CLI::PositiveNumber)
      ->needs(dryRun);
}

}  // namespace

void addDataTokenizeCommand(CLI::App& data, Chosen& chosen) {
  CLI::App& command =
      *data.add_subcommand("tokenize", "Make a token file from text or conversations");
  auto arguments = std::make_shared<TokenizeArguments>();
  command.add_option("--task", arguments->task, "What the data is for")
      ->check(CLI::IsMember({"pretrain", "sft", "dpo"}))
      ->capture_default_str();
  command.add_option("--tokenizer", arguments->tokenizer, "Directory or file of the tokenizer")
      ->required();
  command
      .add_option("--input", arguments->inputs,
                  "Files of text, conversations or preferences, read in this order")
      ->required();
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
  command.add_option("--output", arguments->output, "PREFIX of the files that are made");
  command
      .add_option("--workers", arguments->workers, "Threads that encode; no effect on the bytes")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      .add_option("--valid-fraction", arguments->validFraction,
                  "Part of the documents, chosen by their number, that goes to PREFIX.valid")
      ->check(CLI::Range(0.0, 0.99));
  command.add_option(
      "--max-length", arguments->maxLength,
      "Cut documents to this many tokens, end-of-text included [no limit]; of a pair, "
      "prompt and longer answer together");
  command
      .add_option("--end-of-text", arguments->endOfText,
                  "Id that ends each document [the tokenizer's]; it may be the first one behind "
                  "the vocabulary")
      ->check(CLI::Range(0, static_cast<int>(limits::kVocabulary)));
  addChatOptions(command, *arguments);
  addDryRunOptions(command, *arguments);
  command.add_flag("--overwrite", arguments->isOverwriting, "Replace files that are there");
  command.add_flag("--discard", arguments->isDiscarding,
                   "Leave nothing when the work fails or is stopped [the same command goes on]");
  command.add_flag("--json", arguments->isJson, "Print the summary as JSON");
  onChosen(command, chosen, [arguments, &command]() -> Result<void> {
    Z2_TRY_VOID(checkTask(command, arguments->task));
    return arguments->task == "pretrain" ? tokenizeTexts(*arguments)
                                         : tokenizeConversations(*arguments);
  });
}

}  // namespace z2::cli
