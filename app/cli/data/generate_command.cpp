// z2all data generate

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "app/cli/data/data_command.h"
#include "app/cli/key_file.h"
#include "core/base/format.h"
#include "core/base/progress.h"
#include "core/http/endpoint_url.h"
#include "core/instruct/instruction_generator.h"

namespace z2::cli {

namespace {

constexpr size_t kMostWords = 150;       // of an English instruction
constexpr size_t kMostCharacters = 300;  // of a Chinese one
constexpr size_t kLeastWords = 3;
constexpr size_t kLeastCharacters = 4;

struct GenerateArguments {
  std::vector<std::string> seeds;
  std::string endpoint;
  std::string language;  // empty: the seeds'
  std::string keyFile;
  std::string banned;
  std::string fields;
  std::optional<size_t> minLength;
  std::optional<size_t> maxLength;
  double timeoutSeconds = 300;
  double waitSeconds = 1;
  GeneratorOptions generator;
  bool isOverwriting = false;
  bool isJson = false;
};

void tell(const std::string& notice) {
  const bool hasBar = ::isatty(STDERR_FILENO) == 1 && !isProgressJsonAsked();
  std::fprintf(stderr, "%s%s\n", hasBar ? "\r\033[K" : "", notice.c_str());
}

Result<void> fillFilter(const GenerateArguments& arguments, GeneratorOptions& options) {
  FilterOptions& filter = options.filter;
  filter.language = options.seeds.language;
  if (!arguments.language.empty())
    filter.language =
        arguments.language == "zh" ? InstructionLanguage::kChinese : InstructionLanguage::kEnglish;
  const bool isChinese = filter.language == InstructionLanguage::kChinese;
  filter.minWords = arguments.minLength.value_or(isChinese ? kLeastCharacters : kLeastWords);
  filter.maxWords = arguments.maxLength.value_or(isChinese ? kMostCharacters : kMostWords);
  if (filter.minWords > filter.maxWords)
    return usageError("--min-length is greater than --max-length");
  if (arguments.banned.empty()) {
    filter.banned = defaultBannedWords(filter.language);
    return {};
  }
  Z2_TRY(filter.banned, readBannedWords(arguments.banned));
  return {};
}

Result<GeneratorOptions> optionsOf(const GenerateArguments& arguments) {
  GeneratorOptions options = arguments.generator;
  Z2_TRY(options.url, chatUrlOf(arguments.endpoint));
  if (!arguments.fields.empty()) {
    Z2_TRY(options.chat.fields, parseJson(arguments.fields, "--fields"));
    if (!options.chat.fields.is_object())
      return usageError("--fields is no JSON object", R"(Give for example '{"top_k": 40}')");
  }
  if (options.mostCost > 0 && options.priceIn + options.priceOut <= 0)
    return usageError("--max-cost needs prices", "Give --price-in and --price-out");
  Z2_TRY(options.seeds,
         readSeedTasks({arguments.seeds.begin(), arguments.seeds.end()}, options.examples));
  Z2_TRY_VOID(fillFilter(arguments, options));
  if (!arguments.keyFile.empty()) {
    Z2_TRY(options.key, readKey(arguments.keyFile));
    if (!isEncryptedUrl(options.url) && !isLoopbackUrl(options.url))
      tell("the key goes over the network without encryption: the address begins with http://");
  }
  options.timeout = std::chrono::milliseconds(static_cast<int64_t>(arguments.timeoutSeconds * 1e3));
  options.retry.firstWait =
      std::chrono::milliseconds(static_cast<int64_t>(arguments.waitSeconds * 1e3));
  options.retry.seed = options.seed;
  options.onNotice = tell;
  return options;
}

Json summaryJson(const GeneratorSummary& summary, const GeneratorOptions& options) {
  const TaskPaths paths = taskPathsOf(options.output);
  Json json = {{"output", paths.kept.native()},
               {"dropped_output", paths.dropped.native()},
               {"language", nameOf(options.filter.language)},
               {"count", summary.count},
               {"kept", summary.kept},
               {"finished", summary.isFinished()},
               {"dropped", Json::object()},
               {"requests", summary.totals.requests},
               {"attempts", summary.totals.attempts},
               {"prompt_tokens", summary.totals.promptTokens},
               {"completion_tokens", summary.totals.completionTokens},
               {"requests_without_usage", summary.totals.withoutUsage},
               {"cost", summary.cost},
               {"kept_now", summary.keptNow},
               {"seconds", summary.seconds}};
  for (const auto& [reason, count] : summary.dropped) json["dropped"][reason] = count;
  return json;
}

std::string summaryText(const GeneratorSummary& summary, const GeneratorOptions& options) {
  const TaskPaths paths = taskPathsOf(options.output);
  std::string text =
      fmt::format("{}: {} of {} tasks\n", paths.kept.native(), summary.kept, summary.count);
  uint64_t dropped = 0;
  std::string reasons;
  for (const auto& [reason, count] : summary.dropped) {
    dropped += count;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", count, reason);
  }
  if (dropped > 0) text += fmt::format("{}: {} ({})\n", paths.dropped.native(), dropped, reasons);
  text += fmt::format("{} requests ({} attempts), {} tokens in, {} out", summary.totals.requests,
                      summary.totals.attempts, summary.totals.promptTokens,
                      summary.totals.completionTokens);
  if (summary.cost > 0) text += fmt::format(", cost {:.4f}", summary.cost);
  if (summary.totals.withoutUsage > 0)
    text +=
        fmt::format("; the server counted no tokens of {} requests", summary.totals.withoutUsage);
  return text + fmt::format("\n{} now, in {}\n", summary.keptNow, formatDuration(summary.seconds));
}

Result<void> runGenerate(const GenerateArguments& arguments) {
  Z2_TRY(GeneratorOptions options, optionsOf(arguments));
  if (arguments.isOverwriting) Z2_TRY_VOID(TaskStore::remove(options.output));
  Z2_TRY(InstructionGenerator generator, InstructionGenerator::open(options));
  Result<void> outcome = generator.run();
  const GeneratorSummary summary = generator.summary();
  if (arguments.isJson)
    printJson(summaryJson(summary, options));
  else
    std::fputs(summaryText(summary, options).c_str(), outcome ? stdout : stderr);
  return outcome;
}

void addRequestOptions(CLI::App& command, GenerateArguments& arguments) {
  GeneratorOptions& options = arguments.generator;
  command.add_option("--requests", options.parallel, "Requests at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command.add_option("--per-request", options.perRequest, "Tasks that a request asks for")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command.add_option("--examples", options.examples, "Seed tasks that a request shows")
      ->check(CLI::Range(1, 50))
      ->capture_default_str();
  command
      .add_option("--temperature", options.chat.temperature, "0 always takes the likeliest token")
      ->check(CLI::Range(0.0, 2.0))
      ->capture_default_str();
  command.add_option("--top-p", options.chat.topP, "Tokens drawn from hold this share")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--max-tokens", options.chat.maxTokens, "Of an answer")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_option("--fields", arguments.fields,
                     "Further fields of the request as a JSON object; null takes one away, as "
                     R"('{"max_tokens": null, "max_completion_tokens": 4000}')");
  command.add_option("--seed", options.seed, "Of the examples drawn, the waits and the model")
      ->capture_default_str();
  command.add_option("--timeout", arguments.timeoutSeconds, "Seconds to wait for an answer")
      ->check(CLI::Range(0.1, 86'400.0))
      ->capture_default_str();
  command
      .add_option("--retries", options.retry.most,
                  "Times that a request is made again when the server is busy or fails")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command
      .add_option("--retry-wait", arguments.waitSeconds,
                  "Seconds before the first retry, doubled with each up to a minute; a server's "
                  "Retry-After counts too")
      ->check(CLI::Range(0.001, 3600.0))
      ->capture_default_str();
}

void addFilterOptions(CLI::App& command, GenerateArguments& arguments) {
  command
      .add_option("--similarity", arguments.generator.filter.similarity,
                  "ROUGE-L to any kept instruction or seed above which a task is dropped")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--min-length", arguments.minLength,
                     "Words (Chinese: characters) of an instruction [3; Chinese: 4]");
  command.add_option("--max-length", arguments.maxLength,
                     "Words (Chinese: characters) of an instruction [150; Chinese: 300]");
  command
      .add_option("--banned", arguments.banned,
                  "A file of words and phrases, one a line, that no instruction may have [what "
                  "needs pictures, sound, files]")
      ->check(CLI::ExistingFile);
}

void addLimitOptions(CLI::App& command, GenerateArguments& arguments) {
  GeneratorOptions& options = arguments.generator;
  command.add_option("--price-in", options.priceIn, "Price of a million tokens of prompts")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--price-out", options.priceOut, "Price of a million tokens of answers")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--max-cost", options.mostCost, "End when the file has cost so much")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--max-requests", options.mostRequests, "End after so many requests");
  command
      .add_option("--give-up-after", options.mostFruitless,
                  "Answers in a row with nothing to keep that end the work; 0: never")
      ->capture_default_str();
}

}  // namespace

void addDataGenerateCommand(CLI::App& data, Chosen& chosen) {
  CLI::App& command = *data.add_subcommand(
      "generate", "Let a model write instruction data after the pattern of seed tasks");
  auto arguments = std::make_shared<GenerateArguments>();
  GeneratorOptions& options = arguments->generator;
  command
      .add_option("--seeds", arguments->seeds,
                  "Files of tasks by people: {\"instruction\",\"input\",\"output\"}, or "
                  "\"instances\" as self-instruct has them")
      ->required()
      ->check(CLI::ExistingFile);
  command
      .add_option("--endpoint", arguments->endpoint,
                  "Server with OpenAI's interface: what z2all serve prints, or for example "
                  "https://api.example.com/v1")
      ->required();
  command.add_option("--model", options.chat.model, "What the server calls the model")->required();
  command.add_option("--count", options.count, "Tasks to keep")
      ->required()
      ->check(CLI::PositiveNumber);
  command
      .add_option("--output", options.output,
                  "FILE.jsonl; beside it dropped-FILE.jsonl and FILE.journal.jsonl")
      ->required();
  command.add_option("--language", arguments->language, "Of the tasks [the seeds']")
      ->check(CLI::IsMember({"en", "zh"}));
  command.add_option("--key-file", arguments->keyFile,
                     "A file whose first line is the server's key; -: standard input; "
                     "keychain:NAME: the desktop's keychain, where z2all key set put it");
  addRequestOptions(command, *arguments);
  addFilterOptions(command, *arguments);
  addLimitOptions(command, *arguments);
  command.add_flag("--overwrite", arguments->isOverwriting, "Begin anew; what is there is removed");
  command.add_flag("--json", arguments->isJson, "Print the summary as JSON");
  command.footer(
      "The same command goes on where the last one was stopped or killed; a greater --count makes "
      "more.\nWhat is dropped stands in dropped-FILE.jsonl with its reason.");
  onChosen(command, chosen, [arguments] { return runGenerate(*arguments); });
}

}  // namespace z2::cli
