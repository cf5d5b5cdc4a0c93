#pragma once

// What the window remembers between two starts: language, theme, workspace, layout. One file of
// QSettings; every change is written at once and announced.

#include <memory>

#include <QByteArray>
#include <QObject>
#include <QSettings>
#include <QString>
#include <QVariant>

#include "ui/theme/theme.h"

namespace z2::ui {

class Settings : public QObject {
  Q_OBJECT

 public:
  // `file` empty: the user's own (~/.config/zero2all/window.ini); tests name theirs.
  explicit Settings(const QString& file = {}, QObject* parent = nullptr);

  // "en" or "zh_CN"; the desktop's when none was chosen.
  [[nodiscard]] QString language() const;
  void setLanguage(const QString& language);
  [[nodiscard]] ThemeName theme() const;
  void setTheme(ThemeName theme);

  // Layout and small choices, by a stable name ("runs/columns"). Announces nothing.
  [[nodiscard]] QVariant value(const QString& key, const QVariant& otherwise = {}) const;
  void setValue(const QString& key, const QVariant& value);

 Q_SIGNALS:
  void languageChanged(const QString& language);
  void themeChanged(ThemeName theme);

 private:
  std::unique_ptr<QSettings> store_;
};

}  // namespace z2::ui
