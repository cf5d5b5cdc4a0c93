#include "ui/pages/models/models_page.h"

#include <QFileDialog>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/tab_parent.h"
#include "ui/base/text.h"
#include "ui/pages/library/entry_list.h"
#include "ui/pages/library/facts.h"
#include "ui/pages/library/new_name.h"
#include "ui/pages/models/export_dialog.h"
#include "ui/pages/models/generate_tab.h"
#include "ui/widgets/empty_state.h"

namespace z2::ui {

ModelsPage::ModelsPage(Workbench& workbench, QWidget* parent)
    : LibraryPage(workbench, QStringLiteral("models"), QStringLiteral("model"), parent),
      import_(child<QPushButton>(this)),
      verify_(child<QPushButton>(this)),
      export_(child<QPushButton>(this)),
      chat_(child<QPushButton>(this)),
      generate_(child<GenerateTab>(workbench, tabParent(tabs()))) {
  for (QPushButton* button : {verify_, export_, chat_, import_}) addToHeader(button);
  export_->setObjectName(QStringLiteral("modelExport"));
  chat_->setObjectName(QStringLiteral("modelChat"));
  import_->setProperty("role", QStringLiteral("primary"));
  tabs().addTab(generate_, QString());
  QVBoxLayout* about = scrolled(addTab());
  about_ = child<Facts>(about->parentWidget());
  about->addWidget(about_);
  about->addStretch();
  follow(QStringLiteral("model.import"), true);
  follow(QStringLiteral("model.export"), false);
  connect(&empty(), &EmptyState::chosen, this, &ModelsPage::importModel);
  connect(import_, &QPushButton::clicked, this, &ModelsPage::importModel);
  connect(verify_, &QPushButton::clicked, this, &ModelsPage::verifyCurrent);
  connect(export_, &QPushButton::clicked, this, &ModelsPage::exportCurrent);
  connect(chat_, &QPushButton::clicked, this,
          [this] { this->workbench().open(PageId::kChat, {currentKey()}); });
  // A run's new checkpoint is a new model.
  connect(&workbench.runs(), &RunWatcher::checkpointsChanged, this, [this] {
    if (isVisible()) reload();
  });
}

void ModelsPage::reload() {
  readThen([workspace = workbench().workspace().folder()] { return readModels(workspace); },
           [this](QList<ModelSummary> summaries) {
             summaries_ = std::move(summaries);
             present();
           });
}

void ModelsPage::present() {
  QList<Entry> entries;
  for (const ModelSummary& summary : summaries_) {
    QString detail = tr("cannot be read");
    if (summary.description)
      detail = tr("%1 parameters · %2 · %3")
                   .arg(shortCount(static_cast<double>(
                            summary.description->config.model.parameterCount())),
                        byteSize(summary.bytes), originText(summary.origin));
    else if (summary.problem.isEmpty())
      detail = tr("%1 · %2").arg(byteSize(summary.bytes), originText(summary.origin));
    entries.append({.key = summary.key,
                    .title = summary.title,
                    .detail = detail,
                    .hasProblem = !summary.problem.isEmpty()});
  }
  setEntries(entries);
}

void ModelsPage::viewChanged(View view) {
  verify_->setVisible(view == kLibrary);
  export_->setVisible(view == kLibrary);
  chat_->setVisible(view == kLibrary);
}

const ModelSummary* ModelsPage::current() const {
  const QString key = currentKey();
  for (const ModelSummary& summary : summaries_)
    if (summary.key == key) return &summary;
  return nullptr;
}

void ModelsPage::showCurrent() {
  const ModelSummary* summary = current();
  const bool isOurs = summary != nullptr && summary->description.has_value();
  verify_->setEnabled(isOurs);
  export_->setEnabled(isOurs);
  chat_->setEnabled(isOurs);
  tabs().setTabVisible(0, isOurs);  // no other program's file is generated from
  showProblem(summary != nullptr ? summary->problem : QString());
  if (isOurs) generate_->setModel(summary->path, summary->description->tokenizer.has_value());
  if (summary != nullptr && summary->problem.isEmpty()) about_->setFacts(factsOf(*summary));
}

void ModelsPage::importModel() {
  const QString source =
      QFileDialog::getExistingDirectory(this, tr("Import a Hugging Face model directory"));
  if (source.isEmpty()) return;
  const QString name = freeName(workbench().workspace().models(), QFileInfo(source).fileName());
  workbench().jobs().start(
      QStringLiteral("model.import"), tr("Import of %1").arg(name),
      {QStringLiteral("model"), QStringLiteral("import"), source, QStringLiteral("--json"),
       QStringLiteral("--output"), pathText(workbench().workspace().models() / toUtf8(name))});
}

void ModelsPage::exportCurrent() {
  const ModelSummary* summary = current();
  if (summary == nullptr) return;
  child<ExportDialog>(workbench(), summary->path, summary->title, window())->open();
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

void ModelsPage::retranslate() {
  setTitle(tr("Models"));
  import_->setText(tr("Import…"));
  verify_->setText(tr("Verify"));
  export_->setText(tr("Export…"));
  chat_->setText(tr("Chat"));
  chat_->setToolTip(tr("Talks with this model on the Chat page"));
  empty().setTexts(tr("No models yet"),
                   tr("Each checkpoint of a run appears here, and every model that you import: a "
                      "Hugging Face directory of the Llama or Qwen2 kind."),
                   tr("Import a model…"));
  list().setAccessibleName(tr("Models"));
  tabs().setTabText(0, tr("Generate"));
  tabs().setTabText(1, tr("About"));
  if (hasRead()) present();
}

}  // namespace z2::ui
