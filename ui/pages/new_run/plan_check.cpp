#include "ui/pages/new_run/plan_check.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "core/config/schema.h"
#include "core/data/data_mixture.h"
#include "ui/base/core_words.h"
#include "ui/base/text.h"
#include "ui/services/processor_speed.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

void add(PlanCheck& check, std::string_view key, std::string en, std::string zh) {
  check.draft.issues.push_back({std::string(key), std::move(en), std::move(zh)});
}

bool isWrong(const PlanCheck& check, std::string_view key) {
  return std::any_of(check.draft.issues.begin(), check.draft.issues.end(),
                     [&](const ConfigIssue& issue) { return issue.key == key; });
}

bool isGiven(const std::vector<std::string>& settings, const std::string& key) {
  return std::any_of(settings.begin(), settings.end(),
                     [&](const std::string& setting) { return setting.starts_with(key + "="); });
}

// Speed depends on these; a run that agrees in them will be as fast as the other.
bool isSameWork(const Json& a, const Json& b) {
  for (const auto& [key, value] : a.items()) {
    const bool counts = (key.starts_with("model.") && key != "model.preset" &&
                         key != "model.init_from" && key != "model.initializer_range") ||
                        key == "data.seq_len" || key == "train.micro_batch_size" ||
                        key == "train.dtype" || key == "train.device" || key == "train.threads" ||
                        key.starts_with("fused.");
    if (counts && (!b.contains(key) || b[key] != value)) return false;
  }
  return true;
}

// What was made of the data decides what it is for.
Task taskOf(const std::vector<std::string>& settings) {
  constexpr std::string_view kData = "data.train=";
  const auto data = std::find_if(settings.begin(), settings.end(), [&](const std::string& setting) {
    return setting.starts_with(kData);
  });
  if (data == settings.end()) return Task::kPretrain;
  const auto sets = parseMixture(data->substr(kData.size()));
  if (!sets || sets->empty()) return Task::kPretrain;
  const auto manifest = DataManifest::read(sets->front().prefix);
  if (!manifest || !*manifest) return Task::kPretrain;
  return parseTask((*manifest)->task).value_or(Task::kPretrain);
}

SpeedGuess guessSpeed(const PlanCheck& check, const WorkspaceStock& stock) {
  for (const PastRun& run : stock.runs)
    if (isSameWork(check.draft.flat, run.config))
      return {run.tokensPerSecond, SpeedGuess::Source::kSameRun, run.name};
  const double perToken = check.estimate->stepFlops.full /
                          static_cast<double>(std::max<int64_t>(1, check.estimate->tokensPerStep));
  if (perToken <= 0) return {};
  for (const PastRun& run : stock.runs)
    if (run.config.value("train.device", Json()) == check.draft.flat["train.device"] &&
        run.config.value("train.dtype", Json()) == check.draft.flat["train.dtype"])
      return {run.tokensPerSecond * run.flopsPerToken / perToken, SpeedGuess::Source::kOtherRun,
              run.name};
  return {guessProcessorFlops() / perToken, SpeedGuess::Source::kProcessor, {}};
}

std::vector<PresetFigures> presetFigures(int64_t vocabulary) {
  std::vector<PresetFigures> all;
  for (const std::string_view name : findField("model.preset")->choices) {
    if (name == "custom") continue;
    auto model = LlamaConfig::preset(name);
    if (!model) continue;
    // A preset takes the vocabulary of the data when that is larger.
    model->vocabSize = std::max(model->vocabSize, vocabulary);
    all.push_back({std::string(name), model->parameterCount(), model->numHiddenLayers,
                   model->hiddenSize, model->maxPositionEmbeddings});
  }
  return all;
}

}  // namespace

PlanCheck PlanChecker::check(const std::vector<std::string>& settings,
                             const WorkspaceStock& stock) {
  PlanCheck check;
  check.task = taskOf(settings);
  Json beneath = Json::object();
  const auto initFrom = std::find_if(settings.begin(), settings.end(), [](const auto& setting) {
    return setting.starts_with("model.init_from=") && setting.size() > 16;
  });
  std::optional<Error> shapeError;
  if (initFrom != settings.end()) {
    auto shape = shapeOf(initFrom->substr(16));
    if (shape) {
      beneath = *std::move(shape);
      beneath["model.preset"] = "custom";
      beneath["data.seq_len"] =
          std::min<int64_t>(beneath["model.max_position_embeddings"].get<int64_t>(), 2048);
    } else {
      shapeError = shape.error();
    }
  }
  check.draft = draftConfig(check.task, beneath, settings);
  if (shapeError)
    add(check, "model.init_from", shapeError->what + ". " + shapeError->fix,
        "这里没有可用的模型。请选择训练目录、检查点或 Hugging Face 目录");
  checkData(check);
  checkTokenizer(check, stock);
  if (check.draft.issues.empty()) {
    auto setup = prepareRun(check.task, Json::object(), settings);
    if (setup) {
      // What follows from the data (the vocabulary) is what is usual then.
      for (const Field& field : schema()) {
        if (!field.appliesTo(check.task)) continue;
        const std::string key(field.key);
        check.draft.flat[key] = setup->config.value(field.key);
        if (!isGiven(settings, key)) check.draft.usual[key] = check.draft.flat[key];
      }
      check.setup = *std::move(setup);
    } else {
      const Error& error = setup.error();
      const bool isKey = findField(error.where) != nullptr;
      const std::string text =
          isKey ? error.what + (error.fix.empty() ? "" : ". " + error.fix) : error.text();
      add(check, isKey ? error.where : "data.train", text, toUtf8(coreTextInChinese(text)));
    }
  }
  estimate(check, stock);
  return check;
}

void PlanChecker::checkData(PlanCheck& check) const {
  for (const std::string_view key : {"data.train", "data.valid"}) {
    const std::string text = check.draft.flat[std::string(key)].get<std::string>();
    if (text.empty()) {
      if (key == "data.train") add(check, key, "Choose the training data", "请选择训练数据");
      continue;
    }
    const auto sets = parseMixture(text);
    if (!sets) {
      add(check, key, sets.error().what + ". " + sets.error().fix,
          "写法应为 PREFIX 或 0.7:PREFIX,0.3:PREFIX");
      continue;
    }
    for (const WeightedPrefix& set : *sets) {
      std::error_code ignored;
      for (const char* suffix : {".bin", ".idx"})
        if (!fs::exists(set.prefix + suffix, ignored)) {
          add(check, key,
              fmt::format("There is no file {}{}. Was it moved or deleted? Choose other data",
                          set.prefix, suffix),
              fmt::format("找不到文件 {}{}。是否已移动或删除？请另选数据", set.prefix, suffix));
          break;
        }
      const auto manifest = DataManifest::read(set.prefix);
      if (key != "data.train" || !manifest || !*manifest) continue;
      check.dataTokens += static_cast<double>((*manifest)->tokens);
      check.dataHash = (*manifest)->tokenizerSha256;
    }
  }
}

void PlanChecker::checkTokenizer(PlanCheck& check, const WorkspaceStock& stock) {
  const std::string path = check.draft.flat["tokenizer.path"].get<std::string>();
  if (path.empty()) return;
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    add(check, "tokenizer.path", "There is no " + path + ". Choose another, or leave it empty",
        "找不到 " + path + "。请另选，或留空");
    return;
  }
  for (const TokenizerEntry& known : stock.tokenizers)
    if (known.path == path) check.tokenizerHash = known.hash;
  if (!check.tokenizerHash.empty()) return;
  if (hashedPath_ != path) {
    hash_ = ::z2::ui::tokenizerHash(path);
    hashedPath_ = path;
  }
  check.tokenizerHash = hash_;
  if (hash_.empty())
    add(check, "tokenizer.path",
        "This is no tokenizer. Choose a folder with a tokenizer.json or a .model file",
        "这不是分词器。请选择含 tokenizer.json 或 .model 的目录");
}

void PlanChecker::estimate(PlanCheck& check, const WorkspaceStock& stock) const {
  int64_t vocabulary = 0;
  for (const DataSet& set : stock.data)
    if (check.draft.flat["data.train"] == set.prefix.native()) vocabulary = set.manifest.vocabSize;
  check.presets = presetFigures(vocabulary);
  const bool isPossible = std::none_of(
      check.draft.issues.begin(), check.draft.issues.end(), [](const ConfigIssue& issue) {
        return !issue.key.starts_with("data.train") && !issue.key.starts_with("data.valid") &&
               !issue.key.starts_with("data.allow_") && !issue.key.starts_with("tokenizer.");
      });
  if (isPossible) {
    const auto config = RunConfig::make(check.task, check.draft.flat);
    if (config) {
      auto figures = estimateRun(*config);
      if (figures)
        check.estimate = *std::move(figures);
      else if (!isWrong(check, "model.hidden_size"))
        add(check,
            findField(figures.error().where) != nullptr ? figures.error().where
                                                        : "model.hidden_size",
            figures.error().what, toUtf8(coreTextInChinese(figures.error().what)));
    }
  }
  if (check.estimate) {
    check.runTokens = static_cast<double>(check.estimate->tokensPerStep) *
                      check.draft.flat["train.steps"].get<double>();
    check.speed = guessSpeed(check, stock);
  }
  std::error_code failure;
  const auto space = fs::space(workspace_, failure);
  if (!failure) check.diskFree = static_cast<double>(space.available);
  check.machineMemory =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace z2::ui
