#include "ui/pages/new_run/data_step.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>

#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/text.h"
#include "ui/forms/config_form.h"
#include "ui/models/run_table_model.h"
#include "ui/pages/new_run/new_run_plan.h"
#include "ui/pages/new_run/plan_samples.h"
#include "ui/services/workbench.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

enum Column { kName, kTask, kTokens, kDocuments, kVocabulary, kValidation, kColumns };
constexpr int kListHeight = 220;
constexpr int kWidthForAll = 620;

QString sourcesOf(const DataSet& set) {
  QStringList names;
  for (const DataSource& source : set.manifest.sources)
    names.append(pathText(std::filesystem::path(source.path).filename()));
  return names.join(QStringLiteral(", "));
}

}  // namespace

void DataStep::make(Parts&) {
  sets_ = child<QTreeWidget>(inside());
  none_ = child<QLabel>(inside());
  make_ = child<QPushButton>(inside());
  look_ = child<QPushButton>(inside());
  form_ = child<ConfigForm>(
      plan().draft(), std::vector<const Field*>{findField("data.train"), findField("data.valid")},
      false, inside());
  sets_->setObjectName(QStringLiteral("data-sets"));
  sets_->setColumnCount(kColumns);
  sets_->setRootIsDecorated(false);
  sets_->setUniformRowHeights(true);
  sets_->setFixedHeight(kListHeight);
  sets_->header()->setStretchLastSection(false);
  sets_->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
  sets_->header()->setSectionResizeMode(kName, QHeaderView::Stretch);
  none_->setWordWrap(true);
  column()->addWidget(sets_);
  column()->addWidget(none_);
  look_->setObjectName(QStringLiteral("look-at-samples"));
  auto* buttons = child<QHBoxLayout>();
  buttons->addWidget(make_);
  buttons->addWidget(look_);
  buttons->addStretch();
  column()->addLayout(buttons);
  column()->addSpacing(spacing::kGrid);
  column()->addWidget(form_);
  column()->addStretch();
  hideColumns();
  // Not when the list gets the focus, which makes a row current but does not select it.
  connect(sets_, &QTreeWidget::itemSelectionChanged, this, [this] {
    const auto selected = sets_->selectedItems();
    if (selected.isEmpty()) return;
    const QString prefix = selected.front()->data(kName, Qt::UserRole).toString();
    if (plan().draft().text(QStringLiteral("data.train")) == prefix) return;
    for (const DataSet& set : plan().stock().data)
      if (pathText(set.prefix) == prefix) plan().chooseData(set);
  });
  connect(make_, &QPushButton::clicked, this, [this] { workbench().open(PageId::kData); });
  connect(look_, &QPushButton::clicked, this, [this] { openSamples(plan(), this); });
}

std::vector<QString> DataStep::keys() const {
  return {QStringLiteral("data.train"), QStringLiteral("data.valid")};
}

void DataStep::present() {
  showSets();
  form_->show(plan().check().draft);
  look_->setVisible(hasSamples(plan()));
}

void DataStep::resizeEvent(QResizeEvent* event) {
  if (sets_ != nullptr) hideColumns();
  PlanStep::resizeEvent(event);
}

// Of a narrow window, what says least: a name has to be read.
void DataStep::hideColumns() {
  for (const int column : {kDocuments, kVocabulary})
    sets_->setColumnHidden(column, width() < kWidthForAll);
}

void DataStep::showSets() {
  const QSignalBlocker quiet(sets_);
  const QString chosen = plan().draft().text(QStringLiteral("data.train"));
  QStringList names;
  for (const DataSet& set : plan().stock().data)
    names.append(pathText(set.prefix) + QString::number(set.manifest.tokens));
  if (names != shownSets_ || sets_->topLevelItemCount() != names.size()) {
    shownSets_ = names;
    sets_->clear();
    for (const DataSet& set : plan().stock().data) {
      auto* item = std::make_unique<QTreeWidgetItem>(sets_).release();
      item->setData(kName, Qt::UserRole, pathText(set.prefix));
      item->setText(kName, set.name);
      item->setToolTip(kName,
                       set.problem.isEmpty() ? sourcesOf(set) : coreText(toUtf8(set.problem)));
      item->setText(kTask, taskText(toQString(set.manifest.task)));
      item->setText(kTokens, shortCount(static_cast<double>(set.manifest.tokens)));
      item->setText(kDocuments, QLocale().toString(qulonglong{set.manifest.documents}));
      item->setText(kVocabulary, QLocale().toString(qlonglong{set.manifest.vocabSize}));
      for (const int column : {kTokens, kDocuments, kVocabulary})
        item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
      item->setDisabled(!set.problem.isEmpty());
    }
  }
  for (int row = 0; row < sets_->topLevelItemCount(); ++row) {
    QTreeWidgetItem* item = sets_->topLevelItem(row);
    const bool hasValidation = plan().stock().data.at(static_cast<size_t>(row)).hasValidation;
    item->setText(kValidation, hasValidation ? tr("yes") : tr("none"));
    item->setSelected(item->data(kName, Qt::UserRole).toString() == chosen);
  }
  const bool isEmpty = sets_->topLevelItemCount() == 0;
  sets_->setVisible(!isEmpty);
  none_->setVisible(isEmpty);
}

void DataStep::retranslate() {
  setLead(
      tr("What shall the model learn from? Text becomes data on the Data page; each row here is "
         "a data set of this workspace, made for one task, which is then that of the run."));
  none_->setText(
      tr("There is no data in this workspace yet. Make some from text files, or name "
         "token files of your own below."));
  make_->setText(tr("Make new data…"));
  look_->setText(tr("Look at the samples…"));
  look_->setToolTip(tr("Token by token, as the run will see them"));
  sets_->setAccessibleName(tr("Data sets"));
  sets_->setHeaderLabels({tr("Name"), tr("Made for"), tr("Tokens"), tr("Documents"),
                          tr("Vocabulary"), tr("Validation part")});
  for (const int column : {kTokens, kDocuments, kVocabulary})
    sets_->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
}

}  // namespace z2::ui
