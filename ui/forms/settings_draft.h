#pragma once

// What a person has set of a run's configuration, as texts after KEY=; the rest is default.

#include <string>
#include <vector>

#include <QMap>
#include <QObject>
#include <QString>

#include "core/io/json.h"

namespace z2::ui {

class SettingsDraft : public QObject {
  Q_OBJECT

 public:
  explicit SettingsDraft(QObject* parent = nullptr) : QObject(parent) {}

  [[nodiscard]] bool isEmpty() const { return given_.isEmpty(); }
  [[nodiscard]] bool isSet(const QString& key) const { return given_.contains(key); }
  [[nodiscard]] QString text(const QString& key) const { return given_.value(key); }
  void set(const QString& key, const QString& text);
  void reset(const QString& key);
  // Replaces all of it: a configuration, nested or flat, of which only keys of the schema count.
  void load(const Json& values);
  // "KEY=VALUE" each, as of --set.
  [[nodiscard]] std::vector<std::string> settings() const;

 Q_SIGNALS:
  void changed();

 private:
  QMap<QString, QString> given_;
};

// The text of a value after KEY=: "3e-4", "true", "a,b".
[[nodiscard]] QString settingText(const Json& value);

}  // namespace z2::ui
