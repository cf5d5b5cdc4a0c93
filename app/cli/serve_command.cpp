#include "app/cli/serve_command.h"

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "app/cli/generation_options.h"
#include "app/cli/key_file.h"
#include "core/base/progress.h"
#include "core/generate/engine_process.h"
#include "core/generate/model_tokenizer.h"
#include "core/model_files/model_source.h"
#include "core/serve/http_server.h"
#include "core/serve/openai_service.h"

namespace z2::cli {

namespace {

constexpr uint64_t kBodyLimit = uint64_t{32} << 20;

struct ServeArguments {
  EngineOptions engine;
  std::string tokenizer;
  std::string host = "127.0.0.1";
  uint16_t port = 0;
  std::string keyFile;
  std::string name;
  std::string chatTemplate;
  int64_t parallel = 4;
  int64_t context = 0;
};

bool isLoopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Result<ServedModel> describeServed(const ServeArguments& arguments) {
  Z2_TRY(const ModelDescription model, describeModel(arguments.engine.model));
  Z2_TRY(auto tokenizer, openModelTokenizer(model, arguments.tokenizer));
  Z2_TRY(ConversationFormat format,
         ConversationFormat::find(arguments.chatTemplate, model,
                                  tokenizerPathOf(model, arguments.tokenizer), tokenizer));
  ServedModel served{
      .name = arguments.name, .tokenizer = std::move(tokenizer), .format = std::move(format)};
  if (served.name.empty()) served.name = model.path.filename().native();
  served.stopIds = stopIdsOf(model, *served.tokenizer);
  return served;
}

Result<void> runServe(const ServeArguments& arguments) {
  ServiceOptions options{.key = {}, .host = arguments.host};
  if (!arguments.keyFile.empty()) {
    Z2_TRY(options.key, readKey(arguments.keyFile));
  }
  if (options.key.empty() && !isLoopback(arguments.host))
    return usageError("other machines may only ask with a key", "Give --key-file FILE");
  Z2_TRY(ServedModel model, describeServed(arguments));
  Z2_TRY(HttpServer server, HttpServer::listen(arguments.host, arguments.port, kBodyLimit));
  Z2_TRY(EngineProcess engine,
         EngineProcess::start("generate", arguments.engine,
                              {"--rows", std::to_string(arguments.parallel), "--context",
                               std::to_string(arguments.context)}));
  std::signal(SIGPIPE, SIG_IGN);  // a client that goes is no reason to end
  OpenAiService service(std::move(model), AnswerQueue(std::move(engine)), options);
  Result<void> outcome;
  server.setHandler([&](const HttpRequest& request, std::shared_ptr<HttpReply> reply) {
    service.handle(request, std::move(reply));
  });
  server.watch(service.engineDescriptor(), [&] {
    outcome = service.poll();
    if (!outcome) server.stop();
  });
  const bool isIpv6 = arguments.host.find(':') != std::string::npos;
  const std::string host = isIpv6 ? "[" + arguments.host + "]" : arguments.host;
  printJson({{"url", fmt::format("http://{}:{}", host, server.port())}});
  std::fputs("Ctrl-C ends the server.\n", stderr);
  server.run();
  service.stop();
  if (stopRequested()) return {};
  return outcome;
}

}  // namespace

void addServeCommand(CLI::App& app, Chosen& chosen) {
  CLI::App* command =
      app.add_subcommand("serve", "Let other programs talk to a model by OpenAI's HTTP interface");
  const auto arguments = std::make_shared<ServeArguments>();
  command
      ->add_option("--model", arguments->engine.model,
                   "A run (its newest checkpoint that verifies), a checkpoint or a Hugging Face "
                   "directory")
      ->required();
  command->add_option("--tokenizer", arguments->tokenizer, "Instead of the model's own");
  command
      ->add_option("--host", arguments->host,
                   "Address to listen on; other than this machine's own needs --key-file")
      ->capture_default_str();
  command->add_option("--port", arguments->port, "0: a free one")->capture_default_str();
  command
      ->add_option("--key-file", arguments->keyFile,
                   "A file whose first line every request must bring as \"Authorization: Bearer "
                   "KEY\"")
      ->check(CLI::ExistingFile);
  addTemplateOption(*command, arguments->chatTemplate);
  command->add_option("--name", arguments->name, "What the model is called; its folder's name");
  command
      ->add_option("--parallel", arguments->parallel,
                   "Answers at once; other requests wait, clients taking turns")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command
      ->add_option("--context", arguments->context,
                   "Tokens of prompt and answer; 0: all that the model was made for")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  addEngineOptions(*command, arguments->engine);
  command->footer(
      "Prints {\"url\":…} when it is ready. There are GET /v1/models, POST /v1/chat/completions, "
      "POST\n/v1/completions (both with \"stream\": true), and GET /health. Beside OpenAI's fields "
      "top_k, min_p,\nrepetition_penalty and ignore_eos are read. \"tools\" work where the model's "
      "template writes calls in a\nway that is known: as Qwen 2.5 and Hermes, Mistral, or Llama "
      "3.1.");
  onChosen(*command, chosen, [arguments] { return runServe(*arguments); });
}

}  // namespace z2::cli
