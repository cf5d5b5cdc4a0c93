#include "ui/pages/data/preview_pane.h"

#include <QComboBox>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTableWidget>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/choice_box.h"

namespace z2::ui {

namespace {

enum Column { kLine, kText, kColumns };

}  // namespace

PreviewPane::PreviewPane(QWidget* parent)
    : QWidget(parent),
      file_(child<ChoiceBox>(this)),
      previous_(child<QPushButton>(this)),
      next_(child<QPushButton>(this)),
      where_(child<QLabel>(this)),
      splitter_(child<QSplitter>(Qt::Vertical, this)),
      table_(child<QTableWidget>(0, kColumns, splitter_)),
      text_(child<QPlainTextEdit>(splitter_)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kGrid);
  auto* row = child<QHBoxLayout>();
  row->addWidget(file_, 1);
  row->addWidget(previous_);
  row->addWidget(next_);
  column->addLayout(row);
  where_->setProperty("role", QStringLiteral("secondary"));
  where_->setWordWrap(true);
  column->addWidget(where_);
  table_->setObjectName(QStringLiteral("previewTable"));
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setTabKeyNavigation(false);
  table_->setShowGrid(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(26);
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->setColumnWidth(kLine, 80);
  text_->setReadOnly(true);
  text_->setTabChangesFocus(true);
  splitter_->addWidget(table_);
  splitter_->addWidget(text_);
  splitter_->setSizes({320, 160});
  splitter_->setChildrenCollapsible(false);
  column->addWidget(splitter_, 1);
  connect(file_, &QComboBox::currentIndexChanged, this, &PreviewPane::begin);
  connect(next_, &QPushButton::clicked, this, [this] {
    starts_.push_back(page_.next);
    load();
  });
  connect(previous_, &QPushButton::clicked, this, [this] {
    starts_.pop_back();
    load();
  });
  connect(table_, &QTableWidget::itemSelectionChanged, this, &PreviewPane::showRecord);
  retranslate();
  begin();
}

void PreviewPane::setFiles(const QStringList& files) {
  const QString before = file_->currentData().toString();
  {
    const QSignalBlocker quiet(file_);
    file_->clear();
    for (const QString& file : files) file_->addItem(QFileInfo(file).fileName(), file);
    file_->setCurrentIndex(std::max(0, file_->findData(before)));
    file_->setToolTip(tr("File to preview"));
  }
  if (file_->currentData().toString() != before || files.isEmpty()) begin();
}

void PreviewPane::setChoice(TextUnit unit, const FieldChoice& choice) {
  const bool isSame =
      unit == unit_ && choice.fields == choice_.fields && choice.join == choice_.join;
  if (isSame) return;
  const bool isOtherUnit = unit != unit_;
  unit_ = unit;
  choice_ = choice;
  if (isOtherUnit)
    begin();  // pages of paragraphs do not begin where pages of lines do
  else
    load();
}

void PreviewPane::begin() {
  starts_ = {PageStart{}};
  load();
}

void PreviewPane::load() {
  const int number = ++asked_;
  const QString file = file_->currentData().toString();
  if (file.isEmpty()) {
    shown_ = number;
    present({});
    return;
  }
  inBackground(
      this,
      [path = toPath(file), unit = unit_, choice = choice_, start = starts_.back()] {
        return readPage(path, unit, choice, start);
      },
      [this, number](const PreviewPage& page) {
        if (number != asked_) return;
        shown_ = number;
        present(page);
        if (!page.fields.isEmpty()) Q_EMIT fieldsFound(page.fields);
      });
}

void PreviewPane::present(const PreviewPage& page) {
  page_ = page;
  table_->setRowCount(0);
  table_->setRowCount(static_cast<int>(page.records.size()));
  int problems = 0;
  for (int row = 0; row < page.records.size(); ++row) {
    const PreviewRecord& record = page.records[row];
    auto line = std::make_unique<QTableWidgetItem>(QString::number(record.line));
    line->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    line->setForeground(colors().secondary);
    QString begins = record.text.left(300).simplified();
    if (!record.problem.isEmpty()) {
      begins = QStringLiteral("✕ ") + coreText(toUtf8(record.problem));
      ++problems;
    }
    auto text = std::make_unique<QTableWidgetItem>(begins);
    text->setToolTip(begins);
    if (!record.problem.isEmpty()) text->setForeground(colors().failed);
    table_->setItem(row, kLine, line.release());
    table_->setItem(row, kText, text.release());
  }
  previous_->setEnabled(starts_.size() > 1);
  next_->setEnabled(page.hasNext);
  QString where = coreText(toUtf8(page.problem));
  if (where.isEmpty() && !page.records.isEmpty()) {
    where = tr("Lines %1 to %2").arg(page.records.first().line).arg(page.records.last().line);
    if (problems > 0) where += QStringLiteral(" · ") + tr("%1 will be left out").arg(problems);
  }
  if (where.isEmpty()) where = tr("Add a file to see its records here.");
  where_->setText(where);
  if (table_->rowCount() > 0) table_->selectRow(0);
  showRecord();
}

void PreviewPane::showRecord() {
  const int row = table_->currentRow();
  const bool isThere = row >= 0 && row < page_.records.size();
  text_->setPlainText(isThere ? page_.records[row].text : QString());
}

void PreviewPane::retranslate() {
  file_->setAccessibleName(tr("File to preview"));
  previous_->setText(tr("Previous"));
  next_->setText(tr("Next"));
  table_->setAccessibleName(tr("Records"));
  table_->setHorizontalHeaderLabels({tr("Line"), tr("Text")});
  table_->horizontalHeaderItem(kText)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  text_->setAccessibleName(tr("The record's text"));
}

void PreviewPane::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    retranslate();
    present(page_);
  }
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
