#include "ui/forms/settings_draft.h"

#include "core/config/schema.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

void flatten(const Json& values, const std::string& prefix, QMap<QString, QString>& out) {
  for (const auto& [name, value] : values.items()) {
    const std::string key = prefix.empty() ? name : prefix + "." + name;
    if (findField(key) != nullptr)
      out.insert(toQString(key), settingText(value));
    else if (value.is_object())
      flatten(value, key, out);
  }
}

}  // namespace

QString settingText(const Json& value) {
  if (value.is_string()) return toQString(value.get_ref<const std::string&>());
  if (!value.is_array()) return toQString(jsonLine(value));
  QStringList items;
  for (const Json& item : value) items.append(settingText(item));
  return items.join(QLatin1Char(','));
}

void SettingsDraft::set(const QString& key, const QString& text) {
  if (isSet(key) && given_[key] == text) return;
  given_.insert(key, text);
  Q_EMIT changed();
}

void SettingsDraft::reset(const QString& key) {
  if (given_.remove(key) > 0) Q_EMIT changed();
}

void SettingsDraft::load(const Json& values) {
  given_.clear();
  if (values.is_object()) flatten(values, "", given_);
  Q_EMIT changed();
}

std::vector<std::string> SettingsDraft::settings() const {
  std::vector<std::string> all;
  for (auto entry = given_.begin(); entry != given_.end(); ++entry)
    all.push_back(toUtf8(entry.key()) + "=" + toUtf8(entry.value()));
  return all;
}

}  // namespace z2::ui
