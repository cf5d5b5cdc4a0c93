#include "ui/widgets/extend_dialog.h"

#include <algorithm>

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int64_t kMostSteps = 1'000'000'000;

}  // namespace

ExtendDialog::ExtendDialog(const QString& title, int64_t steps, QWidget* parent) : QDialog(parent) {
  setAttribute(Qt::WA_DeleteOnClose);
  setObjectName(QStringLiteral("extend-dialog"));
  setWindowTitle(tr("Extend %1").arg(title));
  auto* column = child<QVBoxLayout>(this);
  column->setSpacing(spacing::kGrid);
  auto* row = child<QHBoxLayout>();
  auto* label = child<QLabel>(tr("&Further steps:"), this);
  auto* spin = child<QSpinBox>(this);
  spin->setRange(1, static_cast<int>(std::max<int64_t>(1, kMostSteps - steps)));
  spin->setGroupSeparatorShown(true);
  spin->setValue(static_cast<int>(std::clamp<int64_t>(steps / 2, 1, kMostSteps / 2)));
  label->setBuddy(spin);
  row->addWidget(label);
  row->addWidget(spin, 1);
  column->addLayout(row);
  auto* effect = child<QLabel>(this);
  effect->setProperty("role", QStringLiteral("secondary"));
  effect->setWordWrap(true);
  const auto tell = [effect, steps](int more) {
    effect->setText(tr("From %1 to %2 steps in all. It goes on from its last checkpoint; the "
                       "learning rate follows its schedule for the new length.")
                        .arg(number(steps), number(steps + more)));
  };
  tell(spin->value());
  connect(spin, &QSpinBox::valueChanged, effect, tell);
  column->addWidget(effect);
  auto* buttons = child<QDialogButtonBox>(QDialogButtonBox::Cancel, this);
  auto* go = buttons->addButton(tr("Extend and go on"), QDialogButtonBox::AcceptRole);
  go->setProperty("role", QStringLiteral("primary"));
  go->setProperty("role", QStringLiteral("primary"));
  go->setDefault(true);
  column->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, this, [this, spin] {
    Q_EMIT chosen(spin->value());
    accept();
  });
  spin->selectAll();
  setMinimumWidth(400);
}

}  // namespace z2::ui
