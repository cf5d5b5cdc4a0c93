#include "app/workbench/translations.h"

#include <QApplication>
#include <QFont>
#include <QFontDatabase>
#include <QLibraryInfo>
#include <QLocale>

namespace z2::ui {

namespace {

// A font with Chinese, where the desktop's has none: else each letter comes from whatever has it,
// with the forms and the line heights of others.
QString chineseFont(const QString& desktops) {
  if (QFontDatabase::writingSystems(desktops).contains(QFontDatabase::SimplifiedChinese)) return {};
  const QStringList installed = QFontDatabase::families();
  for (const char* family : {"Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC",
                             "WenQuanYi Micro Hei", "WenQuanYi Zen Hei"})
    if (installed.contains(QLatin1String(family))) return QString::fromLatin1(family);
  return {};
}

void useFontOf(const QString& language) {
  static const QString desktops = QApplication::font().family();
  static const QString chinese = chineseFont(desktops);
  const bool isChinese = language.startsWith(QLatin1String("zh"));
  QFont font = QApplication::font();
  const QString wanted = isChinese && !chinese.isEmpty() ? chinese : desktops;
  if (font.family() == wanted) return;
  font.setFamily(wanted);
  QApplication::setFont(font);
}

}  // namespace

void Translations::use(const QString& language) {
  QCoreApplication::removeTranslator(&own_);
  QCoreApplication::removeTranslator(&qt_);
  QLocale::setDefault(QLocale(language));
  const QString folder = QLibraryInfo::path(QLibraryInfo::TranslationsPath);
  if (qt_.load(QStringLiteral("qtbase_") + language, folder))
    QCoreApplication::installTranslator(&qt_);
  if (own_.load(QStringLiteral(":/translations/zero2all_") + language))
    QCoreApplication::installTranslator(&own_);
  useFontOf(language);
}

}  // namespace z2::ui
