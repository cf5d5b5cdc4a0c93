#include "ui/pages/tokenizers/tokenizers_page.h"

#include <QFileDialog>
#include <QFileSystemWatcher>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>

#include "core/io/new_folder.h"
#include "core/model_files/tokenizer_files.h"
#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/pages/library/entry_list.h"
#include "ui/pages/library/facts.h"
#include "ui/pages/library/job_strip.h"
#include "ui/pages/library/new_name.h"
#include "ui/pages/tokenizers/train_form.h"
#include "ui/pages/tokenizers/try_tab.h"
#include "ui/pages/tokenizers/vocabulary_tab.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

namespace z2::ui {

namespace {

const QString kTrainKind = QStringLiteral("tokenizer.train");
const QString kExportKind = QStringLiteral("tokenizer.export");

Result<void> importTokenizer(const std::filesystem::path& source,
                             const std::filesystem::path& place) {
  Z2_TRY([[maybe_unused]] const auto tokenizer, Tokenizer::open(source));
  Z2_TRY(NewFolder folder, NewFolder::begin(place));
  Z2_TRY([[maybe_unused]] const auto files, copyTokenizerFiles(source, folder.path()));
  Z2_TRY([[maybe_unused]] const auto copy, Tokenizer::open(folder.path()));
  return folder.commit();
}

}  // namespace

TokenizersPage::TokenizersPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent),
      import_(child<QPushButton>(this)),
      export_(child<QPushButton>(this)),
      train_(child<QPushButton>(this)),
      views_(child<QStackedWidget>(this)) {
  train_->setProperty("role", QStringLiteral("primary"));
  train_->setObjectName(QStringLiteral("tokenizerTrain"));
  for (QPushButton* button : {import_, export_, train_}) addToHeader(button);
  auto* strip = child<JobStrip>(workbench.jobs(), QStringList{kTrainKind, kExportKind}, this);
  body()->addWidget(strip);
  body()->addWidget(views_, 1);
  empty_ = child<EmptyState>(QStringLiteral("tokenizers"), this);
  views_->addWidget(empty_);
  makeLibraryView();
  form_ = child<TrainForm>(workbench, this);
  views_->addWidget(form_);

  connect(train_, &QPushButton::clicked, this, &TokenizersPage::train);
  connect(import_, &QPushButton::clicked, this, &TokenizersPage::chooseImport);
  connect(export_, &QPushButton::clicked, this, &TokenizersPage::exportCurrent);
  connect(strip, &JobStrip::ended, this, &TokenizersPage::jobEnded);
  connect(form_, &TrainForm::closed, this,
          [this] { showView(summaries_.isEmpty() ? kEmpty : kLibrary); });
  connect(list_, &EntryList::currentKeyChanged, this, &TokenizersPage::showCurrent);
  connect(empty_, &EmptyState::chosen, this, &TokenizersPage::train);
  auto* watcher = child<QFileSystemWatcher>(this);
  watcher->addPath(pathText(workbench.tokenizersFolder()));
  connect(watcher, &QFileSystemWatcher::directoryChanged, this, &TokenizersPage::reload);
  reload();
}

void TokenizersPage::makeLibraryView() {
  auto* splitter = child<QSplitter>(this);
  list_ = child<EntryList>(splitter);
  list_->setObjectName(QStringLiteral("tokenizerList"));
  auto* detail = child<QWidget>(splitter);
  auto* column = child<QVBoxLayout>(detail);
  column->setContentsMargins(spacing::kGrid, 0, 0, 0);
  problem_ = child<QLabel>(detail);
  problem_->setWordWrap(true);
  problem_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  tabs_ = child<QTabWidget>(detail);
  tabs_->setObjectName(QStringLiteral("tokenizerTabs"));
  try_ = child<TryTab>(tabs_);
  vocabulary_ = child<VocabularyTab>(tabs_);
  auto* scroll = child<QScrollArea>(tabs_);
  about_ = child<Facts>(scroll);
  auto* frame = child<QWidget>(scroll);
  auto* inner = child<QVBoxLayout>(frame);
  inner->setContentsMargins(16, 16, 16, 16);
  inner->addWidget(about_);
  inner->addStretch();
  scroll->setWidgetResizable(true);
  scroll->setWidget(frame);
  tabs_->addTab(try_, QString());
  tabs_->addTab(vocabulary_, QString());
  tabs_->addTab(scroll, QString());
  column->addWidget(problem_, 1);
  column->addWidget(tabs_, 1);
  splitter->addWidget(list_);
  splitter->addWidget(detail);
  splitter->setStretchFactor(0, 0);
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({260, 800});
  splitter->setChildrenCollapsible(false);
  views_->addWidget(splitter);
}

void TokenizersPage::reload() {
  const int number = ++asked_;
  inBackground(
      this, [folder = workbench().tokenizersFolder()] { return readTokenizers(folder); },
      [this, number](QList<TokenizerSummary> summaries) {
        if (number != asked_) return;
        present(std::move(summaries));
        shown_ = number;
      });
}

void TokenizersPage::present(QList<TokenizerSummary> summaries) {
  summaries_ = std::move(summaries);
  QList<Entry> entries;
  for (const TokenizerSummary& summary : summaries_) {
    const bool isGood = summary.tokenizer != nullptr;
    const QString detail = isGood ? tr("%1 · %2 pieces · %3")
                                        .arg(kindText(*summary.tokenizer),
                                             QLocale().toString(summary.tokenizer->vocabSize()),
                                             byteSize(summary.bytes))
                                  : tr("cannot be read");
    entries.append(
        {.key = summary.name, .title = summary.name, .detail = detail, .hasProblem = !isGood});
  }
  list_->setEntries(entries);
  if (!wanted_.isEmpty() && list_->setCurrentKey(wanted_)) wanted_.clear();
  if (views_->currentIndex() != kForm) showView(summaries_.isEmpty() ? kEmpty : kLibrary);
  showCurrent();
}

const TokenizerSummary* TokenizersPage::current() const {
  const QString key = list_->currentKey();
  for (const TokenizerSummary& summary : summaries_)
    if (summary.name == key) return &summary;
  return nullptr;
}

void TokenizersPage::showCurrent() {
  const TokenizerSummary* summary = current();
  const bool isGood = summary != nullptr && summary->tokenizer != nullptr;
  export_->setEnabled(isGood);
  tabs_->setVisible(isGood);
  problem_->setVisible(!isGood);
  if (summary == nullptr) return;
  problem_->setText(summary->problem);
  if (!isGood) return;
  try_->setTokenizer(summary->tokenizer);
  vocabulary_->setTokenizer(summary->tokenizer);
  about_->setFacts(factsOf(*summary));
}

void TokenizersPage::showView(View view) {
  views_->setCurrentIndex(view);
  train_->setVisible(view == kLibrary);
  export_->setVisible(view == kLibrary);
  import_->setVisible(view != kForm);
}

void TokenizersPage::train() {
  showView(kForm);
  form_->prepare();
}

void TokenizersPage::select(const QStringList& names) {
  wanted_ = names.value(0);
  if (list_->setCurrentKey(wanted_)) wanted_.clear();
}

bool TokenizersPage::isSettled() const {
  return asked_ == shown_ && try_->isSettled() && vocabulary_->isSettled();
}

void TokenizersPage::chooseImport() {
  QFileDialog dialog(this, tr("Import a tokenizer"));
  dialog.setFileMode(QFileDialog::ExistingFile);
  dialog.setNameFilters({tr("Tokenizers (tokenizer.json *.model *tokenizer.json)")});
  if (dialog.exec() == QDialog::Accepted) importFrom(dialog.selectedFiles().value(0));
}

void TokenizersPage::importFrom(const QString& source) {
  const QFileInfo file(source);
  const bool isModel = file.suffix() == QLatin1String("model") &&
                       file.completeBaseName() != QLatin1String("tokenizer");
  const QString wish = isModel ? file.completeBaseName() : file.dir().dirName();
  const QString name = freeName(workbench().tokenizersFolder(), wish);
  // A tokenizer.json is taken with what lies beside it: its special tokens stand there.
  const auto from = toPath(file.suffix() == QLatin1String("json") ? file.path() : source);
  inBackground(
      this,
      [from, place = workbench().tokenizersFolder() / toUtf8(name)] {
        return importTokenizer(from, place);
      },
      [this, name](Result<void> done) {
        if (!done) {
          workbench().notify(noticeOf(done.error(), tr("Nothing was imported.")));
          return;
        }
        wanted_ = name;
        reload();
      });
}

void TokenizersPage::exportCurrent() {
  const TokenizerSummary* summary = current();
  if (summary == nullptr) return;
  const QString chosen = QFileDialog::getExistingDirectory(this, tr("Export into a folder"));
  if (chosen.isEmpty()) return;
  const QString place = QDir(chosen).filePath(freeName(toPath(chosen), summary->name));
  workbench().jobs().start(
      kExportKind, tr("Export of %1").arg(summary->name),
      {QStringLiteral("tokenizer"), QStringLiteral("export"), QStringLiteral("--tokenizer"),
       pathText(summary->path), QStringLiteral("--format"), QStringLiteral("hf"),
       QStringLiteral("--output"), place});
}

void TokenizersPage::jobEnded(const Job& job) {
  const bool isTraining = job.kind == kTrainKind;
  if (job.state == Job::State::kFailed && job.error)
    workbench().notify(noticeOf(
        *job.error, isTraining ? tr("No tokenizer was made.") : tr("Nothing was exported.")));
  if (job.state != Job::State::kFinished) return;
  const QString place = job.arguments.value(job.arguments.indexOf(QStringLiteral("--output")) + 1);
  if (isTraining) {
    wanted_ = QFileInfo(place).fileName();
    reload();
    return;
  }
  workbench().notify({.kind = Notice::Kind::kGood,
                      .what = tr("The tokenizer was exported."),
                      .meaning = place,
                      .remedy = {}});
}

void TokenizersPage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  reload();
}

void TokenizersPage::retranslate() {
  setTitle(tr("Tokenizers"));
  import_->setText(tr("Import…"));
  export_->setText(tr("Export…"));
  train_->setText(tr("Train…"));
  empty_->setTexts(tr("No tokenizers yet"),
                   tr("A tokenizer cuts text into the pieces that a model reads. Train one on your "
                      "text, which takes seconds to minutes, or import one that you have."),
                   tr("Train a tokenizer…"));
  list_->setAccessibleName(tr("Tokenizers"));
  tabs_->setTabText(0, tr("Try"));
  tabs_->setTabText(1, tr("Vocabulary"));
  tabs_->setTabText(2, tr("About"));
  if (shown_ > 0) present(summaries_);
}

}  // namespace z2::ui
