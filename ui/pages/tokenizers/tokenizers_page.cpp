#include "ui/pages/tokenizers/tokenizers_page.h"

#include <QFileDialog>
#include <QFileSystemWatcher>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>

#include "core/io/new_folder.h"
#include "core/model_files/tokenizer_files.h"
#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/pages/library/entry_list.h"
#include "ui/pages/library/facts.h"
#include "ui/pages/library/new_name.h"
#include "ui/pages/tokenizers/train_form.h"
#include "ui/pages/tokenizers/try_tab.h"
#include "ui/pages/tokenizers/vocabulary_tab.h"
#include "ui/widgets/empty_state.h"

namespace z2::ui {

namespace {

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
    : LibraryPage(workbench, QStringLiteral("tokenizers"), QStringLiteral("tokenizer"), parent),
      import_(child<QPushButton>(this)),
      export_(child<QPushButton>(this)),
      train_(child<QPushButton>(this)) {
  train_->setProperty("role", QStringLiteral("primary"));
  train_->setObjectName(QStringLiteral("tokenizerTrain"));
  for (QPushButton* button : {import_, export_, train_}) addToHeader(button);
  makeParts();
  follow(QStringLiteral("tokenizer.train"), true);

  connect(train_, &QPushButton::clicked, this, &TokenizersPage::train);
  connect(import_, &QPushButton::clicked, this, &TokenizersPage::chooseImport);
  connect(export_, &QPushButton::clicked, this, &TokenizersPage::exportCurrent);
  connect(&empty(), &EmptyState::chosen, this, &TokenizersPage::train);
  auto* watcher = child<QFileSystemWatcher>(this);
  watcher->addPath(pathText(workbench.workspace().tokenizers()));
  connect(watcher, &QFileSystemWatcher::directoryChanged, this, &TokenizersPage::reload);
}

void TokenizersPage::makeParts() {
  parts().add([this, tab = addTab()] {
    try_ = child<TryTab>(tab);
    tab->layout()->addWidget(try_);
  });
  parts().add([this, tab = addTab()] {
    vocabulary_ = child<VocabularyTab>(tab);
    tab->layout()->addWidget(vocabulary_);
  });
  parts().add([this, tab = addTab()] {
    QVBoxLayout* about = scrolled(tab);
    about_ = child<Facts>(about->parentWidget());
    about->addWidget(about_);
    about->addStretch();
  });
  parts().add([this] {
    form_ = child<TrainForm>(workbench(), formParent());
    addForm(form_);
    connect(form_, &TrainForm::closed, this, &TokenizersPage::leaveForm);
  });
}

void TokenizersPage::reload() {
  readThen([folder = workbench().workspace().tokenizers()] { return readTokenizers(folder); },
           [this](QList<TokenizerSummary> summaries) {
             summaries_ = std::move(summaries);
             present();
           });
}

void TokenizersPage::present() {
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
  setEntries(entries);
}

const TokenizerSummary* TokenizersPage::current() const {
  const QString key = currentKey();
  for (const TokenizerSummary& summary : summaries_)
    if (summary.name == key) return &summary;
  return nullptr;
}

void TokenizersPage::showCurrent() {
  const TokenizerSummary* summary = current();
  const bool isGood = summary != nullptr && summary->tokenizer != nullptr;
  export_->setEnabled(isGood);
  showProblem(summary != nullptr ? summary->problem : QString());
  if (!isGood) return;
  try_->setTokenizer(summary->tokenizer);
  vocabulary_->setTokenizer(summary->tokenizer);
  about_->setFacts(factsOf(*summary));
}

void TokenizersPage::showTitle() {
  setTitle(view() == kForm ? tr("Train a tokenizer") : tr("Tokenizers"));
}

void TokenizersPage::viewChanged(View view) {
  showTitle();
  train_->setVisible(view == kLibrary);
  export_->setVisible(view == kLibrary);
  import_->setVisible(view != kForm);
}

void TokenizersPage::train() {
  parts().whenBuilt([this] {
    showView(kForm);
    form_->prepare();
  });
}

bool TokenizersPage::isSettled() const {
  return LibraryPage::isSettled() && try_->isSettled() && vocabulary_->isSettled();
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
  const QString name = freeName(workbench().workspace().tokenizers(), wish);
  // A tokenizer.json is taken with what lies beside it: its special tokens stand there.
  const auto from = toPath(file.suffix() == QLatin1String("json") ? file.path() : source);
  inBackground(
      this,
      [from, place = workbench().workspace().tokenizers() / toUtf8(name)] {
        return importTokenizer(from, place);
      },
      [this, name](Result<void> done) {
        if (!done) {
          workbench().notify(noticeOf(done.error(), tr("Nothing was imported.")));
          return;
        }
        want(name);
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
      QStringLiteral("tokenizer.export"), tr("Export of %1").arg(summary->name),
      {QStringLiteral("tokenizer"), QStringLiteral("export"), QStringLiteral("--tokenizer"),
       pathText(summary->path), QStringLiteral("--format"), QStringLiteral("hf"),
       QStringLiteral("--output"), place});
}

void TokenizersPage::retranslate() {
  showTitle();
  import_->setText(tr("Import…"));
  export_->setText(tr("Export…"));
  train_->setText(tr("Train…"));
  empty().setTexts(tr("No tokenizers yet"),
                   tr("A tokenizer cuts text into the pieces that a model reads. Train one on your "
                      "text, which takes seconds to minutes, or import one that you have."),
                   tr("Train a tokenizer…"));
  list().setAccessibleName(tr("Tokenizers"));
  tabs().setTabText(0, tr("Try"));
  tabs().setTabText(1, tr("Vocabulary"));
  tabs().setTabText(2, tr("About"));
  if (hasRead()) present();
}

}  // namespace z2::ui
