#include "app/cli/chat_command.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

#include "app/cli/generation_options.h"
#include "core/base/line_reader.h"
#include "core/base/progress.h"
#include "core/generate/conversation.h"
#include "core/generate/engine_client.h"
#include "core/generate/model_tokenizer.h"
#include "core/generate/text_stream.h"
#include "core/io/files.h"
#include "core/model_files/model_source.h"

namespace z2::cli {

namespace {

constexpr const char* kHelp =
    "/reset          begin a new conversation      /system TEXT  tell the model how to be\n"
    "/save FILE      write the conversation        /exit         leave (or Ctrl-D)\n"
    "Ctrl-C          stop the answer\n";

void show(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

class Chat {
 public:
  Chat(GenerationOptions options, ModelDescription model,
       std::shared_ptr<const Tokenizer> tokenizer, ConversationFormat format, EngineClient engine)
      : options_(std::move(options)),
        model_(std::move(model)),
        tokenizer_(std::move(tokenizer)),
        format_(std::move(format)),
        engine_(std::move(engine)),
        isTerminal_(::isatty(STDIN_FILENO) != 0) {}

  void setSystem(std::string text) { system_ = std::move(text); }

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
      if (line.starts_with('/'))
        obey(line);
      else if (line.find_first_not_of(" \t\r") != std::string::npos)
        Z2_TRY_VOID(turn(line));
    }
  }

 private:
  void obey(const std::string& line) {
    const size_t space = line.find(' ');
    const std::string command = line.substr(0, space);
    const std::string rest = space == std::string::npos ? std::string() : line.substr(space + 1);
    if (command == "/reset")
      turns_.clear();
    else if (command == "/system")
      setSystem(rest);
    else if (command == "/save" && !rest.empty())
      save(rest);
    else
      std::fputs(kHelp, stderr);
  }

  [[nodiscard]] std::vector<ChatMessage> messages() const {
    std::vector<ChatMessage> messages;
    if (!system_.empty()) messages.push_back({"system", system_});
    messages.insert(messages.end(), turns_.begin(), turns_.end());
    return messages;
  }

  // As a line that `data tokenize --task sft` reads.
  void save(const std::string& path) {
    Json list = Json::array();
    for (const ChatMessage& message : messages())
      list.push_back({{"role", message.role}, {"content", message.content}});
    const Result<void> saved = replaceFile(path, jsonLine({{"messages", std::move(list)}}) + "\n");
    if (saved)
      std::fprintf(stderr, "%s: %zu messages\n", path.c_str(), messages().size());
    else
      std::fprintf(stderr, "%s\n", saved.error().text().c_str());
  }

  // A question that is too long is said and withdrawn; only the engine's end ends the chat.
  Result<void> turn(const std::string& question) {
    turns_.push_back({"user", question});
    const int64_t room =
        std::max<int64_t>(engine_.capacity() - options_.maxNewTokens, engine_.capacity() / 2);
    const auto prompt = encodeConversation(format_, messages(), room);
    if (!prompt) {
      turns_.pop_back();
      std::fprintf(stderr, "%s\n", prompt.error().text().c_str());
      return {};
    }
    Z2_TRY(std::string answer, tell(*prompt));
    turns_.push_back({"assistant", std::move(answer)});
    ++options_.sampling.seed;  // or the same question would always have the same answer
    return {};
  }

  // Shows the answer as it comes.
  Result<std::string> tell(const std::vector<int32_t>& prompt) {
    TextStream stream(tokenizer_, format_.stops());
    std::string answer;
    const auto take = [&](std::string text) {
      if (answer.empty()) text.erase(0, text.find_first_not_of(" \n"));
      show(text);
      answer += text;
    };
    std::vector<int64_t> stopIds = stopIdsOf(model_, *tokenizer_);
    stopIds.insert(stopIds.end(), format_.stopIds().begin(), format_.stopIds().end());
    const Json request = makeRequest(options_, prompt, stopIds);
    Z2_TRY(const std::string end, engine_.generate(request, [&](int32_t id) {
      take(stream.push(id));
      return !stream.hasStopped();
    }));
    if (!stream.hasStopped()) take(stream.finish());
    show("\n");
    if (stopRequested()) {
      forgetStopRequest();
      std::fputs("(stopped)\n", stderr);
    } else if (end == "length" || end == "context") {
      std::fputs(
          end == "length" ? "(cut at --max-new-tokens)\n" : "(the model's context is full)\n",
          stderr);
    }
    return answer;
  }

  GenerationOptions options_;
  ModelDescription model_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  ConversationFormat format_;
  EngineClient engine_;
  const bool isTerminal_;
  std::string system_;
  std::vector<ChatMessage> turns_;  // user and assistant
};

struct ChatArguments {
  GenerationOptions options;
  std::string system;
  std::string chatTemplate;
};

Result<void> runChat(const ChatArguments& arguments) {
  const GenerationOptions& options = arguments.options;
  Z2_TRY_VOID(validate(options.sampling));
  Z2_TRY(ModelDescription model, describeModel(options.engine.model));
  Z2_TRY(auto tokenizer, openModelTokenizer(model, options.tokenizer));
  Z2_TRY(ConversationFormat format,
         ConversationFormat::find(arguments.chatTemplate, model,
                                  tokenizerPathOf(model, options.tokenizer), tokenizer));
  Z2_TRY(EngineClient engine, EngineClient::start(options.engine));
  std::fprintf(stderr, "Template: %s\n", format.name().c_str());
  Chat chat(options, std::move(model), std::move(tokenizer), std::move(format), std::move(engine));
  chat.setSystem(arguments.system);
  return chat.run();
}

}  // namespace

void addChatCommand(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("chat", "Talk with a model in the terminal");
  const auto arguments = std::make_shared<ChatArguments>();
  arguments->options.sampling.temperature = 0.8;
  arguments->options.sampling.topP = 0.95;
  addGenerationOptions(*command, arguments->options);
  addTemplateOption(*command, arguments->chatTemplate);
  command->add_option("--system", arguments->system, "A message before the conversation");
  command->footer(
      "A model that has no chat template reads plain text:\n"
      "  User: your line\n  Assistant: its answer\n"
      "and its turn ends where it begins a line with \"User:\". In the chat: /reset, /system "
      "TEXT,\n"
      "/save FILE, /exit; Ctrl-C stops an answer. Without a terminal, each line of standard input "
      "is a\nquestion.");
  onChosen(*command, chosen, [arguments] { return runChat(*arguments); });
}

}  // namespace z2::cli
