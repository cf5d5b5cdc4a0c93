#include "ui/pages/data/data_form.h"

#include <algorithm>
#include <thread>

#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>

#include "ui/base/child.h"
#include "ui/base/parts.h"
#include "ui/base/text.h"
#include "ui/pages/data/preview_pane.h"
#include "ui/pages/data/samples_pane.h"
#include "ui/pages/library/file_list.h"
#include "ui/pages/library/form_column.h"
#include "ui/pages/library/new_name.h"
#include "ui/pages/library/template_choice.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

enum {
  kName,
  kTask,
  kFiles,
  kTokenizer,
  kFields,
  kJoin,
  kUnit,
  kTemplate,
  kColumns,
  kTrainOn,
  kValid,
  kLongest,
  kTruncation,
  kWorkers
};
constexpr int kLeastLetters = 12;  // of a list that is closed
constexpr int kLeastWidth = 470;
constexpr int kListHeight = 108;
constexpr const char* kTasks[] = {"pretrain", "sft", "dpo"};
constexpr TextUnit kUnits[] = {TextUnit::kParagraph, TextUnit::kLine, TextUnit::kFile};
constexpr TrainOn kTrained[] = {TrainOn::kAssistant, TrainOn::kLast, TrainOn::kAll};
constexpr ChatBuildOptions::Truncation kKept[] = {ChatBuildOptions::Truncation::kKeepStart,
                                                  ChatBuildOptions::Truncation::kKeepEnd};

// What stands in the box's place of `all`.
template <typename Value, size_t count>
Value chosenOf(const QComboBox& box, const Value (&all)[count]) {
  return all[std::clamp(box.currentIndex(), 0, static_cast<int>(count) - 1)];
}

// \n and \t as people write them in one line.
std::string unescape(QString text) {
  text.replace(QStringLiteral("\\n"), QStringLiteral("\n"));
  text.replace(QStringLiteral("\\t"), QStringLiteral("\t"));
  return toUtf8(text);
}

}  // namespace

DataForm::DataForm(Workbench& workbench, Parts& parts, QWidget* parent)
    : QWidget(parent),
      workbench_(workbench),
      splitter_(child<QSplitter>(this)),
      column_(child<FormColumn>(splitter_)),
      name_(child<QLineEdit>(column_->inside())),
      task_(child<QComboBox>(column_->inside())),
      files_(child<FileList>(column_->inside())),
      tokenizer_(child<QComboBox>(column_->inside())),
      fields_(child<QListWidget>(column_->inside())),
      join_(child<QLineEdit>(QStringLiteral("\\n"), column_->inside())),
      unit_(child<QComboBox>(column_->inside())),
      template_(child<TemplateChoice>(TemplateChoice::Use::kData, column_->inside())),
      columns_(child<QLineEdit>(column_->inside())),
      trainOn_(child<QComboBox>(column_->inside())),
      valid_(child<QDoubleSpinBox>(column_->inside())),
      longest_(child<QSpinBox>(column_->inside())),
      truncation_(child<QComboBox>(column_->inside())),
      workers_(child<QSpinBox>(column_->inside())) {
  name_->setObjectName(QStringLiteral("dataName"));
  files_->setObjectName(QStringLiteral("dataFiles"));
  task_->setObjectName(QStringLiteral("dataTask"));
  template_->setObjectName(QStringLiteral("dataTemplate"));
  fields_->setObjectName(QStringLiteral("dataFields"));
  tokenizer_->setObjectName(QStringLiteral("dataTokenizer"));
  valid_->setObjectName(QStringLiteral("dataValid"));
  columns_->setObjectName(QStringLiteral("dataColumns"));
  longest_->setObjectName(QStringLiteral("dataLongest"));
  trainOn_->setObjectName(QStringLiteral("dataTrainOn"));
  truncation_->setObjectName(QStringLiteral("dataTruncation"));
  fields_->setDragDropMode(QAbstractItemView::InternalMove);
  fields_->setFixedHeight(kListHeight);
  files_->setListHeight(kListHeight);
  for (QComboBox* box : {unit_, task_, trainOn_}) box->addItems({QString(), QString(), QString()});
  truncation_->addItems({QString(), QString()});
  valid_->setRange(0, 50);
  valid_->setDecimals(1);
  valid_->setValue(1);
  valid_->setSuffix(QStringLiteral(" %"));
  longest_->setRange(0, 10'000'000);
  longest_->setGroupSeparatorShown(true);
  workers_->setRange(1, 1024);
  workers_->setValue(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  for (QComboBox* box : {unit_, task_, tokenizer_, trainOn_, truncation_}) {
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(kLeastLetters);
  }
  for (QWidget* narrow : std::initializer_list<QWidget*>{join_, valid_, longest_, workers_})
    narrow->setFixedWidth(160);
  parts.add([this] { makePanes(); });
  parts.add([this] {
    layOut();
    connectFields();
    showTask();
  });
}

void DataForm::makePanes() {
  preview_ = child<PreviewPane>(splitter_);
  samples_ = child<SamplesPane>(splitter_);
  // Their looks before the event in which they are first drawn.
  reason_ = child<QLabel>(this);
  reason_->setProperty("role", QStringLiteral("secondary"));
  start_ = child<QPushButton>(this);
  start_->setProperty("role", QStringLiteral("primary"));
  start_->setObjectName(QStringLiteral("dataStart"));
  back_ = child<QPushButton>(this);
  back_->setObjectName(QStringLiteral("dataBack"));
}

void DataForm::layOut() {
  auto* whole = child<QVBoxLayout>(this);
  whole->setContentsMargins(0, 0, 0, 0);
  column_->setMinimumWidth(kLeastWidth);
  rows_ = column_->addRows({name_, task_, files_, tokenizer_, fields_, join_, unit_, template_,
                            columns_, trainOn_, valid_, longest_, truncation_, workers_});
  for (QWidget* pane : std::initializer_list<QWidget*>{column_, preview_, samples_})
    splitter_->addWidget(pane);
  splitter_->setSizes({480, 560, 560});
  splitter_->setChildrenCollapsible(false);
  whole->addWidget(splitter_, 1);
  auto* buttons = child<QHBoxLayout>();
  buttons->addWidget(back_);
  buttons->addWidget(reason_, 1);
  buttons->addWidget(start_);
  whole->addLayout(buttons);
}

void DataForm::connectFields() {
  connect(name_, &QLineEdit::textChanged, this, &DataForm::check);
  connect(task_, &QComboBox::currentIndexChanged, this, &DataForm::showTask);
  connect(files_, &FileList::changed, this, &DataForm::filesChanged);
  connect(tokenizer_, &QComboBox::currentIndexChanged, this, &DataForm::check);
  connect(preview_, &PreviewPane::fieldsFound, this, &DataForm::takeFields);
  connect(fields_, &QListWidget::itemChanged, this, &DataForm::choose);
  connect(fields_->model(), &QAbstractItemModel::rowsMoved, this, &DataForm::choose);
  connect(join_, &QLineEdit::textChanged, this, &DataForm::choose);
  connect(unit_, &QComboBox::currentIndexChanged, this, &DataForm::choose);
  connect(template_, &TemplateChoice::decided, this, &DataForm::check);
  connect(columns_, &QLineEdit::textChanged, this, &DataForm::check);
  connect(longest_, &QSpinBox::valueChanged, this, &DataForm::check);
  for (QComboBox* box : {trainOn_, truncation_})
    connect(box, &QComboBox::currentIndexChanged, this, &DataForm::check);
  connect(samples_, &SamplesPane::changed, this, &DataForm::check);
  connect(start_, &QPushButton::clicked, this, &DataForm::start);
  connect(back_, &QPushButton::clicked, this, &DataForm::closed);
}

QString DataForm::task() const {
  return QString::fromLatin1(kTasks[std::max(0, task_->currentIndex())]);
}

void DataForm::showTask() {
  const bool isText = task() == QLatin1String("pretrain");
  column_->form().setRowVisible(kUnit, isText);
  // A text file has no fields to choose.
  for (const int row : {kFields, kJoin})
    column_->form().setRowVisible(row, isText && fields_->count() > 0);
  for (const int row : {kTemplate, kColumns}) column_->form().setRowVisible(row, !isText);
  column_->form().setRowVisible(kTrainOn, task() == QLatin1String("sft"));
  column_->form().setRowVisible(kTruncation, task() == QLatin1String("dpo"));
  preview_->setVisible(isText);
  samples_->setVisible(!isText);
  retranslate();
  column_->layAgain();
}

bool DataForm::isSettled() const { return preview_->isSettled() && samples_->isSettled(); }

void DataForm::prepare() {
  const QString before = tokenizer_->currentText();
  tokenizer_->clear();
  tokenizer_->addItems(QDir(pathText(workbench_.workspace().tokenizers()))
                           .entryList(QDir::Dirs | QDir::Files | QDir::NoDotAndDotDot));
  tokenizer_->setCurrentIndex(std::max(0, tokenizer_->findText(before)));
  if (!nameProblem(workbench_.workspace().data(), name_->text()).isEmpty())
    name_->setText(freeName(workbench_.workspace().data(), QStringLiteral("data")));
  name_->setFocus();
  name_->selectAll();
  check();
}

void DataForm::fillIn(const QString& task, const QStringList& files) {
  for (int i = 0; i < task_->count(); ++i)
    if (task == QLatin1String(kTasks[i])) task_->setCurrentIndex(i);
  files_->add(files);
}

void DataForm::filesChanged() {
  preview_->setFiles(files_->files());
  if (files_->files().isEmpty()) {
    fields_->clear();
    showTask();
  }
  check();
}

void DataForm::takeFields(const QStringList& fields) {
  const bool isFirst = fields_->count() == 0;
  {
    const QSignalBlocker quiet(fields_);
    for (const QString& field : fields) {
      if (!fields_->findItems(field, Qt::MatchExactly).isEmpty()) continue;
      auto* item = child<QListWidgetItem>(field, fields_);
      item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
      item->setCheckState(field == QLatin1String("text") ? Qt::Checked : Qt::Unchecked);
    }
    if (isFirst && chosenFields().isEmpty() && fields_->count() > 0)
      fields_->item(0)->setCheckState(Qt::Checked);
  }
  if (isFirst && fields_->count() > 0) showTask();
  choose();
}

QStringList DataForm::chosenFields() const {
  QStringList chosen;
  for (int row = 0; row < fields_->count(); ++row)
    if (fields_->item(row)->checkState() == Qt::Checked) chosen.append(fields_->item(row)->text());
  return chosen;
}

void DataForm::choose() {
  FieldChoice choice;
  for (const QString& field : chosenFields()) choice.fields.push_back(toUtf8(field));
  choice.join = unescape(join_->text());
  preview_->setChoice(chosenOf(*unit_, kUnits), choice);
  check();
}

void DataForm::check() {
  const QString badName = nameProblem(workbench_.workspace().data(), name_->text().trimmed());
  QString reason = badName;
  if (reason.isEmpty() && files_->files().isEmpty()) reason = tr("Add at least one file.");
  if (reason.isEmpty() && tokenizer_->currentIndex() < 0)
    reason = tr("Train or import a tokenizer first: the page Tokenizers does both.");
  truncation_->setEnabled(longest_->value() > 0);
  const DataRequest wanted = request();
  if (wanted.isText() && reason.isEmpty() && fields_->count() > 0 && wanted.fields.isEmpty())
    reason = tr("Tick the fields that hold the text.");
  if (!wanted.tokenizer.empty()) template_->setModel(wanted.tokenizer);
  samples_->setRequest(wanted);
  QString detail;
  if (!wanted.isText() && reason.isEmpty()) {
    reason = samples_->problem();
    detail = samples_->problemDetail();
  }
  reason_->setText(reason);
  start_->setToolTip(detail);
  start_->setAccessibleDescription(reason);
  start_->setEnabled(reason.isEmpty());
}

DataRequest DataForm::request() const {
  const std::string name = toUtf8(name_->text().trimmed());
  DataRequest wanted{.task = task(),
                     .tokenizer = {},
                     .files = files_->files(),
                     .output = workbench_.workspace().data() / name / name,
                     .validPercent = valid_->value(),
                     .maxLength = longest_->value(),
                     .workers = workers_->value(),
                     .fields = chosenFields(),
                     .join = join_->text(),
                     .unit = chosenOf(*unit_, kUnits),
                     .chatTemplate = template_->choice(),
                     .columns = columns_->text(),
                     .trainOn = chosenOf(*trainOn_, kTrained),
                     .truncation = chosenOf(*truncation_, kKept),
                     .allowsCut = samples_->allowsCut(),
                     .allowsUntrained = samples_->allowsUntrained()};
  if (tokenizer_->currentIndex() >= 0)
    wanted.tokenizer = workbench_.workspace().tokenizers() / toUtf8(tokenizer_->currentText());
  return wanted;
}

void DataForm::start() {
  check();
  if (!start_->isEnabled()) return;
  workbench_.jobs().start(QStringLiteral("data.tokenize"),
                          tr("Data %1").arg(name_->text().trimmed()), request().arguments());
  files_->clear();
  Q_EMIT closed();
}

void DataForm::retranslate() {
  const QString texts[][2] = {
      {tr("&Name"), tr("Its folder in the workspace is called the same.")},
      {tr("&Made for"), tr("The task of the runs that learn from it.")},
      {tr("&Files"), {}},
      {tr("&Tokenizer"), tr("A model learns and speaks in the pieces of this tokenizer.")},
      {tr("Fiel&ds"),
       tr("Those ticked make the text of a record, in this order; drag to change it.")},
      {tr("Between &fields"), tr("\\n is a new line, \\t a tab.")},
      {tr("Text &unit"), tr("What is one document of a plain text file.")},
      {tr("Chat te&mplate"),
       tr("How turns are written; a model goes on with the one that it was trained with.")},
      {tr("&Columns"),
       tr("Only where fields have names of their own: prompt=question,completion=answer")},
      {tr("Tra&ined"), tr("What of a conversation the model learns to say.")},
      {tr("For &validation"), tr("Held out of training, to see what the model has learned.")},
      {task() == QLatin1String("pretrain") ? tr("&Longest document") : tr("&Longest sample"),
       tr("Tokens; what is over is cut. 0: no limit.")},
      {tr("&Kept when cut"), tr("The part of a pair over that length that stays.")},
      {tr("&Workers"), tr("Threads; the result does not depend on them.")}};
  const char* const flags[] = {"--output",     "--task",     "--input",          "--tokenizer",
                               "--fields",     "--join",     "--txt-unit",       "--template",
                               "--columns",    "--train-on", "--valid-fraction", "--max-length",
                               "--truncation", "--workers"};
  for (int i = 0; i < rows_.size(); ++i) {
    rows_[i].say(texts[i][0], texts[i][1], flags[i]);
    rows_[i].label->buddy()->setAccessibleName(QString(texts[i][0]).remove(QLatin1Char('&')));
  }
  task_->setItemText(0, tr("Pretraining: texts"));
  task_->setItemText(1, tr("Fine-tuning (SFT): conversations, instructions"));
  task_->setItemText(2, tr("Alignment (DPO): preferred and rejected answers"));
  unit_->setItemText(0, tr("Paragraphs between blank lines"));
  unit_->setItemText(1, tr("Each line"));
  unit_->setItemText(2, tr("The whole file"));
  trainOn_->setItemText(0, tr("What the assistant says"));
  trainOn_->setItemText(1, tr("The last answer alone"));
  trainOn_->setItemText(2, tr("Everything"));
  truncation_->setItemText(0, tr("The start: answers lose their end"));
  truncation_->setItemText(1, tr("The end: the prompt loses its start"));
  start_->setText(tr("Tokenize"));
  back_->setText(tr("Back"));
  check();
}

void DataForm::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange && !rows_.isEmpty()) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
