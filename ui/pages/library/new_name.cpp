#include "ui/pages/library/new_name.h"

#include <system_error>

#include <QCoreApplication>

#include "ui/base/text.h"

namespace z2::ui {

namespace {

bool isTaken(const std::filesystem::path& folder, const QString& name) {
  std::error_code failure;
  return std::filesystem::exists(folder / toUtf8(name), failure);
}

}  // namespace

QString nameProblem(const std::filesystem::path& folder, const QString& name) {
  if (name.isEmpty()) return QCoreApplication::translate("NewName", "Give it a name.");
  if (name.contains(QLatin1Char('/')) || name.startsWith(QLatin1Char('.')) ||
      name.startsWith(QLatin1Char('-')))
    return QCoreApplication::translate("NewName",
                                       "A name has no / in it and does not begin with . or -.");
  if (name.toUtf8().size() > 100)
    return QCoreApplication::translate("NewName", "This name is too long.");
  if (isTaken(folder, name))
    return QCoreApplication::translate("NewName", "There is one named %1 already.").arg(name);
  return {};
}

QString freeName(const std::filesystem::path& folder, const QString& wish) {
  QString name = wish;
  for (int number = 2; isTaken(folder, name); ++number)
    name = wish + QLatin1Char('-') + QString::number(number);
  return name;
}

}  // namespace z2::ui
