#include "app/cli/eval_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/cli/generation_options.h"
#include "app/cli/line_input.h"
#include "core/base/progress.h"
#include "core/evaluate/multiple_choice.h"
#include "core/evaluate/perplexity.h"
#include "core/generate/model_tokenizer.h"
#include "core/model_files/model_source.h"

namespace z2::cli {

namespace {

struct EvalArguments {
  std::vector<std::string> models;
  std::vector<std::string> data;
  EngineOptions engine;
  std::string tokenizer;
  std::string format = "text";
  int64_t window = 0;
  int64_t limit = 0;
  int64_t rows = 8;
  int64_t shots = 0;
  std::string examples;
  bool addsBos = false;
  bool asJson = false;
};

// A row of the table: one model on one set.
struct Outcome {
  std::string model;
  std::string data;
  std::optional<Perplexity> perplexity = {};
  std::optional<ChoiceScore> choices = {};
  int64_t shortened = 0;  // questions before which not all examples had room
};

bool isQuestions(const std::string& data) { return data.ends_with(".jsonl"); }

Result<std::vector<ChoiceQuestion>> readQuestions(const std::string& path, int64_t limit) {
  Z2_TRY(LineInput input, LineInput::open(path));
  std::vector<ChoiceQuestion> questions;
  while (limit == 0 || std::ssize(questions) < limit) {
    Z2_TRY(const std::optional<std::string_view> line, input.next());
    if (!line) break;
    if (line->find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Z2_TRY(ChoiceQuestion question, parseChoiceQuestion(*line, input.where()));
    questions.push_back(std::move(question));
  }
  if (questions.empty()) return badInput(path, "there are no questions", "One JSON object a line");
  return questions;
}

int64_t windowOf(const EvalArguments& arguments, const ModelDescription& model) {
  const int64_t longest = model.config.model.maxPositionEmbeddings;
  return arguments.window > 0 ? std::min(arguments.window, longest) : longest;
}

Result<Perplexity> evaluateTokens(const EvalArguments& arguments, const ModelDescription& model,
                                  const EngineOptions& engine, const std::string& data) {
  Z2_TRY(const TokenFile file, TokenFile::open(data));
  const auto tokenizer = openModelTokenizer(model, arguments.tokenizer);
  if (!tokenizer && !arguments.tokenizer.empty()) return tl::unexpected(tokenizer.error());
  const int64_t window = windowOf(arguments, model);
  Z2_TRY(ScoreClient client, ScoreClient::start(engine, arguments.rows, window + 1));
  const auto total = file.index().tokens();
  Progress progress(
      engine.model,
      arguments.limit > 0 ? std::min(total, static_cast<uint64_t>(arguments.limit)) : total,
      Progress::Unit::kItems);
  return measurePerplexity(client, file, tokenizer ? tokenizer->get() : nullptr,
                           {.window = window, .limitTokens = arguments.limit},
                           [&](uint64_t done) { progress.advance(done - progress.done()); });
}

// One more than are shown: a question is no example of itself.
Result<std::vector<ChoiceQuestion>> readExamples(const EvalArguments& arguments) {
  if (arguments.shots == 0) return std::vector<ChoiceQuestion>();
  if (arguments.examples.empty())
    return usageError("--shots needs a file that the examples come from",
                      "Give --examples FILE.jsonl, such as the set's development part");
  Z2_TRY(std::vector<ChoiceQuestion> examples,
         readQuestions(arguments.examples, arguments.shots + 1));
  if (std::ssize(examples) < arguments.shots)
    return badInput(
        arguments.examples,
        fmt::format("it has {} questions, fewer than --shots {}", examples.size(), arguments.shots),
        "Lower --shots, or give a file with more questions");
  return examples;
}

Result<void> evaluateChoices(const EvalArguments& arguments, const ModelDescription& model,
                             const EngineOptions& engine, Outcome& outcome) {
  Z2_TRY(const std::vector<ChoiceQuestion> questions, readQuestions(outcome.data, arguments.limit));
  Z2_TRY(const auto tokenizer, openModelTokenizer(model, arguments.tokenizer));
  ChoiceOptions options{
      .format = arguments.format == "letter" ? ChoiceFormat::kLetter : ChoiceFormat::kText,
      .addsBos = arguments.addsBos,
      .window = windowOf(arguments, model),
      .shots = arguments.shots};
  Z2_TRY(options.examples, readExamples(arguments));
  Z2_TRY(const ChoiceRows made, choiceRows(questions, options, *tokenizer));
  outcome.shortened = made.shortened;
  const auto longest = std::ranges::max_element(
      made.rows, {}, [](const ScoredRow& row) { return row.tokens.size(); });
  Z2_TRY(ScoreClient client,
         ScoreClient::start(engine, arguments.rows, std::ssize(longest->tokens)));
  Progress progress(engine.model, made.rows.size(), Progress::Unit::kItems);
  Z2_TRY(outcome.choices,
         measureChoices(client, questions, made.rows, options.format,
                        [&](uint64_t done) { progress.advance(done - progress.done()); }));
  return {};
}

Result<Outcome> evaluate(const EvalArguments& arguments, const std::string& name,
                         const std::string& data) {
  Z2_TRY(const ModelDescription model, describeModel(name));
  EngineOptions engine = arguments.engine;
  engine.model = name;
  Outcome outcome{.model = name, .data = data};
  if (isQuestions(data)) {
    Z2_TRY_VOID(evaluateChoices(arguments, model, engine, outcome));
  } else {
    Z2_TRY(outcome.perplexity, evaluateTokens(arguments, model, engine, data));
  }
  return outcome;
}

Json toJson(const Outcome& outcome, int64_t shots) {
  Json json = {{"model", outcome.model}, {"data", outcome.data}};
  if (outcome.perplexity) {
    json["tokens"] = outcome.perplexity->tokens;
    json["loss"] = outcome.perplexity->loss;
    json["perplexity"] = outcome.perplexity->perplexity;
    if (outcome.perplexity->bitsPerByte > 0)
      json["bits_per_byte"] = outcome.perplexity->bitsPerByte;
  }
  if (outcome.choices) {
    json["questions"] = outcome.choices->questions;
    json["accuracy"] = outcome.choices->accuracy;
    json["accuracy_norm"] = outcome.choices->accuracyNormalised;
    json["accuracy_stderr"] = outcome.choices->standardError;
    json["shots"] = shots;
    json["shortened"] = outcome.shortened;
  }
  return json;
}

std::string cell(const Outcome& outcome) {
  if (outcome.perplexity) {
    const Perplexity& p = *outcome.perplexity;
    const std::string bits =
        p.bitsPerByte > 0 ? fmt::format(", {:.4f} bits/byte", p.bitsPerByte) : std::string();
    return fmt::format("perplexity {:.3f} (loss {:.4f}{}, {} tokens)", p.perplexity, p.loss, bits,
                       p.tokens);
  }
  const ChoiceScore& c = *outcome.choices;
  const std::string shortened =
      outcome.shortened > 0 ? fmt::format(", {} without room for all examples", outcome.shortened)
                            : std::string();
  return fmt::format("accuracy {:.2f} % ± {:.2f}, by length {:.2f} % ({} questions{})",
                     100 * c.accuracy, 100 * c.standardError, 100 * c.accuracyNormalised,
                     c.questions, shortened);
}

// The difference to the first model on the same set, which is the "before".
std::string change(const Outcome& before, const Outcome& after) {
  if (&before == &after) return {};
  if (after.perplexity)
    return fmt::format("  {:+.4f} loss", after.perplexity->loss - before.perplexity->loss);
  return fmt::format("  {:+.2f} points",
                     100 * (after.choices->accuracy - before.choices->accuracy));
}

void printTable(const std::vector<Outcome>& outcomes) {
  size_t width = 0;
  for (const Outcome& outcome : outcomes) width = std::max(width, outcome.model.size());
  const Outcome* first = nullptr;
  for (const Outcome& outcome : outcomes) {
    if (first == nullptr || first->data != outcome.data) {
      first = &outcome;
      fmt::print("{}\n", outcome.data);
    }
    fmt::print("  {:<{}}  {}{}\n", outcome.model, width, cell(outcome), change(*first, outcome));
  }
}

Result<void> runEval(const EvalArguments& arguments) {
  std::vector<Outcome> outcomes;
  for (const std::string& data : arguments.data)
    for (const std::string& model : arguments.models) {
      Z2_TRY(Outcome outcome, evaluate(arguments, model, data));
      outcomes.push_back(std::move(outcome));
    }
  if (!arguments.asJson) {
    printTable(outcomes);
    return {};
  }
  Json rows = Json::array();
  for (const Outcome& outcome : outcomes) rows.push_back(toJson(outcome, arguments.shots));
  printJson(rows.size() == 1 ? rows.front() : rows);
  return {};
}

}  // namespace

void addEvalCommand(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand(
      "eval", "Perplexity, or accuracy on multiple-choice questions, of one or several models");
  const auto arguments = std::make_shared<EvalArguments>();
  command
      ->add_option("--model", arguments->models,
                   "A run, a checkpoint or a Hugging Face directory; several: a table, with the "
                   "change against the first")
      ->required();
  command
      ->add_option("--data", arguments->data,
                   "PREFIX of PREFIX.bin and PREFIX.idx: perplexity. FILE.jsonl: multiple choice. "
                   "May be several")
      ->required();
  command->add_option("--tokenizer", arguments->tokenizer, "Instead of the model's own");
  command
      ->add_option("--format", arguments->format,
                   "Questions: text judges each choice after the question, letter shows all "
                   "choices and judges A, B, …")
      ->check(CLI::IsMember({"text", "letter"}))
      ->capture_default_str();
  command
      ->add_option("--window", arguments->window,
                   "Tokens that the model looks back on; 0: all that it was made for")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command
      ->add_option("--limit", arguments->limit,
                   "Only the first so many tokens or questions; 0: all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--rows", arguments->rows, "Sequences at once")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      ->add_option("--shots", arguments->shots,
                   "Questions: so many solved examples stand before each (few-shot)")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command->add_option("--examples", arguments->examples,
                      "Where --shots come from: a jsonl file of questions, its first ones");
  command->add_flag("--bos", arguments->addsBos,
                    "Questions: put the tokenizer's BOS token before each");
  addEngineOptions(*command, arguments->engine);
  command->add_flag("--json", arguments->asJson,
                    "One object, or a list of them: {\"loss\",\"perplexity\",…} or "
                    "{\"accuracy\",\"accuracy_norm\",…}");
  command->footer(
      "Questions, a JSON object a line: {\"question\",\"choices\":[…],\"answer\"}, the answer a "
      "letter or an\nindex from 0; also {\"question\",\"A\",\"B\",…,\"answer\"} (C-Eval), "
      "{\"ctx\",\"endings\",\"label\"}\n(HellaSwag) and ARC's fields. accuracy takes the most "
      "likely choice; accuracy_norm the most\nlikely by character.");
  onChosen(*command, chosen, [arguments] { return runEval(*arguments); });
}

}  // namespace z2::cli
