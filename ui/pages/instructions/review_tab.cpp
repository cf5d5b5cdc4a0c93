#include "ui/pages/instructions/review_tab.h"

#include <algorithm>
#include <utility>

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/pages/run/table_tab.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kTableHeight = 360;
constexpr int kLeastTableHeight = 200;
constexpr int kEditorHeight = 260;
constexpr int kPartWidths[] = {3, 2, 4};  // of instruction, input, output

}  // namespace

ReviewTab::ReviewTab(QWidget* parent)
    : QWidget(parent), tasks_(std::make_shared<const std::vector<InstructionTask>>()) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 0, 0, 0);
  auto* splitter = child<QSplitter>(Qt::Vertical, this);
  splitter->setChildrenCollapsible(false);
  table_ = child<TableTab>(splitter);
  table_->table().setObjectName(QStringLiteral("instructionsKept"));
  auto* editor = child<QWidget>(splitter);
  auto* rows = child<QVBoxLayout>(editor);
  rows->setContentsMargins(0, 0, 0, 0);
  auto* parts = child<QHBoxLayout>();
  parts->setSpacing(spacing::kGrid);
  const char* const names[] = {"taskInstruction", "taskInput", "taskOutput"};
  for (int i = 0; i < 3; ++i) {
    auto* part = child<QVBoxLayout>();
    part->setSpacing(spacing::kInside);
    labels_[i] = child<QLabel>(editor);
    labels_[i]->setProperty("role", QStringLiteral("secondary"));
    parts_[i] = child<QPlainTextEdit>(editor);
    parts_[i]->setObjectName(QString::fromLatin1(names[i]));
    parts_[i]->setTabChangesFocus(true);
    labels_[i]->setBuddy(parts_[i]);
    part->addWidget(labels_[i]);
    part->addWidget(parts_[i], 1);
    parts->addLayout(part, kPartWidths[i]);
    connect(parts_[i], &QPlainTextEdit::textChanged, this, &ReviewTab::check);
  }
  rows->addLayout(parts, 1);
  auto* buttons = child<QHBoxLayout>();
  hint_ = child<QLabel>(editor);
  hint_->setProperty("role", QStringLiteral("secondary"));
  hint_->setWordWrap(true);
  remove_ = child<QPushButton>(editor);
  remove_->setObjectName(QStringLiteral("taskRemove"));
  remove_->setProperty("role", QStringLiteral("danger"));
  save_ = child<QPushButton>(editor);
  save_->setObjectName(QStringLiteral("taskSave"));
  buttons->addWidget(hint_, 1);
  buttons->addWidget(remove_);
  buttons->addWidget(save_);
  rows->addLayout(buttons);
  table_->setMinimumHeight(kLeastTableHeight);
  splitter->addWidget(table_);
  splitter->addWidget(editor);
  splitter->setStretchFactor(0, 1);
  splitter->setStretchFactor(1, 0);
  splitter->setSizes({kTableHeight, kEditorHeight});
  column->addWidget(splitter);
  connect(table_, &TableTab::chosen, this, &ReviewTab::showChosen);
  connect(save_, &QPushButton::clicked, this, [this] { Q_EMIT changed(chosen_, typed()); });
  connect(remove_, &QPushButton::clicked, this, [this] { Q_EMIT removed(chosen_); });
  retranslate();
}

void ReviewTab::setTasks(std::shared_ptr<const std::vector<InstructionTask>> tasks,
                         std::vector<TableRow> rows) {
  const auto place = static_cast<size_t>(std::max(chosen_, 0));
  const bool isSame =
      chosen_ >= 0 && place < tasks->size() && (*tasks)[place].toJson() == chosenTask().toJson();
  tasks_ = std::move(tasks);
  table_->setRows(std::move(rows));
  if (!isSame) showChosen();
}

const InstructionTask& ReviewTab::chosenTask() const {
  return (*tasks_)[static_cast<size_t>(chosen_)];
}

void ReviewTab::setWriting(bool isWriting) {
  isWriting_ = isWriting;
  check();
}

void ReviewTab::showChosen() {
  chosen_ = table_->chosenRow();
  if (std::cmp_greater_equal(chosen_, tasks_->size())) chosen_ = -1;
  const InstructionTask task = chosen_ >= 0 ? chosenTask() : InstructionTask();
  const std::string* const texts[] = {&task.instruction, &task.input, &task.output};
  for (int i = 0; i < 3; ++i) parts_[i]->setPlainText(toQString(*texts[i]));
  check();
}

InstructionTask ReviewTab::typed() const {
  const auto text = [this](int part) {
    return std::string(trimmed(toUtf8(parts_[part]->toPlainText())));
  };
  return {text(0), text(1), text(2)};
}

void ReviewTab::check() {
  const bool canChange = chosen_ >= 0 && !isWriting_;
  const InstructionTask task = typed();
  const bool isWhole = !task.instruction.empty() && !task.output.empty();
  const bool isChanged = chosen_ >= 0 && task.toJson() != chosenTask().toJson();
  for (QPlainTextEdit* part : parts_) part->setReadOnly(!canChange);
  save_->setEnabled(canChange && isWhole && isChanged);
  remove_->setEnabled(canChange);
  hint_->setText(isWriting_    ? tr("Tasks can be changed when no more are being written.")
                 : chosen_ < 0 ? tr("Choose a task to read it whole and to change it.")
                 : !isWhole    ? tr("A task needs an instruction and an output.")
                            : tr("A task that is taken out, or one like it, does not come back."));
}

void ReviewTab::retranslate() {
  const QString names[] = {tr("Instruction"), tr("Input"), tr("Output")};
  table_->setHeaders({names[0], names[1], names[2]});
  table_->setTexts(tr("Kept tasks"), tr("Filter"), tr("No task has been kept yet."));
  for (int i = 0; i < 3; ++i) {
    labels_[i]->setText(names[i]);
    parts_[i]->setAccessibleName(names[i]);
  }
  save_->setText(tr("Save"));
  remove_->setText(tr("Take out"));
  check();
}

void ReviewTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
