#include "ui/services/settings.h"

#include <QDir>
#include <QLocale>
#include <QStandardPaths>

namespace z2::ui {

namespace {

QString ownFile() {
  const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
  return QDir(folder).filePath(QStringLiteral("zero2all/window.ini"));
}

}  // namespace

Settings::Settings(const QString& file, QObject* parent)
    : QObject(parent),
      store_(std::make_unique<QSettings>(file.isEmpty() ? ownFile() : file, QSettings::IniFormat)) {
}

QString Settings::language() const {
  const QString system = QLocale::system().language() == QLocale::Chinese ? QStringLiteral("zh_CN")
                                                                          : QStringLiteral("en");
  return value(QStringLiteral("language"), system).toString();
}

void Settings::setLanguage(const QString& language) {
  if (language == this->language()) return;
  setValue(QStringLiteral("language"), language);
  Q_EMIT languageChanged(language);
}

ThemeName Settings::theme() const {
  return parseThemeName(value(QStringLiteral("theme")).toString());
}

void Settings::setTheme(ThemeName theme) {
  if (theme == this->theme()) return;
  setValue(QStringLiteral("theme"), nameOf(theme));
  Q_EMIT themeChanged(theme);
}

QVariant Settings::value(const QString& key, const QVariant& otherwise) const {
  return store_->value(key, otherwise);
}

void Settings::setValue(const QString& key, const QVariant& value) { store_->setValue(key, value); }

}  // namespace z2::ui
