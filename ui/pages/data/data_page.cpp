#include "ui/pages/data/data_page.h"

#include <optional>
#include <utility>

#include <QFileSystemWatcher>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/plural.h"
#include "ui/base/text.h"
#include "ui/models/run_table_model.h"
#include "ui/pages/data/data_form.h"
#include "ui/pages/data/document_tab.h"
#include "ui/pages/data/dropped_tab.h"
#include "ui/pages/data/histogram_view.h"
#include "ui/pages/instructions/generate_form.h"
#include "ui/pages/instructions/instructions_pane.h"
#include "ui/pages/library/entry_list.h"
#include "ui/pages/library/facts.h"
#include "ui/pages/samples/token_samples.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

namespace z2::ui {

namespace {

constexpr int kReadAgainMs = 1500;

enum { kStatisticsTab, kDocumentsTab, kSamplesTab, kDroppedTab, kInstructionsTab };

}  // namespace

DataPage::DataPage(Workbench& workbench, QWidget* parent)
    : LibraryPage(workbench, QStringLiteral("data"), QStringLiteral("data"), parent),
      newInstructions_(child<QPushButton>(this)),
      new_(child<QPushButton>(this)),
      again_(child<QTimer>(this)) {
  new_->setProperty("role", QStringLiteral("primary"));
  new_->setObjectName(QStringLiteral("dataNew"));
  newInstructions_->setObjectName(QStringLiteral("instructionsNew"));
  addToHeader(newInstructions_);
  addToHeader(new_);
  makeTabs();
  parts().add([this] { makeForms(); });
  follow(QStringLiteral("data.tokenize"), true);
  parts().add([this] { followWriting(); });

  connect(new_, &QPushButton::clicked, this, &DataPage::make);
  connect(&empty(), &EmptyState::chosen, this, &DataPage::make);
  connect(newInstructions_, &QPushButton::clicked, this, [this] { makeInstructions(nullptr); });
  connect(&empty(), &EmptyState::otherChosen, this, [this] { makeInstructions(nullptr); });
  auto* watcher = child<QFileSystemWatcher>(this);
  watcher->addPath(pathText(workbench.workspace().data()));
  connect(watcher, &QFileSystemWatcher::directoryChanged, this, &DataPage::reload);
}

void DataPage::makeTabs() {
  // In the order of the names above.
  parts().add([this, tab = addTab()] { makeStatistics(tab); });
  parts().add([this, tab = addTab()] {
    documents_ = child<DocumentTab>(tab);
    tab->layout()->addWidget(documents_);
  });
  parts().add([this, tab = addTab()] {
    samples_ = child<TokenSamples>(tab);
    tab->layout()->addWidget(samples_);
  });
  parts().add([this, tab = addTab()] {
    dropped_ = child<DroppedTab>(tab);
    tab->layout()->addWidget(dropped_);
  });
  parts().add([this, tab = addTab()] {
    instructions_ = child<InstructionsPane>(workbench(), tab);
    tab->layout()->addWidget(instructions_);
    connect(instructions_, &InstructionsPane::changed, this, &DataPage::reload);
    connect(instructions_, &InstructionsPane::moreAsked, this,
            [this](const InstructionSet& set) { makeInstructions(&set); });
  });
}

void DataPage::makeStatistics(QWidget* tab) {
  QVBoxLayout* column = scrolled(tab);
  column->setSpacing(spacing::kGrid);
  QWidget* frame = column->parentWidget();
  lengthsTitle_ = child<QLabel>(frame);
  lengthsTitle_->setProperty("role", QStringLiteral("secondary"));
  lengths_ = child<HistogramView>(HistogramView::Of::kDocuments, frame);
  facts_ = child<Facts>(frame);
  column->addWidget(lengthsTitle_);
  column->addWidget(lengths_);
  column->addSpacing(spacing::kGrid);
  column->addWidget(facts_);
  column->addStretch();
  sayLengths();
}

void DataPage::makeForms() {
  forms_ = child<QStackedWidget>(formParent());
  addForm(forms_);
  parts().add([this] {
    form_ = child<DataForm>(workbench(), parts(), forms_);
    forms_->addWidget(form_);
    connect(form_, &DataForm::closed, this, &DataPage::leaveForm);
  });
  parts().add([this] {
    generate_ = child<GenerateForm>(workbench(), forms_);
    forms_->addWidget(generate_);
    connect(generate_, &GenerateForm::closed, this, &DataPage::leaveForm);
    connect(generate_, &GenerateForm::started, this, [this](const QString& name) {
      want(name);
      showView(kLibrary);
      again_->start();
    });
  });
}

void DataPage::followWriting() {
  again_->setSingleShot(true);
  again_->setInterval(kReadAgainMs);
  connect(again_, &QTimer::timeout, this, [this] {
    if (isVisible()) reload();
  });
  const auto follow = [this](const QString& id) {
    const Job* job = workbench().jobs().find(id);
    if (job == nullptr || job->kind != InstructionsPane::jobKind() || !isVisible()) return;
    instructions_->showState();
    if (job->isOver())
      reload();
    else if (!again_->isActive())
      again_->start();
  };
  connect(&workbench().jobs(), &JobService::changed, this, follow);
  connect(&workbench().jobs(), &JobService::finished, this, follow);
}

void DataPage::select(const QStringList& names) {
  parts().whenBuilt([this, name = names.value(0)] { choose(name); });
}

void DataPage::choose(QString name) {
  if (name.startsWith(QStringLiteral("new:"))) {
    openForm();
    form_->fillIn(name.section(QLatin1Char(':'), 1, 1), {name.section(QLatin1Char(':'), 2)});
    return;
  }
  static const QRegularExpression samples(QStringLiteral("^(.*):samples(?::(\\d{1,7}))?$"));
  const QRegularExpressionMatch match = samples.match(name);
  wantsSamples_ = match.hasMatch();
  if (wantsSamples_) {
    name = match.captured(1);
    samples_->setSequenceLength(match.captured(2).toLongLong());
  }
  LibraryPage::select({name});
}

void DataPage::reload() {
  readThen(
      [folder = workbench().workspace().data()] {
        return std::pair(readDataFolder(folder), readInstructionSets(folder));
      },
      [this](std::pair<QList<DataSummary>, QList<InstructionSet>> read) {
        summaries_ = std::move(read.first);
        sets_ = std::move(read.second);
        present();
      });
}

void DataPage::present() {
  QList<Entry> entries;
  for (const DataSummary& summary : summaries_) {
    const bool isGood = summary.problem.isEmpty();
    const auto documents = static_cast<int64_t>(summary.manifest.documents);
    const auto tokens = static_cast<int64_t>(summary.manifest.tokens);
    const QString counted = shortCount(static_cast<double>(documents));
    const QString tokensText =
        tr("%1 tokens", nullptr, pluralOf(tokens)).arg(shortCount(static_cast<double>(tokens)));
    QStringList parts;
    if (!isGood)
      parts = {tr("cannot be read")};
    else if (summary.hasSamples())
      parts = {taskText(toQString(summary.manifest.task)),
               tr("%1 samples", nullptr, pluralOf(documents)).arg(counted), tokensText};
    else
      parts = {tr("%1 documents", nullptr, pluralOf(documents)).arg(counted), tokensText,
               byteSize(summary.bytes)};
    const QString detail = parts.join(QStringLiteral(" · "));
    entries.append(
        {.key = summary.name, .title = summary.name, .detail = detail, .hasProblem = !isGood});
  }
  for (const InstructionSet& set : sets_) {
    const QString kept = set.count() > 0
                             ? tr("%1 of %2 tasks").arg(number(set.kept), number(set.count()))
                             : tr("%1 tasks").arg(number(set.kept));
    entries.append({.key = set.name,
                    .title = set.name,
                    .detail = tr("Instructions · %1").arg(kept),
                    .hasProblem = false});
  }
  setEntries(entries);
}

const DataSummary* DataPage::current() const {
  const QString key = currentKey();
  for (const DataSummary& summary : summaries_)
    if (summary.name == key) return &summary;
  return nullptr;
}

const InstructionSet* DataPage::currentSet() const {
  const QString key = currentKey();
  for (const InstructionSet& set : sets_)
    if (set.name == key) return &set;
  return nullptr;
}

void DataPage::showCurrent() {
  const DataSummary* summary = current();
  const InstructionSet* set = currentSet();
  detail_ = {};
  tabs().setTabVisible(kInstructionsTab, set != nullptr);
  const bool isSamples = summary != nullptr && summary->hasSamples();
  tabs().setTabVisible(kStatisticsTab, set == nullptr);
  tabs().setTabVisible(kDocumentsTab, set == nullptr && !isSamples);
  tabs().setTabVisible(kSamplesTab, isSamples);
  if (set != nullptr) tabs().setTabVisible(kDroppedTab, false);
  // The instructions have tabs of their own; a row of tabs that is hidden must not hold the keys.
  QTabBar* bar = tabs().tabBar();
  bar->setVisible(set == nullptr);
  tabs().setFocusProxy(set == nullptr ? bar : nullptr);
  tabs().setFocusPolicy(set == nullptr ? Qt::TabFocus : Qt::NoFocus);
  instructions_->setSet(set == nullptr ? std::nullopt : std::optional<InstructionSet>(*set));
  if (set != nullptr) {
    showProblem({});
    detailShown_ = ++detailAsked_;  // what is still being read of another entry is not shown
  }
  if (summary == nullptr) return;
  showProblem(summary->problem);
  if (!summary->problem.isEmpty()) return;
  const int number = ++detailAsked_;
  inBackground(
      this,
      [summary = *summary, tokenizers = workbench().workspace().tokenizers()] {
        return readDetail(summary, tokenizers);
      },
      [this, number, summary = *summary](const DataDetail& detail) {
        if (number != detailAsked_) return;
        detailShown_ = number;
        showDetail(summary, detail);
      });
}

void DataPage::showDetail(const DataSummary& summary, const DataDetail& detail) {
  detail_ = detail;
  showProblem(detail.problem);
  lengths_->setBuckets(detail.lengths);
  const bool isSamples = summary.hasSamples();
  if (isSamples) {
    documents_->setData(nullptr, nullptr);
    samples_->setSource({.prefix = summary.prefix, .tokenizer = detail.tokenizer});
  } else {
    samples_->setSource({});
    documents_->setData(detail.file, detail.tokenizer);
  }
  if (std::exchange(wantsSamples_, false) && isSamples) tabs().setCurrentIndex(kSamplesTab);
  dropped_->setRecords(detail.dropped);
  tabs().setTabVisible(kDroppedTab, !detail.dropped.empty());
  showFacts();
}

void DataPage::showFacts() {
  const DataSummary* summary = current();
  if (summary == nullptr || !summary->problem.isEmpty()) return;
  facts_->setFacts(factsOf(*summary));
  uint64_t dropped = 0;
  for (const auto& [reason, count] : summary->manifest.dropped) dropped += count;
  tabs().setTabText(kDroppedTab, tr("Left out (%1)").arg(number(dropped)));
}

void DataPage::showTitle() {
  const bool isForm = view() == kForm && forms_ != nullptr;
  if (!isForm)
    setTitle(tr("Data"));
  else
    setTitle(forms_->currentWidget() == form_ ? tr("New data")
                                              : tr("Instructions written by a model"));
}

void DataPage::viewChanged(View view) {
  showTitle();
  newInstructions_->setVisible(view == kLibrary);
  new_->setVisible(view == kLibrary);
}

void DataPage::showForm(QWidget* form) {
  forms_->setCurrentWidget(form);
  showView(kForm);
}

void DataPage::make() {
  parts().whenBuilt([this] { openForm(); });
}

void DataPage::openForm() {
  showForm(form_);
  form_->prepare();
}

void DataPage::makeInstructions(const InstructionSet* more) {
  parts().whenBuilt([this, more = more == nullptr ? std::nullopt : std::optional(*more)] {
    showForm(generate_);
    if (more)
      generate_->prepareMore(*more);
    else
      generate_->prepareNew(sets_.isEmpty() ? std::nullopt : std::optional(sets_.last()));
  });
}

bool DataPage::isSettled() const {
  return LibraryPage::isSettled() && detailAsked_ == detailShown_ && documents_->isSettled() &&
         samples_->isSettled() && form_->isSettled() && instructions_->isSettled();
}

void DataPage::sayLengths() { lengthsTitle_->setText(tr("Lengths of the documents")); }

void DataPage::retranslate() {
  showTitle();
  new_->setText(tr("New data…"));
  empty().setTexts(tr("No data yet"),
                   tr("Data is text that was cut into the tokens of a tokenizer, ready for "
                      "training. Make some from .txt, .jsonl, .json or .parquet files."),
                   tr("New data…"), tr("Have instructions written…"));
  newInstructions_->setText(tr("Have instructions written…"));
  newInstructions_->setToolTip(tr("A model writes tasks after the pattern of some by people"));
  list().setAccessibleName(tr("Data"));
  if (lengthsTitle_ != nullptr) sayLengths();
  tabs().setTabText(kStatisticsTab, tr("Statistics"));
  tabs().setTabText(kDocumentsTab, tr("Documents"));
  tabs().setTabText(kSamplesTab, tr("Samples"));
  if (hasRead()) {
    present();
    showFacts();
  }
}

}  // namespace z2::ui
