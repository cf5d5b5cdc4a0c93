#pragma once

// What a new run begins with on this computer, where that differs from the program's own defaults:
// a few fields of the schema, kept among the window's settings.

#include <QWidget>

#include "core/io/json.h"
#include "ui/forms/settings_draft.h"

namespace z2::ui {

class ConfigForm;
class Settings;

class RunDefaults : public QWidget {
  Q_OBJECT

 public:
  RunDefaults(Settings& settings, QWidget* parent);

 private:
  void keep();
  void showChecked();

  Settings& settings_;
  SettingsDraft draft_;
  ConfigForm* form_;
};

// {"train.device": "cpu", …}, texts as after KEY=; for SettingsDraft::load.
[[nodiscard]] Json runDefaults(const Settings& settings);

}  // namespace z2::ui
