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
#include "core/demo/demo_plan.h"
#include "core/run/run_status.h"

namespace z2::cli {

namespace fs = std::filesystem;

namespace {

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

Result<void> prepareData(const DemoPlan& plan, const fs::path& text) {
  const std::string tokenizer = plan.tokenizer().native(), data = plan.data().native();
  if (!isThere(plan.tokenizer() / "tokenizer.json")) {
    Arguments train = {"tokenizer",    "train", "--type",  "bbpe",        "--pattern", "llama3",
                       "--vocab-size", "8000",  "--input", text.native(), "--output",  tokenizer};
    Z2_TRY_VOID(runStep("1 of 4  Train a tokenizer of 8,000 pieces", train));
  }
  if (!isThere(data + ".manifest.json")) {
    Arguments tokenize = {"data", "tokenize", "--task", "pretrain", "--tokenizer", tokenizer};
    tokenize.insert(tokenize.end(),
                    {"--input", text.native(), "--valid-fraction", "0.01", "--output", data});
    Z2_TRY_VOID(runStep("2 of 4  Turn the text into token ids", tokenize));
  }
  return {};
}

Result<void> pretrain(const DemoPlan& plan) {
  const std::string title = "3 of 4  Pretrain a model of about 10 million parameters";
  const fs::path run = plan.run();
  if (isThere(run / "run.json")) {
    Z2_TRY(const RunStatus status, readRunStatus(run / "status.json"));
    if (status.state == RunState::kFinished) return {};
    const char* verb = status.state == RunState::kCreated ? "start" : "resume";
    return runStep(title, {"run", verb, run.native(), "--foreground"});
  }
  Arguments create = {"run", "new", "--task", "pretrain", "--dir", run.native()};
  for (const std::string& setting : plan.settings()) {
    create.push_back("--set");
    create.push_back(setting);
  }
  Z2_TRY_VOID(runStep(title, create));
  return runStep("        and watch it (Ctrl-C stops and saves)",
                 {"run", "start", run.native(), "--foreground"});
}

Result<void> runDemo(const DemoPlan& plan) {
  std::fprintf(stderr,
               "Zero2All demo in %s: a tokenizer, data, a small model, and a sample of its text.\n",
               plan.workspace.folder().c_str());
  Z2_TRY(const fs::path text, makeDemoText(plan.data().parent_path(), plan.language));
  Z2_TRY_VOID(prepareData(plan, text));
  Z2_TRY_VOID(pretrain(plan));
  Arguments sample = {"run", "sample", plan.run().native()};
  for (const std::string& prompt : plan.prompts())
    sample.insert(sample.end(), {"--prompt", prompt});
  Z2_TRY_VOID(runStep("4 of 4  Let its checkpoints write", sample));
  std::fprintf(
      stderr, "\nThat was all of it. Go on with your own text: z2all --help, docs/user-guide.md\n");
  return {};
}

}  // namespace

void addDemoCommand(CLI::App& app, Chosen& chosen) {
  CLI::App* demo = app.add_subcommand(
      "demo", "Train a first model on text that Debian brings: about 5 minutes on 2 cores");
  struct Options {
    std::string workspace;
    std::string language;
    int64_t steps = 300;
  };
  const auto options = std::make_shared<Options>();
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
  onChosen(*demo, chosen, [options] {
    return runDemo(
        {.workspace = Workspace::choose(options->workspace),
         .language = options->language == "zh" ? DemoLanguage::kChinese : DemoLanguage::kEnglish,
         .steps = options->steps});
  });
}

}  // namespace z2::cli
