#include "ui/widgets/run_name.h"

#include <QCoreApplication>

#include "ui/services/run_watcher.h"

namespace z2::ui {

namespace {

constexpr qsizetype kMostBytes = 200;  // file systems allow 255; temporary names are longer

struct RunName {
  Q_DECLARE_TR_FUNCTIONS(RunName)
};

}  // namespace

QString runNameProblem(const RunWatcher& runs, const QString& name) {
  if (name.trimmed().isEmpty()) return RunName::tr("Give the run a name.");
  if (name.contains(QLatin1Char('/')) || name.contains(QChar::Null))
    return RunName::tr("A name cannot contain “/”.");
  if (name.startsWith(QLatin1Char('.'))) return RunName::tr("A name cannot begin with a dot.");
  if (name != name.trimmed()) return RunName::tr("A name cannot begin or end with a space.");
  if (name.contains(QLatin1Char(':')) || name.contains(QLatin1Char(',')))
    return RunName::tr("A name cannot contain a colon or a comma.");
  if (name.toUtf8().size() > kMostBytes) return RunName::tr("The name is too long.");
  if (runs.find(name) != nullptr) return RunName::tr("There is a run of this name already.");
  return {};
}

QString freeRunName(const RunWatcher& runs, const QString& wish) {
  QString name = wish;
  for (int count = 2; runs.find(name) != nullptr; ++count)
    name = wish + QLatin1Char('-') + QString::number(count);
  return name;
}

}  // namespace z2::ui
