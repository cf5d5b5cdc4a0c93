#include "app/cli/generate_command.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/generation_options.h"
#include "app/cli/line_input.h"
#include "core/generate/engine_client.h"
#include "core/generate/model_tokenizer.h"
#include "core/generate/text_stream.h"
#include "core/model_files/model_source.h"

namespace z2::cli {

namespace {

struct GenerateArguments {
  GenerationOptions options;
  std::string prompt;
  std::string prompts;  // a file
  std::vector<std::string> stops;
  int64_t batch = 8;
  bool addsBos = false;
  bool asJson = false;
};

void show(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// An answer as it comes.
struct Answer {
  std::string prompt;
  TextStream stream;
  std::vector<int32_t> ids = {};

  // Returns whether to go on.
  bool push(int32_t id, bool isShown) {
    ids.push_back(id);
    const std::string text = stream.push(id);
    if (isShown) show(text);
    return !stream.hasStopped();
  }
  // An answer that a stop text ended was interrupted by us.
  [[nodiscard]] Json toJson(const std::string& end) const {
    return {{"ids", ids},
            {"text", stream.text()},
            {"finish_reason", stream.hasStopped() ? "stop" : end}};
  }
};

// What the commands of one prompt and of a file share.
struct Session {
  ModelDescription model;
  std::shared_ptr<const Tokenizer> tokenizer;

  [[nodiscard]] Result<Json> requestOf(const GenerateArguments& arguments,
                                       const std::string& prompt) const {
    Z2_TRY(const std::vector<int32_t> ids, encodePrompt(*tokenizer, prompt, arguments.addsBos));
    return makeRequest(arguments.options, ids, stopIdsOf(model, *tokenizer));
  }
};

Result<void> generateOne(const GenerateArguments& arguments, const Session& session) {
  Z2_TRY(const Json request, session.requestOf(arguments, arguments.prompt));
  Z2_TRY(EngineClient engine, EngineClient::start(arguments.options.engine));
  Answer answer{arguments.prompt, TextStream(session.tokenizer, arguments.stops)};
  Z2_TRY(const std::string end,
         engine.generate(request, [&](int32_t id) { return answer.push(id, !arguments.asJson); }));
  const std::string rest = answer.stream.hasStopped() ? std::string() : answer.stream.finish();
  if (arguments.asJson)
    printJson(answer.toJson(end));
  else
    show(rest + "\n");
  if (end == "interrupted" && !answer.stream.hasStopped())
    return interrupted("the answer was stopped");
  return {};
}

// A line is a prompt, or a JSON object with one.
Result<std::vector<std::string>> readPrompts(const std::string& path) {
  Z2_TRY(LineInput input, LineInput::open(path));
  std::vector<std::string> prompts;
  while (true) {
    Z2_TRY(const std::optional<std::string_view> line, input.next());
    if (!line) break;
    if (!line->starts_with('{')) {
      prompts.emplace_back(*line);
      continue;
    }
    Z2_TRY(const Json row, parseJson(*line, input.where()));
    if (!row.contains("prompt") || !row["prompt"].is_string())
      return badInput(input.where(), "there is no text \"prompt\"",
                      "A line is a prompt, or {\"prompt\": text}");
    prompts.push_back(row["prompt"].get<std::string>());
  }
  if (prompts.empty()) return badInput(path, "there are no prompts", "A line each");
  return prompts;
}

Result<void> generateAll(const GenerateArguments& arguments, const Session& session) {
  Z2_TRY(const std::vector<std::string> prompts, readPrompts(arguments.prompts));
  std::vector<Json> requests;
  std::vector<Answer> answers;
  for (const std::string& prompt : prompts) {
    Z2_TRY(Json request, session.requestOf(arguments, prompt));
    requests.push_back(std::move(request));
    answers.push_back({prompt, TextStream(session.tokenizer, arguments.stops)});
  }
  Z2_TRY(EngineClient engine, EngineClient::start(arguments.options.engine, arguments.batch));
  Z2_TRY(const std::vector<std::string> ends,
         engine.generateAll(
             requests, [&](size_t index, int32_t id) { return answers[index].push(id, false); }));
  bool isStopped = false;
  for (size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i].stream.hasStopped()) (void)answers[i].stream.finish();
    Json row = {{"prompt", answers[i].prompt}};
    row.update(answers[i].toJson(ends[i]));
    printJson(row);
    isStopped = isStopped || (ends[i] == "interrupted" && !answers[i].stream.hasStopped());
  }
  if (isStopped) return interrupted("the answers were stopped");
  return {};
}

Result<void> runGenerate(const GenerateArguments& arguments) {
  Z2_TRY_VOID(validate(arguments.options.sampling));
  Session session;
  Z2_TRY(session.model, describeModel(arguments.options.engine.model));
  Z2_TRY(session.tokenizer, openModelTokenizer(session.model, arguments.options.tokenizer));
  return arguments.prompts.empty() ? generateOne(arguments, session)
                                   : generateAll(arguments, session);
}

}  // namespace

void addGenerateCommand(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("generate", "Let a model continue a text, or many");
  const auto arguments = std::make_shared<GenerateArguments>();
  CLI::Option* prompt =
      command->add_option("--prompt", arguments->prompt, "The text to continue; may be empty");
  CLI::Option* prompts = command->add_option(
      "--prompts", arguments->prompts,
      "A file of them (- is standard input), a line each or {\"prompt\": text}; a JSON line each "
      "is written");
  prompts->excludes(prompt);
  command->add_option("--batch", arguments->batch, "Of --prompts so many are continued at once")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--stop", arguments->stops, "The text ends before this one; may be several")
      ->allow_extra_args(false);
  addGenerationOptions(*command, arguments->options);
  command->add_flag("--bos", arguments->addsBos, "Put the tokenizer's BOS token before the prompt");
  command->add_flag("--json", arguments->asJson,
                    "{\"ids\":[…],\"text\":…}: the new tokens, an end token included, and their "
                    "text");
  onChosen(*command, chosen, [arguments, prompt, prompts]() -> Result<void> {
    if (prompt->count() + prompts->count() == 0)
      return usageError("there is nothing to continue", "Give --prompt or --prompts");
    return runGenerate(*arguments);
  });
}

}  // namespace z2::cli
