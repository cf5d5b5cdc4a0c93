#pragma once

// Language, theme, workspace, defaults of new runs, keys, and what `z2all doctor` says about this
// machine.

#include "ui/pages/page.h"

class QButtonGroup;
class QComboBox;
class QFormLayout;
class QLabel;
class QPushButton;
class QScrollArea;

namespace z2::ui {

class DoctorView;
class RunDefaults;
class ShortcutList;

class SettingsPage : public Page {
  Q_OBJECT

 public:
  explicit SettingsPage(Workbench& workbench, QWidget* parent = nullptr);
  // "shortcuts": the list of keys is shown.
  void select(const QStringList& names) override;
  void refresh() override;
  [[nodiscard]] bool isSettled() const override;

 protected:
  void retranslate() override;

 private:
  void lay();
  void fillChoices();
  void chooseWorkspace();
  void openWorkspace(const QString& folder);

  QComboBox* language_;
  QComboBox* theme_;
  QPushButton* workspace_;
  QLabel* languageLabel_;
  QLabel* themeLabel_;
  QLabel* workspaceLabel_;
  QLabel* workspacePath_;
  QLabel* appearanceTitle_;
  QLabel* defaultsTitle_;
  QLabel* machineTitle_;
  QLabel* keysTitle_;
  RunDefaults* defaults_;
  DoctorView* doctor_;
  ShortcutList* keys_;
  QScrollArea* scroll_;
};

}  // namespace z2::ui
