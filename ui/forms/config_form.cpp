#include "ui/forms/config_form.h"

#include <algorithm>

#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

std::vector<const Field*> fieldsOf(const std::vector<FieldGroup>& groups) {
  std::vector<const Field*> found;
  for (const Field& field : schema())
    if (std::find(groups.begin(), groups.end(), field.group) != groups.end())
      found.push_back(&field);
  return found;
}

ConfigForm::ConfigForm(SettingsDraft& draft, const std::vector<const Field*>& fields,
                       bool hasHeadings, QWidget* parent)
    : QWidget(parent), draft_(draft), hasHeadings_(hasHeadings), column_(child<QVBoxLayout>(this)) {
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(spacing::kInside);
  column_->addStretch();
  add(fields);
}

void ConfigForm::add(const std::vector<const Field*>& fields) {
  const size_t before = rows_.size();
  const auto put = [this](QWidget* widget) { column_->insertWidget(column_->count() - 1, widget); };
  for (const Field* field : fields) {
    const bool isNewGroup = headings_.empty() || headings_.back().group != field->group;
    if (hasHeadings_ && isNewGroup) {
      auto* label = child<QLabel>(this);
      label->setProperty("role", QStringLiteral("group"));
      label->setIndent(0);  // as far left as the labels of the fields
      label->setText(toQString(titleOf(field->group).in(schemaLanguage())));
      put(label);
      headings_.push_back({field->group, label});
    }
    auto* made = child<FieldRow>(*field, this);
    put(made);
    rows_.push_back(made);
    connect(made, &FieldRow::edited, &draft_, &SettingsDraft::set);
    connect(made, &FieldRow::resetAsked, this, [this, made](const QString& key) {
      made->control()->setFocus();
      draft_.reset(key);
    });
    if (!shown_.usual.empty()) showRow(*made);
  }
  if (isShown_) filterRows(before);
}

void ConfigForm::show(const ConfigDraft& config) {
  shown_ = config;
  for (FieldRow* row : rows_) showRow(*row);
}

void ConfigForm::showRow(FieldRow& row) {
  const QString key = row.key();
  if (const auto usual = shown_.usual.find(row.field().key); usual != shown_.usual.end()) {
    const QString usualText = settingText(*usual);
    // The text as it was typed, also where it is wrong.
    row.showText(draft_.isSet(key) ? draft_.text(key) : usualText);
    row.showUsual(usualText, draft_.isSet(key) && draft_.text(key) != usualText);
  }
  showProblem(row);
}

void ConfigForm::showProblem(FieldRow& row) {
  const bool isChinese = schemaLanguage() == Language::kChinese;
  QStringList problems;
  for (const ConfigIssue& issue : shown_.issues)
    if (issue.key == row.field().key) problems.append(toQString(isChinese ? issue.zh : issue.en));
  row.showProblem(problems.join(QLatin1Char('\n')));
}

void ConfigForm::filter(const std::function<bool(const Field&)>& isShown, const QString& words) {
  isShown_ = isShown;
  words_ = words;
  filterRows(0);
}

void ConfigForm::filterRows(size_t from) {
  for (size_t i = from; i < rows_.size(); ++i)
    rows_[i]->setVisible(isShown_(rows_[i]->field()) && rows_[i]->matches(words_));
  for (const Heading& heading : headings_)
    heading.label->setVisible(std::any_of(rows_.begin(), rows_.end(), [&](FieldRow* row) {
      return row->field().group == heading.group && !row->isHidden();
    }));
}

FieldRow* ConfigForm::row(const QString& key) const {
  for (FieldRow* row : rows_)
    if (row->key() == key) return row;
  return nullptr;
}

int ConfigForm::visibleRows() const {
  return static_cast<int>(
      std::count_if(rows_.begin(), rows_.end(), [](FieldRow* row) { return !row->isHidden(); }));
}

void ConfigForm::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void ConfigForm::retranslate() {
  for (const Heading& heading : headings_)
    heading.label->setText(toQString(titleOf(heading.group).in(schemaLanguage())));
  for (FieldRow* row : rows_) showProblem(*row);
}

}  // namespace z2::ui
