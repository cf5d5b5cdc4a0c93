#include "ui/pages/library/form_column.h"

#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kBetweenRows = 12;

}  // namespace

FormColumn::FormColumn(QWidget* parent)
    : QScrollArea(parent), inside_(child<QWidget>(viewport())), form_(child<QFormLayout>()) {
  setWidgetResizable(true);
  setFocusPolicy(Qt::NoFocus);  // the fields inside take the keys
  // The rows stand close; what is left of a high window is beneath them.
  auto* whole = child<QVBoxLayout>(inside_);
  whole->setContentsMargins(0, 0, 0, 0);
  whole->addLayout(form_);
  whole->addStretch(1);
  form_->setContentsMargins(0, 0, spacing::kPage, 0);
  form_->setHorizontalSpacing(spacing::kPage);
  form_->setVerticalSpacing(kBetweenRows);
  form_->setLabelAlignment(Qt::AlignLeft);
}

QList<FormRow> FormColumn::addRows(std::initializer_list<QWidget*> fields) {
  QList<FormRow> rows;
  for (QWidget* field : fields) rows.append(addFormRow(*form_, field));
  setWidget(inside_);
  return rows;
}

void FormColumn::layAgain() {
  QMetaObject::invokeMethod(
      inside_,
      [this] {
        form_->invalidate();
        inside_->layout()->invalidate();
        inside_->updateGeometry();
      },
      Qt::QueuedConnection);
}

}  // namespace z2::ui
