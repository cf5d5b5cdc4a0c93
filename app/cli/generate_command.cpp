#include "app/cli/generate_command.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/generation_options.h"
#include "core/generate/engine_client.h"
#include "core/generate/model_tokenizer.h"
#include "core/generate/text_stream.h"
#include "core/model_files/model_source.h"

namespace z2::cli {

namespace {

struct GenerateArguments {
  GenerationOptions options;
  std::string prompt;
  bool addsBos = false;
  bool asJson = false;
};

void show(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

Result<void> runGenerate(const GenerateArguments& arguments) {
  Z2_TRY_VOID(validate(arguments.options.sampling));
  Z2_TRY(const ModelDescription model, describeModel(arguments.options.engine.model));
  Z2_TRY(const auto tokenizer, openModelTokenizer(model, arguments.options.tokenizer));
  Z2_TRY(const std::vector<int32_t> prompt,
         encodePrompt(*tokenizer, arguments.prompt, arguments.addsBos));
  Z2_TRY(EngineClient engine, EngineClient::start(arguments.options.engine));
  TextStream stream(tokenizer);
  std::vector<int32_t> ids;
  const auto onToken = [&](int32_t id) {
    ids.push_back(id);
    const std::string text = stream.push(id);
    if (!arguments.asJson) show(text);
    return true;
  };
  const Json request = makeRequest(arguments.options, prompt, stopIdsOf(model, *tokenizer));
  Z2_TRY(const std::string end, engine.generate(request, onToken));
  const std::string rest = stream.finish();
  if (arguments.asJson)
    printJson({{"ids", ids}, {"text", stream.text()}, {"finish_reason", end}});
  else
    show(rest + "\n");
  if (end == "interrupted") return interrupted("the answer was stopped");
  return {};
}

}  // namespace

void addGenerateCommand(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("generate", "Let a model continue a text");
  const auto arguments = std::make_shared<GenerateArguments>();
  command->add_option("--prompt", arguments->prompt, "The text to continue; may be empty")
      ->required();
  addGenerationOptions(*command, arguments->options);
  command->add_flag("--bos", arguments->addsBos, "Put the tokenizer's BOS token before the prompt");
  command->add_flag("--json", arguments->asJson,
                    "{\"ids\":[…],\"text\":…}: the new tokens, an end token included, and their "
                    "text");
  onChosen(*command, chosen, [arguments] { return runGenerate(*arguments); });
}

}  // namespace z2::cli
