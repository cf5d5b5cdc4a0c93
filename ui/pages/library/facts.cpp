#include "ui/pages/library/facts.h"

#include <memory>

#include <QGridLayout>
#include <QLabel>

#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

Facts::Facts(QWidget* parent) : QWidget(parent), grid_(child<QGridLayout>(this)) {
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setHorizontalSpacing(spacing::kSection);
  grid_->setVerticalSpacing(spacing::kGrid);
  grid_->setColumnStretch(1, 1);
}

void Facts::setFacts(const QList<QPair<QString, QString>>& facts) {
  while (const std::unique_ptr<QLayoutItem> item{grid_->takeAt(0)}) {
    item->widget()->hide();
    item->widget()->deleteLater();
  }
  int row = 0;
  for (const auto& [name, value] : facts) {
    auto* label = child<QLabel>(name, this);
    label->setProperty("role", QStringLiteral("secondary"));
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* text = child<QLabel>(value, this);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setAccessibleName(name);
    grid_->addWidget(label, row, 0);
    grid_->addWidget(text, row, 1);
    ++row;
  }
}

}  // namespace z2::ui
