#include "ui/services/settings.h"

#include <mutex>
#include <utility>

#include <QDir>
#include <QLocale>
#include <QSettings>
#include <QStandardPaths>

#include "ui/base/hand_over.h"

namespace z2::ui {

namespace {

QString ownFile() {
  const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
  return QDir(folder).filePath(QStringLiteral("zero2all/window.ini"));
}

}  // namespace

struct Settings::Due {
  explicit Due(QString path) : file(std::move(path)) {}

  const QString file;
  std::mutex mutex;
  QHash<QString, QVariant> values;

  void write() {
    QHash<QString, QVariant> taken;
    {
      const std::scoped_lock lock(mutex);
      taken = std::exchange(values, {});
    }
    if (taken.isEmpty()) return;  // an earlier call took several changes
    QSettings store(file, QSettings::IniFormat);
    for (auto at = taken.cbegin(); at != taken.cend(); ++at) store.setValue(at.key(), at.value());
  }
};

Settings::Settings(const QString& file, QObject* parent)
    : QObject(parent), due_(std::make_shared<Due>(file.isEmpty() ? ownFile() : file)) {
  writer_.setMaxThreadCount(1);
  const QSettings store(due_->file, QSettings::IniFormat);
  for (const QString& key : store.allKeys()) values_.insert(key, store.value(key));
}

Settings::~Settings() { writer_.waitForDone(); }

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
  return values_.value(key, otherwise);
}

void Settings::setValue(const QString& key, const QVariant& value) {
  if (values_.contains(key) && values_[key] == value) return;
  values_.insert(key, value);
  {
    const std::scoped_lock lock(due_->mutex);
    due_->values.insert(key, value);
  }
  handOver(writer_, [due = due_] { due->write(); });
}

}  // namespace z2::ui
