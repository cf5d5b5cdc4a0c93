#include "ui/pages/new_run/tokenizer_step.h"

#include <QLabel>
#include <QListWidget>
#include <QLocale>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/forms/config_form.h"
#include "ui/pages/new_run/new_run_plan.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kListHeight = 180;
const QString kKey = QStringLiteral("tokenizer.path");

}  // namespace

void TokenizerStep::make(Parts&) {
  list_ = child<QListWidget>(inside());
  verdict_ = child<QLabel>(inside());
  form_ = child<ConfigForm>(plan().draft(), std::vector<const Field*>{findField("tokenizer.path")},
                            false, inside());
  list_->setObjectName(QStringLiteral("tokenizers"));
  list_->setFixedHeight(kListHeight);
  verdict_->setWordWrap(true);
  verdict_->setObjectName(QStringLiteral("verdict"));
  column()->addWidget(verdict_);
  column()->addWidget(list_);
  column()->addSpacing(spacing::kGrid);
  column()->addWidget(form_);
  column()->addStretch();
  connect(list_, &QListWidget::itemSelectionChanged, this, [this] {
    const auto selected = list_->selectedItems();
    if (!selected.isEmpty())
      plan().draft().set(kKey, selected.front()->data(Qt::UserRole).toString());
  });
}

std::vector<QString> TokenizerStep::keys() const { return {QStringLiteral("tokenizer.")}; }

QString TokenizerStep::warning() const {
  const PlanCheck& check = plan().check();
  if (check.dataHash.empty() || check.tokenizerHash.empty()) return {};
  if (check.dataHash == check.tokenizerHash) return {};
  return tr("This is not the tokenizer that made the data");
}

void TokenizerStep::present() {
  const PlanCheck& check = plan().check();
  const QSignalBlocker quiet(list_);
  const QString chosen = plan().draft().text(kKey);
  list_->clear();
  for (const TokenizerEntry& tokenizer : plan().stock().tokenizers) {
    QString text = tr("%1   %2 pieces")
                       .arg(tokenizer.name, QLocale().toString(qlonglong{tokenizer.vocabulary}));
    if (!check.dataHash.empty() && tokenizer.hash == check.dataHash)
      text += QStringLiteral("   ✓ ") + tr("made the data");
    auto* item = std::make_unique<QListWidgetItem>(text, list_).release();
    item->setData(Qt::UserRole, pathText(tokenizer.path));
    if (pathText(tokenizer.path) == chosen) list_->setCurrentItem(item);
  }
  list_->setVisible(list_->count() > 0);
  const bool isWrong = !warning().isEmpty();
  QString verdict;
  if (isWrong)
    verdict =
        tr("This is not the tokenizer that made the data: the ids would become other text. "
           "Training works, but samples, chat and exports would be nonsense.");
  else if (chosen.isEmpty())
    verdict = tr("None is chosen. Training needs none, but samples, chat and exports do.");
  else if (check.dataHash.empty())
    verdict = tr("Nothing says which tokenizer made the data; the choice cannot be checked.");
  else if (!check.tokenizerHash.empty())
    verdict = tr("✓ It is the one that made the data.");
  verdict_->setProperty("role", isWrong ? QStringLiteral("problem") : QString());
  verdict_->style()->unpolish(verdict_);
  verdict_->style()->polish(verdict_);
  verdict_->setText(verdict);
  form_->show(check.draft);
}

void TokenizerStep::retranslate() {
  setLead(
      tr("The tokenizer follows the data. It turns the model's numbers back into text for "
         "samples, chat and exports."));
  list_->setAccessibleName(tr("Tokenizers"));
}

}  // namespace z2::ui
