#include "app/cli/chat_command.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include <unistd.h>

#include "app/cli/dialogue.h"
#include "app/cli/generation_options.h"
#include "core/base/line_reader.h"
#include "core/base/progress.h"
#include "core/generate/engine_client.h"
#include "core/generate/model_tokenizer.h"
#include "core/generate/text_stream.h"
#include "core/model_files/model_source.h"

namespace z2::cli {

namespace {

constexpr const char* kHelp =
    "/reset  begin a new conversation      /exit  leave (or Ctrl-D)      Ctrl-C  stop the answer\n";

void show(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

class Chat {
 public:
  Chat(GenerationOptions options, ModelDescription model,
       std::shared_ptr<const Tokenizer> tokenizer, EngineClient engine)
      : options_(std::move(options)),
        model_(std::move(model)),
        tokenizer_(std::move(tokenizer)),
        engine_(std::move(engine)),
        isTerminal_(::isatty(STDIN_FILENO) != 0) {}

  Result<void> run() {
    std::fputs(kHelp, stderr);
    LineReader input(STDIN_FILENO);
    std::string line;
    while (true) {
      if (isTerminal_) std::fputs("> ", stderr);
      const LineReader::Outcome outcome = input.next(line);
      if (outcome == LineReader::Outcome::kEnd) return {};
      if (outcome == LineReader::Outcome::kSignal) {
        forgetStopRequest();
        std::fputs("\n/exit or Ctrl-D leaves.\n", stderr);
        continue;
      }
      if (line == "/exit" || line == "/quit") return {};
      if (line == "/reset")
        dialogue_.clear();
      else if (line.starts_with('/'))
        std::fputs(kHelp, stderr);
      else if (line.find_first_not_of(" \t\r") != std::string::npos)
        Z2_TRY_VOID(turn(line));
    }
  }

 private:
  // A question that is too long is said and withdrawn; only the engine's end ends the chat.
  Result<void> turn(const std::string& question) {
    dialogue_.ask(question);
    const int64_t room =
        std::max<int64_t>(engine_.capacity() - options_.maxNewTokens, engine_.capacity() / 2);
    const auto prompt = dialogue_.encode(*tokenizer_, room);
    if (!prompt) {
      dialogue_.withdraw();
      std::fprintf(stderr, "%s\n", prompt.error().text().c_str());
      return {};
    }
    TextStream stream(tokenizer_, {std::string(kUserTurn)});
    bool isAtStart = true;
    const auto onToken = [&](int32_t id) {
      std::string text = stream.push(id);
      if (isAtStart) text.erase(0, text.find_first_not_of(" \n"));
      isAtStart = isAtStart && text.empty();
      show(text);
      return !stream.hasStopped();
    };
    const Json request = makeRequest(options_, *prompt, stopIdsOf(model_, *tokenizer_));
    Z2_TRY(const std::string end, engine_.generate(request, onToken));
    if (!stream.hasStopped()) show(stream.finish());
    show("\n");
    if (stopRequested()) {
      forgetStopRequest();
      std::fputs("(stopped)\n", stderr);
    }
    dialogue_.answer(stream.text());
    ++options_.sampling.seed;  // or the same question would always have the same answer
    return {};
  }

  GenerationOptions options_;
  ModelDescription model_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  EngineClient engine_;
  const bool isTerminal_;
  Dialogue dialogue_;
};

Result<void> runChat(const GenerationOptions& options) {
  Z2_TRY_VOID(validate(options.sampling));
  Z2_TRY(ModelDescription model, describeModel(options.engine.model));
  Z2_TRY(auto tokenizer, openModelTokenizer(model, options.tokenizer));
  Z2_TRY(EngineClient engine, EngineClient::start(options.engine));
  Chat chat(options, std::move(model), std::move(tokenizer), std::move(engine));
  return chat.run();
}

}  // namespace

void addChatCommand(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("chat", "Talk with a model in the terminal");
  const auto options = std::make_shared<GenerationOptions>();
  options->sampling.temperature = 0.8;
  options->sampling.topP = 0.95;
  addGenerationOptions(*command, *options);
  command->footer(
      "The conversation is written for the model as plain text:\n"
      "  User: your line\n  Assistant: its answer\n"
      "and its turn ends where it begins a line with \"User:\". In the chat: /reset, /exit; "
      "Ctrl-C\n"
      "stops an answer. Without a terminal, each line of standard input is a question.");
  onChosen(*command, chosen, [options] { return runChat(*options); });
}

}  // namespace z2::cli
