#include "ui/forms/field_row.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QStyle>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/forms/path_edit.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kLabelWidth = 168;
constexpr int kLabelTop = 6;
constexpr int kNumberWidth = 168;
constexpr int kMostTextWidth = 560;

bool isPrefix(std::string_view key) { return key == "data.train" || key == "data.valid"; }

}  // namespace

Language schemaLanguage() {
  return QLocale().language() == QLocale::Chinese ? Language::kChinese : Language::kEnglish;
}

QString unitText(const Field& field) {
  const std::pair<const char*, QString> units[] = {{"tokens", FieldRow::tr("tokens")},
                                                   {"steps", FieldRow::tr("steps")},
                                                   {"sequences", FieldRow::tr("sequences")},
                                                   {"batches", FieldRow::tr("batches")},
                                                   {"s", FieldRow::tr("s")},
                                                   {"checkpoints", FieldRow::tr("checkpoints")}};
  for (const auto& [name, text] : units)
    if (field.unit == name) return text;
  return toQString(field.unit);
}

FieldRow::FieldRow(const Field& field, QWidget* parent)
    : QWidget(parent),
      field_(field),
      label_(child<QLabel>(this)),
      unit_(child<QLabel>(this)),
      help_(child<QLabel>(this)),
      problem_(child<QLabel>(this)),
      reset_(child<QPushButton>(this)) {
  setObjectName(key());
  makeControl();
  arrange();
  label_->setBuddy(control());
  reset_->setVisible(false);
  connect(reset_, &QPushButton::clicked, this, [this] { Q_EMIT resetAsked(key()); });
  problem_->setVisible(false);
  retranslate();
}

QString FieldRow::key() const { return toQString(field_.key); }

void FieldRow::makeControl() {
  const auto tell = [this] { Q_EMIT edited(key(), text()); };
  switch (field_.type) {
    case FieldType::kBoolean:
      check_ = child<QCheckBox>(this);
      connect(check_, &QCheckBox::clicked, this, tell);
      break;
    case FieldType::kChoice:
      choice_ = child<QComboBox>(this);
      for (const std::string_view choice : field_.choices) choice_->addItem(toQString(choice));
      choice_->setMinimumWidth(kNumberWidth);
      connect(choice_, &QComboBox::currentIndexChanged, this, tell);
      break;
    case FieldType::kPath:
      path_ = child<PathEdit>(
          isPrefix(field_.key) ? PathEdit::Asks::kPrefix : PathEdit::Asks::kFolder, this);
      path_->setMaximumWidth(kMostTextWidth);
      connect(path_, &PathEdit::edited, this, tell);
      break;
    case FieldType::kInteger:
    case FieldType::kReal:
      line_ = child<QLineEdit>(this);
      line_->setFixedWidth(kNumberWidth);
      line_->setAlignment(Qt::AlignRight);
      connect(line_, &QLineEdit::textEdited, this, tell);
      break;
    case FieldType::kText:
    case FieldType::kList:
      line_ = child<QLineEdit>(this);
      line_->setMaximumWidth(kMostTextWidth);
      connect(line_, &QLineEdit::textEdited, this, tell);
      break;
  }
}

void FieldRow::arrange() {
  auto* grid = child<QGridLayout>(this);
  grid->setContentsMargins(0, spacing::kInside, 0, spacing::kInside);
  grid->setHorizontalSpacing(spacing::kGrid);
  grid->setVerticalSpacing(2);
  grid->setColumnMinimumWidth(0, kLabelWidth);
  grid->setColumnStretch(1, 1);
  label_->setWordWrap(true);
  label_->setFixedWidth(kLabelWidth);
  label_->setContentsMargins(0, kLabelTop, 0, 0);  // on the line of the control's text
  auto* line = child<QHBoxLayout>();
  line->setSpacing(spacing::kGrid);
  QWidget* own = path_ != nullptr ? static_cast<QWidget*>(path_) : control();
  const bool isWide =
      path_ != nullptr || field_.type == FieldType::kText || field_.type == FieldType::kList;
  line->addWidget(own, isWide ? 1 : 0);
  line->addWidget(unit_);
  line->addWidget(reset_);
  line->addStretch(isWide ? 0 : 1);
  unit_->setProperty("role", QStringLiteral("secondary"));
  reset_->setProperty("role", QStringLiteral("quiet"));
  help_->setProperty("role", QStringLiteral("secondary"));
  help_->setWordWrap(true);
  problem_->setObjectName(QStringLiteral("problem"));
  problem_->setProperty("role", QStringLiteral("problem"));
  problem_->setWordWrap(true);
  grid->addWidget(label_, 0, 0, Qt::AlignTop);
  grid->addLayout(line, 0, 1);
  grid->addWidget(problem_, 1, 1);
  grid->addWidget(help_, 2, 1);
}

QWidget* FieldRow::control() const {
  if (line_ != nullptr) return line_;
  if (check_ != nullptr) return check_;
  if (choice_ != nullptr) return choice_;
  return path_->line();
}

QString FieldRow::text() const {
  if (check_ != nullptr)
    return check_->isChecked() ? QStringLiteral("true") : QStringLiteral("false");
  if (choice_ != nullptr) return choice_->currentText();
  return (line_ != nullptr ? line_ : path_->line())->text().trimmed();
}

void FieldRow::showText(const QString& shown) {
  if (shown == text()) return;
  if (check_ != nullptr) {
    check_->setChecked(shown == QLatin1String("true"));
  } else if (choice_ != nullptr) {
    const QSignalBlocker quiet(choice_);
    choice_->setCurrentText(shown);
  } else {
    (line_ != nullptr ? line_ : path_->line())->setText(shown);
  }
}

void FieldRow::showUsual(const QString& usual, bool isChanged) {
  usual_ = usual;
  reset_->setVisible(isChanged);
  retranslate();
}

void FieldRow::showProblem(const QString& problem) {
  if (problem == problemText_) return;
  problemText_ = problem;
  problem_->setText(problem);
  problem_->setVisible(!problem.isEmpty());
  QWidget* shown = control();
  shown->setProperty("invalid", !problem.isEmpty());
  shown->setAccessibleDescription(problem);
  shown->style()->unpolish(shown);
  shown->style()->polish(shown);
}

bool FieldRow::matches(const QString& words) const {
  if (words.isEmpty()) return true;
  const QString all = QStringList{key(), toQString(field_.label.en), toQString(field_.label.zh),
                                  toQString(field_.help.in(schemaLanguage()))}
                          .join(QLatin1Char('\n'));
  for (const QString& word : words.split(QLatin1Char(' '), Qt::SkipEmptyParts))
    if (!all.contains(word, Qt::CaseInsensitive)) return false;
  return true;
}

void FieldRow::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void FieldRow::retranslate() {
  const QString unit = unitText(field_);
  unit_->setText(unit);
  unit_->setVisible(!unit.isEmpty());
  const Language language = schemaLanguage();
  label_->setText(toQString(field_.label.in(language)));
  help_->setText(toQString(field_.help.in(language)));
  const QString flag = QStringLiteral("--") + key();
  label_->setToolTip(flag);
  control()->setToolTip(flag);
  control()->setAccessibleName(label_->text());
  reset_->setText(tr("Reset"));
  reset_->setAccessibleName(tr("Reset %1").arg(label_->text()));
  reset_->setToolTip(usual_.isEmpty() ? tr("Back to empty") : tr("Back to %1").arg(usual_));
}

}  // namespace z2::ui
