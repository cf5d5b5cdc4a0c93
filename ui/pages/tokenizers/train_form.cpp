#include "ui/pages/tokenizers/train_form.h"

#include <thread>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/pages/library/file_list.h"
#include "ui/pages/library/form_column.h"
#include "ui/pages/library/new_name.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kSmallestVocabulary = 260;
constexpr int kLargestVocabulary = 1'000'000;
constexpr int kFormWidth = 760;

QStringList wordsOf(const QString& text) {
  static const QRegularExpression kGaps(QStringLiteral("[\\s,，]+"));
  return text.split(kGaps, Qt::SkipEmptyParts);
}

}  // namespace

TrainForm::TrainForm(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      workbench_(workbench),
      column_(child<FormColumn>(this)),
      name_(child<QLineEdit>(column_->inside())),
      files_(child<FileList>(column_->inside())),
      fields_(child<QLineEdit>(column_->inside())),
      type_(child<QComboBox>(column_->inside())),
      size_(child<QSpinBox>(column_->inside())),
      pattern_(child<QComboBox>(column_->inside())),
      special_(child<QLineEdit>(column_->inside())),
      frequency_(child<QSpinBox>(column_->inside())),
      threads_(child<QSpinBox>(column_->inside())),
      reason_(child<QLabel>(this)),
      start_(child<QPushButton>(this)),
      back_(child<QPushButton>(this)) {
  name_->setObjectName(QStringLiteral("trainName"));
  size_->setObjectName(QStringLiteral("trainSize"));
  start_->setObjectName(QStringLiteral("trainStart"));
  back_->setObjectName(QStringLiteral("trainBack"));
  special_->setObjectName(QStringLiteral("trainSpecial"));
  size_->setRange(kSmallestVocabulary, kLargestVocabulary);
  size_->setGroupSeparatorShown(true);
  size_->setSingleStep(1000);
  size_->setValue(8000);
  frequency_->setRange(0, 1'000'000);
  frequency_->setValue(2);
  threads_->setRange(1, 1024);
  threads_->setValue(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  type_->addItems({QStringLiteral("bbpe"), QStringLiteral("spm")});
  pattern_->addItems(
      {QStringLiteral("GPT-2"), QStringLiteral("Llama 3"), QStringLiteral("Qwen 2")});
  for (QWidget* narrow : std::initializer_list<QWidget*>{size_, frequency_, threads_, pattern_})
    narrow->setFixedWidth(180);

  auto* whole = child<QVBoxLayout>(this);
  whole->setContentsMargins(0, 0, 0, 0);
  column_->inside()->setMaximumWidth(kFormWidth);
  column_->form().setHorizontalSpacing(spacing::kSection);
  rows_ = column_->addRows(
      {name_, files_, fields_, type_, size_, pattern_, special_, frequency_, threads_});
  whole->addWidget(column_, 1);
  auto* buttons = child<QHBoxLayout>();
  start_->setProperty("role", QStringLiteral("primary"));
  reason_->setProperty("role", QStringLiteral("secondary"));
  buttons->addWidget(back_);
  buttons->addWidget(reason_, 1);
  buttons->addWidget(start_);
  whole->addLayout(buttons);

  connect(name_, &QLineEdit::textChanged, this, &TrainForm::check);
  connect(files_, &FileList::changed, this, &TrainForm::check);
  connect(type_, &QComboBox::currentIndexChanged, this, &TrainForm::check);
  connect(start_, &QPushButton::clicked, this, &TrainForm::start);
  connect(back_, &QPushButton::clicked, this, &TrainForm::closed);
  retranslate();
  check();
}

void TrainForm::prepare() {
  if (!nameProblem(workbench_.workspace().tokenizers(), name_->text()).isEmpty())
    name_->setText(freeName(workbench_.workspace().tokenizers(), QStringLiteral("tokenizer")));
  name_->setFocus();
  name_->selectAll();
  check();
}

void TrainForm::check() {
  const QString badName = nameProblem(workbench_.workspace().tokenizers(), name_->text().trimmed());
  const bool hasFiles = !files_->files().isEmpty();
  const bool isByteLevel = type_->currentIndex() == 0;
  name_->setProperty("invalid", !badName.isEmpty());
  pattern_->setEnabled(isByteLevel);
  frequency_->setEnabled(isByteLevel);
  start_->setEnabled(badName.isEmpty() && hasFiles);
  reason_->setText(!badName.isEmpty() ? badName
                   : !hasFiles        ? tr("Add at least one file of text.")
                                      : QString());
}

QStringList TrainForm::arguments() const {
  const auto option = [](const char* name) { return QString::fromLatin1(name); };
  const QStringList patterns = {option("gpt2"), option("llama3"), option("qwen2")};
  const bool isByteLevel = type_->currentIndex() == 0;
  const auto folder = workbench_.workspace().tokenizers() / toUtf8(name_->text().trimmed());
  QStringList all = {option("tokenizer"), option("train"), option("--json"), option("--type"),
                     isByteLevel ? option("bbpe") : option("spm")};
  for (const QString& file : files_->files()) all << option("--input") << file;
  for (const QString& field : wordsOf(fields_->text())) all << option("--field") << field;
  for (const QString& token : wordsOf(special_->text())) all << option("--special") << token;
  all << option("--vocab-size") << QString::number(size_->value());
  all << option("--threads") << QString::number(threads_->value());
  if (isByteLevel) {
    all << option("--pattern") << patterns.at(pattern_->currentIndex());
    all << option("--min-frequency") << QString::number(frequency_->value());
  }
  return all << option("--output") << pathText(folder);
}

void TrainForm::start() {
  check();
  if (!start_->isEnabled()) return;
  workbench_.jobs().start(QStringLiteral("tokenizer.train"),
                          tr("Tokenizer %1").arg(name_->text().trimmed()), arguments());
  Q_EMIT closed();
}

void TrainForm::retranslate() {
  const QString texts[][2] = {
      {tr("&Name"), tr("Its folder in the workspace is called the same.")},
      {tr("&Text"), tr("Every line of a text file is one document.")},
      {tr("JSON &fields"), tr("Fields of a record that hold text; empty: text.")},
      {tr("&Kind"), {}},
      {tr("&Vocabulary size"),
       tr("Pieces in all. 8,000 suits a small model; 32,000 to 128,000 a large one.")},
      {tr("&Pattern"), tr("How text is cut into words before pairs merge.")},
      {tr("&Special tokens"),
       tr("Separated by spaces, in the order of their ids. <|endoftext|> is added when none ends "
          "texts.")},
      {tr("&Minimum frequency"), tr("A pair seen fewer times does not merge.")},
      {tr("Th&reads"), {}}};
  const char* const flags[] = {"--output",  "--input",         "--field",
                               "--type",    "--vocab-size",    "--pattern",
                               "--special", "--min-frequency", "--threads"};
  for (int i = 0; i < rows_.size(); ++i) rows_[i].say(texts[i][0], texts[i][1], flags[i]);
  type_->setItemText(0, tr("Byte-level BPE, as GPT-2, Llama 3 and Qwen have it"));
  type_->setItemText(1, tr("SentencePiece BPE with byte fallback, as Llama 2 has it"));
  start_->setText(tr("Train"));
  back_->setText(tr("Back"));
  check();
}

void TrainForm::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
