// z2all run sample

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/cli/run/run_command.h"
#include "core/base/progress.h"
#include "core/generate/generation_request.h"
#include "core/generate/model_tokenizer.h"
#include "core/generate/text_stream.h"
#include "core/model_files/model_source.h"
#include "core/run/run_samples.h"

namespace z2::cli {

namespace fs = std::filesystem;

namespace {

struct SampleArguments {
  std::string folder;
  std::vector<int64_t> steps;
  std::vector<std::string> prompts = {"Once upon a time"};
  GenerationOptions options;
  bool asJson = false;
};

// The questions that are not answered yet, checkpoint by checkpoint.
Result<std::vector<RunSample>> openQuestions(const SampleArguments& arguments,
                                             const RunDirectory& run) {
  const std::vector<int64_t> there = checkpointSteps(run.checkpoints());
  for (const int64_t step : arguments.steps)
    if (std::find(there.begin(), there.end(), step) == there.end())
      return badInput(run.name(), fmt::format("there is no checkpoint of step {}", step),
                      "z2all run status " + run.path().native() + " names the newest");
  Z2_TRY(const std::vector<RunSample> known, readSamples(run.path()));
  std::vector<RunSample> open;
  for (const int64_t step : arguments.steps.empty() ? there : arguments.steps)
    for (const std::string& prompt : arguments.prompts) {
      const RunSample question{.step = step,
                               .prompt = prompt,
                               .text = {},
                               .temperature = arguments.options.sampling.temperature,
                               .seed = arguments.options.sampling.seed,
                               .maxNewTokens = arguments.options.maxNewTokens};
      const bool isKnown = std::any_of(known.begin(), known.end(), [&](const RunSample& sample) {
        return sample.isSameQuestion(question);
      });
      if (!isKnown) open.push_back(question);
    }
  return open;
}

// The engine with one checkpoint, for all questions about it.
class Writer {
 public:
  static Result<Writer> open(GenerationOptions options, const fs::path& checkpoint) {
    options.engine.model = checkpoint.native();
    Z2_TRY(ModelDescription model, describeModel(checkpoint));
    Z2_TRY(auto tokenizer, openModelTokenizer(model, options.tokenizer));
    Z2_TRY(EngineClient engine, EngineClient::start(options.engine));
    return Writer(std::move(options), std::move(model), std::move(tokenizer), std::move(engine));
  }

  Result<std::string> write(const std::string& prompt) {
    Z2_TRY(const std::vector<int32_t> ids, encodePrompt(*tokenizer_, prompt, false));
    TextStream stream(tokenizer_);
    const auto onToken = [&](int32_t id) {
      static_cast<void>(stream.push(id));
      return true;
    };
    const Json request = makeRequest(options_, ids, stopIdsOf(model_, *tokenizer_));
    Z2_TRY(const std::string end, engine_.generate(request, onToken));
    if (end == "interrupted") return interrupted("the samples were stopped; those made are kept");
    static_cast<void>(stream.finish());
    return stream.text();
  }

 private:
  Writer(GenerationOptions options, ModelDescription model,
         std::shared_ptr<const Tokenizer> tokenizer, EngineClient engine)
      : options_(std::move(options)),
        model_(std::move(model)),
        tokenizer_(std::move(tokenizer)),
        engine_(std::move(engine)) {}

  GenerationOptions options_;
  ModelDescription model_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  EngineClient engine_;
};

void show(const RunSample& sample, bool asJson) {
  if (asJson)
    printJson({{"step", sample.step}, {"prompt", sample.prompt}, {"text", sample.text}});
  else
    fmt::print("step {}: {}{}\n\n", sample.step, sample.prompt, sample.text);
  std::fflush(stdout);
}

Result<void> sample(const SampleArguments& arguments) {
  Z2_TRY_VOID(validate(arguments.options.sampling));
  Z2_TRY(const RunDirectory run, RunDirectory::open(arguments.folder));
  Z2_TRY(std::vector<RunSample> questions, openQuestions(arguments, run));
  if (questions.empty() && checkpointSteps(run.checkpoints()).empty())
    return badInput(run.name(), "it has no checkpoint yet that could write",
                    "Wait for the first one, or stop the run, which saves one");
  Progress progress("sampling", questions.size(), Progress::Unit::kItems);
  std::optional<Writer> writer;
  int64_t loaded = -1;
  for (RunSample& question : questions) {
    if (!writer || loaded != question.step) {
      writer.reset();  // one model in memory at a time
      const fs::path checkpoint = run.checkpoints() / fmt::format("step_{}", question.step);
      Z2_TRY(Writer fresh, Writer::open(arguments.options, checkpoint));
      writer.emplace(std::move(fresh));
      loaded = question.step;
    }
    Z2_TRY(question.text, writer->write(question.prompt));
    Z2_TRY_VOID(addSample(run.path(), question));
    show(question, arguments.asJson);
    progress.advance(1);
  }
  return {};
}

}  // namespace

void addRunSample(CLI::App& run, Chosen& chosen) {
  CLI::App* command = run.add_subcommand(
      "sample", "Let the checkpoints of a run write; the texts are kept in RUN/samples.jsonl");
  auto arguments = std::make_shared<SampleArguments>();
  arguments->options.maxNewTokens = 60;
  arguments->options.sampling.temperature = 0.7;
  arguments->options.sampling.seed = 1;
  command->add_option("RUN", arguments->folder, "Directory of the run")->required();
  command
      ->add_option("--step", arguments->steps,
                   "Of this checkpoint; without it, of all. What was asked before is not asked "
                   "again")
      ->allow_extra_args(false);
  command->add_option("--prompt", arguments->prompts, "A text to continue; repeatable")
      ->allow_extra_args(false)
      ->capture_default_str();
  command->add_option("--tokenizer", arguments->options.tokenizer, "Instead of the run's own");
  command->add_option("--max-new-tokens", arguments->options.maxNewTokens, "Longest answer")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 30))
      ->capture_default_str();
  command
      ->add_option("--temperature", arguments->options.sampling.temperature,
                   "0: always the most likely token; higher: more surprising")
      ->capture_default_str();
  command
      ->add_option("--seed", arguments->options.sampling.seed, "The same seed gives the same text")
      ->capture_default_str();
  command
      ->add_option("--device", arguments->options.engine.device,
                   "auto, cpu or cuda: beside a run on the GPU, cpu leaves it alone")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
  command->add_flag("--json", arguments->asJson, "JSON Lines: {\"step\",\"prompt\",\"text\"}");
  onChosen(*command, chosen, [arguments] { return sample(*arguments); });
}

}  // namespace z2::cli
