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
  return {label, help};
}

}  // namespace z2::ui
