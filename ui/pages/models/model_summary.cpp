#include "ui/pages/models/model_summary.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include <QCoreApplication>
#include <QLocale>

#include "ui/base/text.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kStep = "step_";

class ModelWords {
  Q_DECLARE_TR_FUNCTIONS(ModelWords)
 public:
  static QString origin(ModelSummary::Origin origin);
  static QString title(const QString& run, int64_t step) {
    return tr("%1 · step %2").arg(run, QLocale().toString(static_cast<qlonglong>(step)));
  }
  static QList<QPair<QString, QString>> facts(const ModelSummary& summary);
  static QList<QPair<QString, QString>> ggufFacts(const ModelSummary& summary);
};

template <typename IsWanted>
std::vector<fs::path> entriesIn(const fs::path& folder, IsWanted isWanted) {
  std::vector<fs::path> entries;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure))
    if (isWanted(*entry)) entries.push_back(entry->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::vector<fs::path> foldersIn(const fs::path& folder) {
  return entriesIn(folder, [](const fs::directory_entry& entry) {
    std::error_code ignored;
    return entry.is_directory(ignored) && !entry.path().filename().native().starts_with('.');
  });
}

std::vector<fs::path> ggufFilesIn(const fs::path& folder) {
  return entriesIn(folder, [](const fs::directory_entry& entry) {
    std::error_code ignored;
    return entry.is_regular_file(ignored) && entry.path().extension() == ".gguf";
  });
}

double sizeOf(const fs::path& folder) {
  double bytes = 0;
  std::error_code failure;
  for (fs::recursive_directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) bytes += static_cast<double>(entry->file_size(ignored));
  }
  return bytes;
}

void describe(ModelSummary& summary) {
  summary.bytes = sizeOf(summary.path);
  auto description = describeModel(summary.path);
  if (description)
    summary.description = *std::move(description);
  else
    summary.problem = toQString(description.error().text());
}

void addCheckpoints(const fs::path& run, QList<ModelSummary>& models) {
  std::vector<std::pair<int64_t, fs::path>> steps;
  for (const fs::path& folder : foldersIn(run / "ckpt")) {
    const QString name = toQString(folder.filename().native());
    bool isNumber = false;
    const qlonglong step = name.mid(static_cast<qsizetype>(kStep.size())).toLongLong(&isNumber);
    if (name.startsWith(toQString(kStep)) && isNumber) steps.emplace_back(step, folder);
  }
  std::sort(steps.rbegin(), steps.rend());
  const QString name = toQString(run.filename().native());
  for (const auto& [step, folder] : steps) {
    ModelSummary summary{.key = name + QLatin1Char('/') + toQString(folder.filename().native()),
                         .title = ModelWords::title(name, step),
                         .path = folder,
                         .description = {}};
    describe(summary);
    models.append(std::move(summary));
  }
}

QString ModelWords::origin(ModelSummary::Origin origin) {
  switch (origin) {
    case ModelSummary::Origin::kCheckpoint:
      return tr("checkpoint");
    case ModelSummary::Origin::kImported:
      return tr("imported");
    case ModelSummary::Origin::kHuggingFace:
      return tr("Hugging Face");
    case ModelSummary::Origin::kGguf:
      return tr("GGUF, for llama.cpp");
  }
  return {};
}

QList<QPair<QString, QString>> ModelWords::facts(const ModelSummary& summary) {
  const ModelDescription& description = *summary.description;
  const LlamaConfig& config = description.config.model;
  const auto parameters = static_cast<double>(config.parameterCount());
  const QString heads =
      config.numKeyValueHeads == config.numAttentionHeads
          ? number(config.numAttentionHeads)
          : tr("%1, of them %2 for keys and values")
                .arg(number(config.numAttentionHeads), number(config.numKeyValueHeads));
  // Keys and values of one token, in fp32.
  const double cache = 2.0 * 4.0 * static_cast<double>(config.numHiddenLayers) *
                       static_cast<double>(config.numKeyValueHeads) *
                       static_cast<double>(config.headDim);
  return {
      {tr("Origin"), origin(summary.origin)},
      {tr("Parameters"), shortCount(parameters) + QStringLiteral("  (") +
                             number(config.parameterCount()) + QStringLiteral(")")},
      {tr("Layers"), number(config.numHiddenLayers)},
      {tr("Width"),
       tr("%1, inner %2").arg(number(config.hiddenSize), number(config.intermediateSize))},
      {tr("Attention heads"), heads},
      {tr("Vocabulary"), number(config.vocabSize)},
      {tr("Longest context"), tr("%1 tokens").arg(number(config.maxPositionEmbeddings))},
      {tr("Output shares the embedding"), config.tieWordEmbeddings ? tr("yes") : tr("no")},
      {tr("Memory to generate"),
       tr("%1 for weights in fp32, and %2 for a full context")
           .arg(byteSize(4 * parameters),
                byteSize(cache * static_cast<double>(config.maxPositionEmbeddings)))},
      {tr("On disk"), byteSize(summary.bytes)},
      {tr("Tokenizer"), description.tokenizer ? pathText(*description.tokenizer) : tr("not known")},
      {tr("Folder"), pathText(summary.path)}};
}

QList<QPair<QString, QString>> ModelWords::ggufFacts(const ModelSummary& summary) {
  const QString file = pathText(summary.path);
  return {{tr("Origin"), origin(summary.origin)},
          {tr("On disk"), byteSize(summary.bytes)},
          {tr("File"), file},
          {tr("To talk with it"), QStringLiteral("llama-cli -m ") + file}};
}

ModelSummary ggufSummary(const fs::path& file, const QString& name) {
  std::error_code ignored;
  return {.key = name,
          .title = name,
          .path = file,
          .origin = ModelSummary::Origin::kGguf,
          .description = {},
          .bytes = static_cast<double>(fs::file_size(file, ignored))};
}

// A folder that `model export` has filled, or a file from the export dialog.
void addOwn(const fs::path& folder, QList<ModelSummary>& models) {
  const QString name = toQString(folder.filename().native());
  ModelSummary summary{.key = name, .title = name, .path = folder, .description = {}};
  describe(summary);
  if (!summary.description) {
    const std::vector<fs::path> files = ggufFilesIn(folder);
    for (const fs::path& file : files)
      models.append(ggufSummary(
          file, files.size() == 1 ? name
                                  : name + QLatin1Char('/') + toQString(file.filename().native())));
    if (!files.empty()) return;
  }
  const bool isHf = summary.description && summary.description->kind == ModelKind::kHfDirectory;
  summary.origin = isHf ? ModelSummary::Origin::kHuggingFace : ModelSummary::Origin::kImported;
  models.append(std::move(summary));
}

}  // namespace

QString originText(ModelSummary::Origin origin) { return ModelWords::origin(origin); }
QList<QPair<QString, QString>> factsOf(const ModelSummary& summary) {
  return summary.origin == ModelSummary::Origin::kGguf ? ModelWords::ggufFacts(summary)
                                                       : ModelWords::facts(summary);
}

QList<ModelSummary> readModels(const fs::path& workspace) {
  QList<ModelSummary> models;
  for (const fs::path& run : foldersIn(workspace / "runs")) addCheckpoints(run, models);
  for (const fs::path& folder : foldersIn(workspace / "models")) addOwn(folder, models);
  for (const fs::path& file : ggufFilesIn(workspace / "models"))
    models.append(ggufSummary(file, toQString(file.filename().native())));
  return models;
}

}  // namespace z2::ui
