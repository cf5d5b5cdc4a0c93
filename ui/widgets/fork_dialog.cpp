#include "ui/widgets/fork_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/services/workbench.h"
#include "ui/theme/theme.h"
#include "ui/widgets/run_name.h"

namespace z2::ui {

ForkDialog::ForkDialog(Workbench& workbench, const QString& run, std::optional<int64_t> step,
                       QWidget* parent)
    : QDialog(parent),
      workbench_(workbench),
      run_(run),
      checkpoint_(child<QComboBox>(this)),
      name_(child<QLineEdit>(freeRunName(workbench.runs(), run + QStringLiteral("-fork")), this)),
      problem_(child<QLabel>(this)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setObjectName(QStringLiteral("fork-dialog"));
  setWindowTitle(tr("Fork %1").arg(run));
  auto* column = child<QVBoxLayout>(this);
  column->setSpacing(spacing::kGrid);
  auto* meaning = child<QLabel>(
      tr("A new run with the same configuration that begins with the weights of a checkpoint. Its "
         "optimizer, its steps and its place in the data begin anew; %1 stays as it is.")
          .arg(run),
      this);
  meaning->setProperty("role", QStringLiteral("secondary"));
  meaning->setWordWrap(true);
  column->addWidget(meaning);
  auto* form = child<QFormLayout>();
  form->addRow(tr("&Checkpoint:"), checkpoint_);
  form->addRow(tr("&Name:"), name_);
  column->addLayout(form);
  problem_->setProperty("role", QStringLiteral("secondary"));
  column->addWidget(problem_);
  auto* buttons = child<QDialogButtonBox>(QDialogButtonBox::Cancel, this);
  settings_ = buttons->addButton(tr("Change settings first…"), QDialogButtonBox::ActionRole);
  start_ = buttons->addButton(tr("Fork and start"), QDialogButtonBox::AcceptRole);
  start_->setProperty("role", QStringLiteral("primary"));
  start_->setProperty("role", QStringLiteral("primary"));
  start_->setDefault(true);
  column->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(start_, &QPushButton::clicked, this, [this] { forkAndStart(); });
  connect(settings_, &QPushButton::clicked, this, [this] { changeSettings(); });
  connect(name_, &QLineEdit::textChanged, this, [this] { check(); });
  setMinimumWidth(480);
  check();
  const std::filesystem::path folder = workbench.workspace().runs() / toPath(run) / "ckpt";
  inBackground(
      this, [folder] { return checkpointSteps(folder); },
      [this, step](const std::vector<int64_t>& steps) { showCheckpoints(steps, step); });
}

void ForkDialog::showCheckpoints(const std::vector<int64_t>& steps, std::optional<int64_t> chosen) {
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    checkpoint_->addItem(tr("Step %1").arg(QLocale().toString(qlonglong{*step})), qlonglong{*step});
    if (chosen == *step) checkpoint_->setCurrentIndex(checkpoint_->count() - 1);
  }
  check();
}

void ForkDialog::check() {
  QString problem = runNameProblem(workbench_.runs(), name_->text());
  problem_->setText(problem);
  problem_->setVisible(!problem.isEmpty());
  const bool isReady = problem.isEmpty() && checkpoint_->currentIndex() >= 0;
  start_->setEnabled(isReady);
  settings_->setEnabled(checkpoint_->currentIndex() >= 0);
}

void ForkDialog::forkAndStart() {
  const QString name = name_->text();
  workbench_.actions().fork(run_, checkpoint_->currentData().toLongLong(), name, true);
  accept();
}

void ForkDialog::changeSettings() {
  const QString step = QString::number(checkpoint_->currentData().toLongLong());
  accept();
  workbench_.open(PageId::kNewRun, {QStringLiteral("fork:") + run_ + QLatin1Char(':') + step});
}

}  // namespace z2::ui
