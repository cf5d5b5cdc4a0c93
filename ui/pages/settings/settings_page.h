#pragma once

// Language, theme, workspace, defaults of new runs, keys, and what `z2all doctor` says about this
// machine.

#include "ui/pages/page.h"

class QComboBox;
class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace z2::ui {

class DoctorView;
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
  void makeGeneral(QVBoxLayout& column);
  void fillChoices();
  void chooseWorkspace();
  void openWorkspace(const QString& folder);

  QScrollArea* scroll_;
  QLabel* generalTitle_ = nullptr;
  QLabel* defaultsTitle_ = nullptr;
  QLabel* machineTitle_ = nullptr;
  QLabel* keysTitle_ = nullptr;
  QComboBox* language_ = nullptr;
  QComboBox* theme_ = nullptr;
  QPushButton* workspace_ = nullptr;
  QLabel* languageLabel_ = nullptr;
  QLabel* themeLabel_ = nullptr;
  QLabel* workspaceLabel_ = nullptr;
  QLabel* workspacePath_ = nullptr;
  DoctorView* doctor_ = nullptr;  // it and what follows are made in parts
  ShortcutList* keys_ = nullptr;
};

}  // namespace z2::ui
