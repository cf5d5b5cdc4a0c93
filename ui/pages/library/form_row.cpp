#include "ui/pages/library/form_row.h"

#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

FormRow addFormRow(QFormLayout& form, QWidget* field) {
  auto* label = child<QLabel>(form.parentWidget());
  label->setBuddy(field);
  auto* help = child<QLabel>(form.parentWidget());
  help->setProperty("role", QStringLiteral("secondary"));
  help->setWordWrap(true);
  auto* box = child<QVBoxLayout>();
  box->setSpacing(spacing::kInside);
  box->addWidget(field);
  box->addWidget(help);
  form.addRow(label, box);
  return {&form, form.rowCount() - 1, label, help};
}

void FormRow::say(const QString& name, const QString& text, const char* flag) const {
  label->setText(name);
  label->buddy()->setToolTip(QString::fromLatin1(flag));
  help->setText(text);
  help->setVisible(!text.isEmpty() && form->isRowVisible(index));
}

}  // namespace z2::ui
