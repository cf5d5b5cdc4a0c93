#include "ui/pages/runs/import_menu.h"

#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/services/workbench.h"
#include "ui/widgets/run_name.h"

namespace z2::ui {

namespace {

// How far this computer's clock is ahead of UTC: "+08:00".
QString clockText() {
  const int seconds = QDateTime::currentDateTime().offsetFromUtc();
  const QLatin1Char zero('0');
  return QStringLiteral("%1%2:%3")
      .arg(seconds < 0 ? QLatin1Char('-') : QLatin1Char('+'))
      .arg(std::abs(seconds) / 3600, 2, 10, zero)
      .arg(std::abs(seconds) % 3600 / 60, 2, 10, zero);
}

}  // namespace

ImportMenu::ImportMenu(Workbench& workbench, QWidget* parent)
    : QMenu(parent),
      workbench_(workbench),
      file_(addAction(QString())),
      folder_(addAction(QString())) {
  connect(file_, &QAction::triggered, this, [this] { ask(file_->text(), false); });
  connect(folder_, &QAction::triggered, this, [this] { ask(folder_->text(), true); });
}

void ImportMenu::ask(const QString& title, bool isFolder) {
  auto* dialog = child<QFileDialog>(parentWidget()->window(), title);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(isFolder ? QFileDialog::Directory : QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, &ImportMenu::importFrom);
  dialog->open();
}

void ImportMenu::importFrom(const QString& source) {
  const QFileInfo info(source);
  const QString wish = info.isDir() ? info.fileName() : info.completeBaseName();
  const QString name = freeRunName(workbench_.runs(), wish);
  // What a log says of the time is taken for this computer's.
  workbench_.jobs().start(
      QStringLiteral("run.import"), tr("Import of %1").arg(name),
      {QStringLiteral("run"), QStringLiteral("import"), source, QStringLiteral("--json"),
       QStringLiteral("--utc-offset"), clockText(), QStringLiteral("--output"),
       pathText(workbench_.workspace().runs() / toPath(name))});
}

void ImportMenu::retranslate() {
  file_->setText(tr("A log of llm-zero2all, or a TensorBoard event file…"));
  folder_->setText(tr("A folder of TensorBoard event files…"));
}

}  // namespace z2::ui
