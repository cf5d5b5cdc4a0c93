#include "tests/ui/accessibility/full_workspace.h"

#include <chrono>
#include <iterator>
#include <sstream>

#include "core/base/check.h"
#include "core/io/files.h"
#include "tests/support/task_model.h"
#include "tests/ui/journey/small_text.h"
#include "tests/ui/support/tiny_model.h"
#include "tests/ui/support/workspace.h"
#include "tests/ui/support/z2all.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

const std::string kChatMl =
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

void write(const std::filesystem::path& file, const std::string& text) {
  Z2_CHECK(replaceFile(file, text).has_value(), "the test's file cannot be written");
}

// Of a command line whose arguments have no spaces.
void run(const std::string& line) {
  std::istringstream words(line);
  runZ2all({std::istream_iterator<std::string>(words), std::istream_iterator<std::string>()});
}

}  // namespace

FullWorkspace::FullWorkspace()
    : slow_([](const ScriptedRequest&, int) {
        return ScriptedReply{.body = {}, .delay = std::chrono::minutes(10)};
      }) {
  writeTexts();
  makeTokenizer();
  makeData();
  makeInstructions();
  makeTinyModel(path() / "models" / "plain");
  makeTinyModel(path() / "models" / "talker", {.seed = 2, .chatTemplate = kChatMl});
  makeRuns();
  trainRun();
}

QString FullWorkspace::slowServer() const { return toQString(slow_.url()); }

void FullWorkspace::writeTexts() const {
  writeSmallText(folder_.path() / "text.txt");
  std::string records, answers, pairs, seeds;
  for (size_t i = 0; i < 60; ++i) {
    const std::string number = std::to_string(i);
    if (i == 3) records += "{\"title\": broken\n";
    records += R"({"title":"Fox )" + number + R"(","body":"The quick brown fox jumps."})" + "\n";
    answers +=
        R"({"prompt":"What does fox )" + number + R"( do?","completion":"It jumps."})" + "\n";
    pairs += R"({"prompt":"What does fox )" + number +
             R"( do?","chosen":"It jumps over the dog.","rejected":"It sleeps."})" + "\n";
  }
  for (size_t i = 0; i < 10; ++i) seeds += jsonLine(madeUpTask(900 + i).toJson()) + "\n";
  write(this->records(), records);
  write(folder_.path() / "answers.jsonl", answers);
  write(folder_.path() / "pairs.jsonl", pairs);
  write(this->seeds(), seeds);
}

void FullWorkspace::makeTokenizer() const {
  std::filesystem::create_directories(path() / "tokenizers");
  run("tokenizer train --input " + folder_.path().native() +
      "/text.txt --vocab-size 512 --special <|im_start|> <|im_end|> --output " + path().native() +
      "/tokenizers/words");
}

void FullWorkspace::makeData() const {
  const std::string from = folder_.path().native() + "/";
  const auto make = [&](const std::string& name, const std::string& arguments) {
    run("data tokenize --tokenizer " + path().native() + "/tokenizers/words --output " +
        data(name).native() + " " + arguments);
  };
  make("texts", "--task pretrain --discard --valid-fraction 0.1 --fields title,body --input " +
                    from + "text.txt " + from + "records.jsonl");
  make("answers", "--task sft --template chatml --input " + from + "answers.jsonl");
  make("pairs", "--task dpo --template chatml --input " + from + "pairs.jsonl");
}

void FullWorkspace::makeInstructions() const {
  const ScriptedServer server([](const ScriptedRequest& request, int) {
    return ScriptedReply{.body = replyWithTasks(request.body, 4)};
  });
  run("data generate --seeds " + seeds().native() + " --endpoint " + server.url() +
      " --model made-up --count 10 --per-request 4 --output " + path().native() +
      "/data/tasks/tasks.jsonl");
}

void FullWorkspace::makeRuns() const {
  addTestRun(path(), {.name = "alpha", .rows = 1000});
  addTestRun(path(), {.name = "beta", .state = RunState::kStopped, .rows = 50});
  addTestRun(path(), {.name = "a-run-whose-name-is-longer-than-its-column", .rows = 200});
  addTestRun(path(), {.name = "at-work", .state = RunState::kRunning, .rows = 400, .loss = 7});
  addTestRun(path(), {.name = "failed",
                      .state = RunState::kFailed,
                      .rows = 10,
                      .error = "the loss is not a number since step 10"});
  addTestRun(path(), {.name = "waiting", .state = RunState::kQueued, .rows = 1});
}

void FullWorkspace::trainRun() const {
  const std::string folder = path().native() + "/runs/trained";
  run("run new --task pretrain --dir " + folder +
      " --set model.vocab_size=512 --set model.hidden_size=32 --set model.intermediate_size=64"
      " --set model.num_hidden_layers=2 --set model.num_attention_heads=2"
      " --set model.num_key_value_heads=1 --set model.max_position_embeddings=64"
      " --set data.seq_len=32 --set train.micro_batch_size=2 --set train.device=cpu"
      " --set train.steps=40 --set train.checkpoint_interval=10 --set train.eval_interval=10"
      " --set train.eval_batches=2 --set tokenizer.path=" +
      path().native() + "/tokenizers/words --set data.train=" + data("texts").native() +
      " --set data.valid=" + data("texts").native() + ".valid");
  run("run start --foreground " + folder);
  run("run sample --prompt Once --max-new-tokens 20 --device cpu " + folder);
}

}  // namespace z2::ui
