#include "app/cli/demo_command.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

#include "core/base/process.h"
#include "core/base/progress.h"
#include "core/demo/demo_text.h"
#include "core/run/run_status.h"
#include "core/run/workspace.h"

namespace z2::cli {

namespace fs = std::filesystem;

namespace {

struct DemoOptions {
  std::string workspace;
  std::string language;
  int64_t steps = 300;
};

using Arguments = std::vector<std::string>;

// What a person would have typed.
std::string spelled(const Arguments& arguments) {
  std::string line = "z2all";
  for (const std::string& argument : arguments) {
    const bool isPlain = !argument.empty() && argument.find_first_of(" *'\"$") == std::string::npos;
    line += " " + (isPlain ? argument : "'" + argument + "'");
  }
  return line;
}

// Runs z2all with these arguments on this terminal.
Result<void> runStep(const std::string& title, const Arguments& arguments) {
  const bool isTerminal = ::isatty(STDERR_FILENO) == 1;
  std::fprintf(stderr, "\n%s%s%s\n  %s\n", isTerminal ? "\033[1m" : "", title.c_str(),
               isTerminal ? "\033[0m" : "", spelled(arguments).c_str());
  ProcessSpec spec;
  std::error_code failure;
  spec.program = fs::read_symlink("/proc/self/exe", failure);
  spec.arguments = arguments;
  Z2_TRY(ChildProcess child, ChildProcess::spawn(spec));
  const ProcessEnd end = child.wait();
  if (end.code == 0 && !stopRequested()) return {};
  if (stopRequested() || end.code == exitStatus(ErrorCode::kInterrupted))
    return interrupted("the demo was stopped; the same command goes on from here");
  return environmentError(spelled(arguments), "this step ended with " + end.text(),
                          "Its own message is above; the same command goes on from this step");
}

bool isThere(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Result<void> prepareData(const fs::path& tokenizer, const fs::path& data, const fs::path& text) {
  if (!isThere(tokenizer / "tokenizer.json")) {
    Arguments train = {"tokenizer", "train",       "--type",       "bbpe",
                       "--pattern", "llama3",      "--vocab-size", "8000",
                       "--input",   text.native(), "--output",     tokenizer.native()};
    Z2_TRY_VOID(runStep("1 of 4  Train a tokenizer of 8,000 pieces", train));
  }
  fs::path manifest = data;
  manifest += ".manifest.json";
  if (!isThere(manifest)) {
    Arguments tokenize = {"data",     "tokenize",    "--task",
                          "pretrain", "--tokenizer", tokenizer.native()};
    tokenize.insert(tokenize.end(), {"--input", text.native(), "--valid-fraction", "0.01",
                                     "--output", data.native()});
    Z2_TRY_VOID(runStep("2 of 4  Turn the text into token ids", tokenize));
  }
  return {};
}

Result<void> pretrain(const DemoOptions& options, const fs::path& tokenizer, const fs::path& data,
                      const fs::path& run) {
  const std::string title = "3 of 4  Pretrain a model of about 10 million parameters";
  if (isThere(run / "run.json")) {
    Z2_TRY(const RunStatus status, readRunStatus(run / "status.json"));
    if (status.state == RunState::kFinished) return {};
    const char* verb = status.state == RunState::kCreated ? "start" : "resume";
    return runStep(title, {"run", verb, run.native(), "--foreground"});
  }
  const auto set = [](const std::string& key, const std::string& value) {
    return key + "=" + value;
  };
  Arguments create = {"run", "new", "--task", "pretrain", "--dir", run.native()};
  for (const std::string& setting :
       {set("model.preset", "tiny"), set("tokenizer.path", tokenizer.native()),
        set("data.train", data.native()), set("data.valid", data.native() + ".valid"),
        set("data.seq_len", "256"), set("train.steps", std::to_string(options.steps)),
        set("train.micro_batch_size", "8"), set("train.eval_interval", "50"),
        set("train.checkpoint_interval", "50"), set("train.log_interval", "1"),
        set("optim.lr", "2e-3"), set("optim.warmup_steps", "20")}) {
    create.push_back("--set");
    create.push_back(setting);
  }
  Z2_TRY_VOID(runStep(title, create));
  return runStep("        and watch it (Ctrl-C stops and saves)",
                 {"run", "start", run.native(), "--foreground"});
}

Result<void> runDemo(const DemoOptions& options) {
  const Workspace workspace = Workspace::choose(options.workspace);
  const std::string name = "demo-" + options.language;
  const fs::path tokenizer = workspace.tokenizers() / name, run = workspace.runs() / name;
  const fs::path data = workspace.data() / name / name;
  const bool isChinese = options.language == "zh";
  std::fprintf(stderr,
               "Zero2All demo in %s: a tokenizer, data, a small model, and a sample of its text.\n",
               workspace.folder().c_str());
  Z2_TRY(const fs::path text, makeDemoText(data.parent_path(), isChinese ? DemoLanguage::kChinese
                                                                         : DemoLanguage::kEnglish));
  Z2_TRY_VOID(prepareData(tokenizer, data, text));
  Z2_TRY_VOID(pretrain(options, tokenizer, data, run));
  const Arguments prompts = isChinese ? Arguments{"这个命令", "如果指定"}
                                      : Arguments{"And the king said", "In the beginning"};
  for (const std::string& prompt : prompts)
    Z2_TRY_VOID(runStep("4 of 4  Let it write",
                        {"generate", "--model", run.native(), "--prompt", prompt,
                         "--max-new-tokens", "60", "--temperature", "0.7", "--seed", "1"}));
  std::fprintf(
      stderr, "\nThat was all of it. Go on with your own text: z2all --help, docs/user-guide.md\n");
  return {};
}

}  // namespace

void addDemoCommand(CLI::App& app, Chosen& chosen) {
  CLI::App* demo = app.add_subcommand(
      "demo", "Train a first model on text that Debian brings: about 5 minutes on 2 cores");
  const auto options = std::make_shared<DemoOptions>();
  options->workspace = Workspace::choose().folder().native();
  options->language = languageOfTerminal() == Language::kChinese ? "zh" : "en";
  demo->add_option("--workspace", options->workspace, "Folder for tokenizer, data and run")
      ->capture_default_str();
  demo->add_option("--language", options->language,
                   "Text to learn: en (the King James Bible) or zh (manual pages)")
      ->check(CLI::IsMember({"en", "zh"}))
      ->capture_default_str();
  demo->add_option("--steps", options->steps, "Optimizer steps to train")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  onChosen(*demo, chosen, [options] { return runDemo(*options); });
}

}  // namespace z2::cli
