#include "app/workbench/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace z2::ui {

void Translations::use(const QString& language) {
  QCoreApplication::removeTranslator(&own_);
  QCoreApplication::removeTranslator(&qt_);
  QLocale::setDefault(QLocale(language));
  const QString folder = QLibraryInfo::path(QLibraryInfo::TranslationsPath);
  if (qt_.load(QStringLiteral("qtbase_") + language, folder))
    QCoreApplication::installTranslator(&qt_);
  if (own_.load(QStringLiteral(":/translations/zero2all_") + language))
    QCoreApplication::installTranslator(&own_);
}

}  // namespace z2::ui
