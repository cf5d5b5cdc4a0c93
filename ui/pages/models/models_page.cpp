#include "ui/pages/models/models_page.h"

#include <QFileDialog>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/pages/library/entry_list.h"
#include "ui/pages/library/facts.h"
#include "ui/pages/library/job_strip.h"
#include "ui/pages/library/new_name.h"
#include "ui/pages/models/generate_tab.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

namespace z2::ui {

namespace {

const QString kImportKind = QStringLiteral("model.import");
const QString kExportKind = QStringLiteral("model.export");

}  // namespace

ModelsPage::ModelsPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent),
      import_(child<QPushButton>(this)),
      verify_(child<QPushButton>(this)),
      export_(child<QPushButton>(this)),
      views_(child<QStackedWidget>(this)) {
  for (QPushButton* button : {verify_, export_, import_}) addToHeader(button);
  import_->setProperty("role", QStringLiteral("primary"));
  auto* strip = child<JobStrip>(workbench.jobs(), QStringList{kImportKind, kExportKind}, this);
  body()->addWidget(strip);
  body()->addWidget(views_, 1);
  empty_ = child<EmptyState>(QStringLiteral("models"), this);
  views_->addWidget(empty_);
  makeLibraryView();
  connect(empty_, &EmptyState::chosen, this, &ModelsPage::importModel);
  connect(import_, &QPushButton::clicked, this, &ModelsPage::importModel);
  connect(verify_, &QPushButton::clicked, this, &ModelsPage::verifyCurrent);
  connect(export_, &QPushButton::clicked, this, &ModelsPage::exportCurrent);
  connect(strip, &JobStrip::ended, this, &ModelsPage::jobEnded);
  connect(list_, &EntryList::currentKeyChanged, this, &ModelsPage::showCurrent);
  // A run's new checkpoint is a new model.
  connect(&workbench.runs(), &RunWatcher::changed, this, [this] {
    if (isVisible()) reload();
  });
  reload();
}

void ModelsPage::makeLibraryView() {
  auto* splitter = child<QSplitter>(this);
  list_ = child<EntryList>(splitter);
  list_->setObjectName(QStringLiteral("modelList"));
  auto* detail = child<QWidget>(splitter);
  auto* column = child<QVBoxLayout>(detail);
  column->setContentsMargins(spacing::kGrid, 0, 0, 0);
  problem_ = child<QLabel>(detail);
  problem_->setWordWrap(true);
  problem_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  tabs_ = child<QTabWidget>(detail);
  tabs_->setObjectName(QStringLiteral("modelTabs"));
  generate_ = child<GenerateTab>(workbench(), tabs_);
  auto* scroll = child<QScrollArea>(tabs_);
  auto* inner = child<QWidget>(scroll);
  auto* facts = child<QVBoxLayout>(inner);
  facts->setContentsMargins(16, 16, 16, 16);
  about_ = child<Facts>(inner);
  facts->addWidget(about_);
  facts->addStretch();
  scroll->setWidgetResizable(true);
  scroll->setWidget(inner);
  tabs_->addTab(generate_, QString());
  tabs_->addTab(scroll, QString());
  column->addWidget(problem_, 1);
  column->addWidget(tabs_, 1);
  splitter->addWidget(list_);
  splitter->addWidget(detail);
  splitter->setStretchFactor(0, 0);
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({280, 780});
  splitter->setChildrenCollapsible(false);
  views_->addWidget(splitter);
}

void ModelsPage::reload() {
  const int number = ++asked_;
  inBackground(
      this, [workspace = workbench().workspace()] { return readModels(workspace); },
      [this, number](const QList<ModelSummary>& summaries) {
        if (number != asked_) return;
        shown_ = number;
        present(summaries);
      });
}

void ModelsPage::present(const QList<ModelSummary>& summaries) {
  summaries_ = summaries;
  QList<Entry> entries;
  for (const ModelSummary& summary : summaries_) {
    const bool isGood = summary.description.has_value();
    const QString detail = isGood
                               ? tr("%1 parameters · %2 · %3")
                                     .arg(shortCount(static_cast<double>(
                                              summary.description->config.model.parameterCount())),
                                          byteSize(summary.bytes), originText(summary.origin))
                               : tr("cannot be read");
    entries.append(
        {.key = summary.key, .title = summary.title, .detail = detail, .hasProblem = !isGood});
  }
  list_->setEntries(entries);
  if (!wanted_.isEmpty() && list_->setCurrentKey(wanted_)) wanted_.clear();
  views_->setCurrentIndex(summaries_.isEmpty() ? 0 : 1);
  verify_->setVisible(!summaries_.isEmpty());
  export_->setVisible(!summaries_.isEmpty());
  showCurrent();
}

const ModelSummary* ModelsPage::current() const {
  const QString key = list_->currentKey();
  for (const ModelSummary& summary : summaries_)
    if (summary.key == key) return &summary;
  return nullptr;
}

void ModelsPage::showCurrent() {
  const ModelSummary* summary = current();
  const bool isGood = summary != nullptr && summary->description.has_value();
  verify_->setEnabled(isGood);
  export_->setEnabled(isGood);
  tabs_->setVisible(isGood);
  problem_->setVisible(!isGood);
  if (summary == nullptr) return;
  problem_->setText(summary->problem);
  if (!isGood) return;
  generate_->setModel(summary->path, summary->description->tokenizer.has_value());
  about_->setFacts(factsOf(*summary));
}

void ModelsPage::select(const QStringList& names) {
  wanted_ = names.value(0);
  if (list_->setCurrentKey(wanted_)) wanted_.clear();
}

void ModelsPage::importModel() {
  const QString source =
      QFileDialog::getExistingDirectory(this, tr("Import a Hugging Face model directory"));
  if (source.isEmpty()) return;
  const QString name = freeName(workbench().modelsFolder(), QFileInfo(source).fileName());
  workbench().jobs().start(
      kImportKind, tr("Import of %1").arg(name),
      {QStringLiteral("model"), QStringLiteral("import"), source, QStringLiteral("--json"),
       QStringLiteral("--output"), pathText(workbench().modelsFolder() / toUtf8(name))});
}

void ModelsPage::exportCurrent() {
  const ModelSummary* summary = current();
  if (summary == nullptr) return;
  const QString chosen = QFileDialog::getExistingDirectory(this, tr("Export into a folder"));
  if (chosen.isEmpty()) return;
  QString name = summary->key;
  name.replace(QLatin1Char('/'), QLatin1Char('-'));
  const QString place = QDir(chosen).filePath(freeName(toPath(chosen), name));
  workbench().jobs().start(
      kExportKind, tr("Export of %1").arg(summary->title),
      {QStringLiteral("model"), QStringLiteral("export"), pathText(summary->path),
       QStringLiteral("--json"), QStringLiteral("--dtype"), QStringLiteral("bf16"),
       QStringLiteral("--output"), place});
}

void ModelsPage::verifyCurrent() {
  const ModelSummary* summary = current();
  if (summary == nullptr) return;
  verify_->setEnabled(false);
  inBackground(
      this,
      [path = summary->path]() -> Result<void> {
        Z2_TRY([[maybe_unused]] const ModelSource source, ModelSource::open(path));
        return {};
      },
      [this, title = summary->title](const Result<void>& done) {
        verify_->setEnabled(true);
        if (!done)
          workbench().notify(noticeOf(
              done.error(), tr("Do not go on from %1; the others are untouched.").arg(title)));
        else
          workbench().notify({.kind = Notice::Kind::kGood,
                              .what = tr("%1 is whole.").arg(title),
                              .meaning = tr("Every tensor is there with its shape, and every "
                                            "checksum that it has is right."),
                              .remedy = {}});
      });
}

void ModelsPage::jobEnded(const Job& job) {
  const bool isImport = job.kind == kImportKind;
  if (job.state == Job::State::kFailed && job.error)
    workbench().notify(
        noticeOf(*job.error, isImport ? tr("Nothing was imported.") : tr("Nothing was exported.")));
  if (job.state != Job::State::kFinished) return;
  const QString place = job.arguments.value(job.arguments.indexOf(QStringLiteral("--output")) + 1);
  if (isImport) {
    wanted_ = QFileInfo(place).fileName();
    reload();
    return;
  }
  workbench().notify({.kind = Notice::Kind::kGood,
                      .what = tr("The model was exported."),
                      .meaning = place,
                      .remedy = {}});
}

void ModelsPage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  reload();
}

void ModelsPage::retranslate() {
  setTitle(tr("Models"));
  import_->setText(tr("Import…"));
  verify_->setText(tr("Verify"));
  export_->setText(tr("Export…"));
  empty_->setTexts(tr("No models yet"),
                   tr("Each checkpoint of a run appears here, and every model that you import: a "
                      "Hugging Face directory of the Llama or Qwen2 kind."),
                   tr("Import a model…"));
  list_->setAccessibleName(tr("Models"));
  tabs_->setTabText(0, tr("Generate"));
  tabs_->setTabText(1, tr("About"));
  if (shown_ > 0) present(summaries_);
}

}  // namespace z2::ui
