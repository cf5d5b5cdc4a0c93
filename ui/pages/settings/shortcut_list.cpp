#include "ui/pages/settings/shortcut_list.h"

#include <QGridLayout>
#include <QKeySequence>
#include <QLabel>

#include "ui/base/child.h"
#include "ui/services/shortcuts.h"
#include "ui/theme/theme.h"

namespace z2::ui {

ShortcutList::ShortcutList(QWidget* parent) : QWidget(parent) {
  auto* grid = child<QGridLayout>(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(spacing::kSection);
  grid->setVerticalSpacing(spacing::kGrid);
  grid->setColumnStretch(1, 1);
  int row = 0;
  for (const Shortcut& shortcut : shortcuts()) {
    const QKeySequence keys(QLatin1String(shortcut.keys));
    auto* key = child<QLabel>(keys.toString(QKeySequence::NativeText), this);
    key->setProperty("role", QStringLiteral("key"));
    key->setAlignment(Qt::AlignCenter);
    texts_.push_back(child<QLabel>(this));
    grid->addWidget(key, row, 0);
    grid->addWidget(texts_.back(), row++, 1);
  }
}

void ShortcutList::retranslate() {
  for (size_t i = 0; i < texts_.size(); ++i) texts_[i]->setText(textOf(shortcuts()[i]));
}

}  // namespace z2::ui
