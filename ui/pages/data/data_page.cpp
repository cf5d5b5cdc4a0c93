#include "ui/pages/data/data_page.h"

#include <QFileSystemWatcher>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableWidget>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/pages/data/data_form.h"
#include "ui/pages/data/document_tab.h"
#include "ui/pages/data/histogram_view.h"
#include "ui/pages/library/entry_list.h"
#include "ui/pages/library/facts.h"
#include "ui/pages/library/job_strip.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

namespace z2::ui {

namespace {

const QString kKind = QStringLiteral("data.tokenize");
constexpr int kDroppedTab = 2;

QString number(uint64_t value) { return QLocale().toString(static_cast<qulonglong>(value)); }

}  // namespace

DataPage::DataPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent), new_(child<QPushButton>(this)), views_(child<QStackedWidget>(this)) {
  new_->setProperty("role", QStringLiteral("primary"));
  new_->setObjectName(QStringLiteral("dataNew"));
  addToHeader(new_);
  auto* strip = child<JobStrip>(workbench.jobs(), QStringList{kKind}, this);
  body()->addWidget(strip);
  body()->addWidget(views_, 1);
  empty_ = child<EmptyState>(QStringLiteral("data"), this);
  views_->addWidget(empty_);
  makeLibraryView();
  form_ = child<DataForm>(workbench, this);
  views_->addWidget(form_);

  connect(new_, &QPushButton::clicked, this, &DataPage::make);
  connect(strip, &JobStrip::ended, this, &DataPage::jobEnded);
  connect(form_, &DataForm::closed, this,
          [this] { showView(summaries_.isEmpty() ? kEmpty : kLibrary); });
  connect(list_, &EntryList::currentKeyChanged, this, &DataPage::showCurrent);
  connect(empty_, &EmptyState::chosen, this, &DataPage::make);
  auto* watcher = child<QFileSystemWatcher>(this);
  watcher->addPath(pathText(workbench.dataFolder()));
  connect(watcher, &QFileSystemWatcher::directoryChanged, this, &DataPage::reload);
  reload();
}

QWidget* DataPage::makeStatistics() {
  auto* scroll = child<QScrollArea>(tabs_);
  auto* inner = child<QWidget>(scroll);
  auto* column = child<QVBoxLayout>(inner);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(spacing::kGrid);
  facts_ = child<Facts>(inner);
  lengthsTitle_ = child<QLabel>(inner);
  lengthsTitle_->setProperty("role", QStringLiteral("secondary"));
  lengths_ = child<HistogramView>(inner);
  column->addWidget(lengthsTitle_);
  column->addWidget(lengths_);
  column->addSpacing(spacing::kGrid);
  column->addWidget(facts_);
  column->addStretch();
  scroll->setWidgetResizable(true);
  scroll->setWidget(inner);
  return scroll;
}

void DataPage::makeLibraryView() {
  auto* splitter = child<QSplitter>(this);
  list_ = child<EntryList>(splitter);
  list_->setObjectName(QStringLiteral("dataList"));
  auto* detail = child<QWidget>(splitter);
  auto* column = child<QVBoxLayout>(detail);
  column->setContentsMargins(spacing::kGrid, 0, 0, 0);
  problem_ = child<QLabel>(detail);
  problem_->setWordWrap(true);
  problem_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  tabs_ = child<QTabWidget>(detail);
  tabs_->setObjectName(QStringLiteral("dataTabs"));
  documents_ = child<DocumentTab>(tabs_);
  dropped_ = child<QTableWidget>(0, 3, tabs_);
  dropped_->setObjectName(QStringLiteral("dataDropped"));
  dropped_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  dropped_->setSelectionBehavior(QAbstractItemView::SelectRows);
  dropped_->setTabKeyNavigation(false);
  dropped_->setShowGrid(false);
  dropped_->verticalHeader()->hide();
  dropped_->verticalHeader()->setDefaultSectionSize(26);
  dropped_->horizontalHeader()->setStretchLastSection(true);
  dropped_->horizontalHeader()->setHighlightSections(false);
  dropped_->setColumnWidth(0, 180);
  dropped_->setColumnWidth(1, 260);
  tabs_->addTab(makeStatistics(), QString());
  tabs_->addTab(documents_, QString());
  tabs_->addTab(dropped_, QString());
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

void DataPage::reload() {
  const int number = ++asked_;
  inBackground(
      this, [folder = workbench().dataFolder()] { return readDataFolder(folder); },
      [this, number](const QList<DataSummary>& summaries) {
        if (number != asked_) return;
        shown_ = number;
        present(summaries);
      });
}

void DataPage::present(const QList<DataSummary>& summaries) {
  summaries_ = summaries;
  QList<Entry> entries;
  for (const DataSummary& summary : summaries_) {
    const bool isGood = summary.problem.isEmpty();
    const QString detail =
        isGood ? tr("%1 documents · %2 tokens · %3")
                     .arg(shortCount(static_cast<double>(summary.manifest.documents)),
                          shortCount(static_cast<double>(summary.manifest.tokens)),
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

const DataSummary* DataPage::current() const {
  const QString key = list_->currentKey();
  for (const DataSummary& summary : summaries_)
    if (summary.name == key) return &summary;
  return nullptr;
}

void DataPage::showCurrent() {
  const DataSummary* summary = current();
  const bool isGood = summary != nullptr && summary->problem.isEmpty();
  tabs_->setVisible(isGood);
  problem_->setVisible(!isGood);
  detail_ = {};
  if (summary == nullptr) return;
  problem_->setText(summary->problem);
  if (!isGood) return;
  const int number = ++detailAsked_;
  inBackground(
      this,
      [summary = *summary, tokenizers = workbench().tokenizersFolder()] {
        return readDetail(summary, tokenizers);
      },
      [this, number](const DataDetail& detail) {
        if (number != detailAsked_) return;
        detailShown_ = number;
        showDetail(detail);
      });
}

void DataPage::showDetail(const DataDetail& detail) {
  detail_ = detail;
  tabs_->setVisible(detail.problem.isEmpty());
  problem_->setVisible(!detail.problem.isEmpty());
  problem_->setText(detail.problem);
  lengths_->setBuckets(detail.lengths);
  documents_->setData(detail.file, detail.tokenizer);
  dropped_->setRowCount(static_cast<int>(detail.dropped.size()));
  for (int row = 0; row < dropped_->rowCount(); ++row) {
    const DataDetail::Dropped& dropped = detail.dropped[static_cast<size_t>(row)];
    const QString texts[] = {dropped.place, dropped.reason, dropped.begins.simplified()};
    for (int column = 0; column < 3; ++column)
      dropped_->setItem(row, column, std::make_unique<QTableWidgetItem>(texts[column]).release());
  }
  tabs_->setTabVisible(kDroppedTab, !detail.dropped.empty());
  showFacts();
}

void DataPage::showFacts() {
  const DataSummary* summary = current();
  if (summary == nullptr || !summary->problem.isEmpty()) return;
  facts_->setFacts(factsOf(*summary));
  uint64_t dropped = 0;
  for (const auto& [reason, count] : summary->manifest.dropped) dropped += count;
  tabs_->setTabText(kDroppedTab, tr("Left out (%1)").arg(number(dropped)));
}

QList<QPair<QString, QString>> DataPage::factsOf(const DataSummary& summary) const {
  const DataManifest& manifest = summary.manifest;
  QStringList dropped;
  for (const auto& [reason, count] : manifest.dropped)
    dropped.append(toQString(reason) + QStringLiteral(": ") + number(count));
  QStringList sources;
  for (const DataSource& source : manifest.sources)
    sources.append(toQString(source.path) + QStringLiteral("  ") +
                   byteSize(static_cast<double>(source.bytes)));
  const double mean = manifest.documents == 0 ? 0
                                              : static_cast<double>(manifest.tokens) /
                                                    static_cast<double>(manifest.documents);
  const QString tokenizer =
      detail_.tokenizer != nullptr ? detail_.tokenizerName
      : manifest.tokenizerSha256.empty()
          ? tr("not known")
          : tr("not in the workspace; its SHA-256 is %1").arg(toQString(manifest.tokenizerSha256));
  QList<QPair<QString, QString>> facts = {
      {tr("Documents"), number(manifest.documents)},
      {tr("Tokens"), number(manifest.tokens)},
      {tr("Tokens in a document"), tr("%1 on average").arg(QLocale().toString(mean, 'f', 1))}};
  if (summary.valid)
    facts.append({tr("For validation"),
                  tr("%1 documents, %2 tokens")
                      .arg(number(summary.valid->documents), number(summary.valid->tokens))});
  facts.append(
      {tr("Left out"), dropped.isEmpty() ? tr("nothing") : dropped.join(QStringLiteral("\n"))});
  if (manifest.truncatedDocuments > 0)
    facts.append({tr("Cut"),
                  tr("%1 documents, by %2 tokens")
                      .arg(number(manifest.truncatedDocuments), number(manifest.truncatedTokens))});
  facts.append({tr("Tokenizer"), tokenizer});
  facts.append({tr("Stored as"),
                toQString(nameOf(manifest.type)) + QStringLiteral(", ") + byteSize(summary.bytes)});
  facts.append({tr("Made from"), sources.join(QLatin1Char('\n'))});
  facts.append({tr("Folder"), pathText(summary.prefix.parent_path())});
  if (const auto bin = manifest.files.find(".bin"); bin != manifest.files.end())
    facts.append({tr("XXH3 of its tokens"), toQString(bin->second.xxh3)});
  return facts;
}

void DataPage::showView(View view) {
  views_->setCurrentIndex(view);
  new_->setVisible(view == kLibrary);
}

void DataPage::make() {
  showView(kForm);
  form_->prepare();
}

void DataPage::select(const QStringList& names) {
  wanted_ = names.value(0);
  if (list_->setCurrentKey(wanted_)) wanted_.clear();
}

bool DataPage::isSettled() const {
  return asked_ == shown_ && detailAsked_ == detailShown_ && documents_->isSettled() &&
         form_->isSettled();
}

void DataPage::jobEnded(const Job& job) {
  if (job.state == Job::State::kFailed && job.error)
    workbench().notify(noticeOf(*job.error, tr("No data was made; nothing is left of it.")));
  if (job.state != Job::State::kFinished) return;
  wanted_ = QFileInfo(job.arguments.value(job.arguments.indexOf(QStringLiteral("--output")) + 1))
                .fileName();
  reload();
}

void DataPage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  reload();
}

void DataPage::retranslate() {
  setTitle(tr("Data"));
  new_->setText(tr("New data…"));
  empty_->setTexts(tr("No data yet"),
                   tr("Data is text that was cut into the tokens of a tokenizer, ready for "
                      "training. Make some from .txt, .jsonl, .json or .parquet files."),
                   tr("New data…"));
  list_->setAccessibleName(tr("Data"));
  lengthsTitle_->setText(tr("Lengths of the documents"));
  tabs_->setTabText(0, tr("Statistics"));
  tabs_->setTabText(1, tr("Documents"));
  dropped_->setAccessibleName(tr("Records left out"));
  dropped_->setHorizontalHeaderLabels({tr("Place"), tr("Reason"), tr("Begins with")});
  for (int column = 0; column < 3; ++column)
    dropped_->horizontalHeaderItem(column)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  if (shown_ > 0) {
    present(summaries_);
    showFacts();
  }
}

}  // namespace z2::ui
