#pragma once

// What the window remembers between two starts: language, theme, workspace, layout. One file of
// QSettings, read once; every change is announced, and written at once by a thread of its own: a
// disk takes its time.

#include <memory>

#include <QByteArray>
#include <QHash>
#include <QObject>
#include <QString>
#include <QThreadPool>
#include <QVariant>

#include "ui/theme/theme.h"

namespace z2::ui {

class Settings : public QObject {
  Q_OBJECT

 public:
  // `file` empty: the user's own (~/.config/zero2all/window.ini); tests name theirs.
  explicit Settings(const QString& file = {}, QObject* parent = nullptr);
  ~Settings() override;  // once all is written

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
  struct Due;  // what is still to be written

  QHash<QString, QVariant> values_;
  std::shared_ptr<Due> due_;
  QThreadPool writer_;
};

}  // namespace z2::ui
