#pragma once

// Asks from which checkpoint a new run is to begin, and its name.

#include <cstdint>
#include <optional>
#include <vector>

#include <QDialog>
#include <QString>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace z2::ui {

class Workbench;

// Forks by the workbench's actions, and opens the new run. Deletes itself when it is closed.
class ForkDialog : public QDialog {
  Q_OBJECT

 public:
  // `step`: the checkpoint that is chosen at first; empty: the newest.
  ForkDialog(Workbench& workbench, const QString& run, std::optional<int64_t> step,
             QWidget* parent);

 private:
  void showCheckpoints(const std::vector<int64_t>& steps, std::optional<int64_t> chosen);
  void check();
  void forkAndStart();
  void changeSettings();

  Workbench& workbench_;
  const QString run_;
  QComboBox* checkpoint_;
  QLineEdit* name_;
  QLabel* problem_;
  QPushButton* start_;
  QPushButton* settings_;
};

}  // namespace z2::ui
