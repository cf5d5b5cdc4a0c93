#pragma once

// What the run's checkpoints wrote, the newest first, and a button that lets those write that have
// not yet.

#include <vector>

#include <QWidget>

#include "core/run/run_samples.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QTextBrowser;

namespace z2::ui {

class Workbench;

class SamplesTab : public QWidget {
  Q_OBJECT

 public:
  SamplesTab(Workbench& workbench, QWidget* parent);
  void setRun(const QString& run);
  // `steps`: of its checkpoints.
  void setCheckpoints(const std::vector<int64_t>& steps);
  [[nodiscard]] bool isSettled() const { return asked_ == shown_; }

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void retranslate();
  void read();
  void present();
  void generate();
  void showButton();

  Workbench& workbench_;
  QString run_;
  std::vector<int64_t> steps_;
  std::vector<RunSample> samples_;
  QLineEdit* prompt_;
  QPushButton* generate_;
  QTextBrowser* text_;
  QLabel* empty_;
  bool isPromptOurs_ = true;
  int asked_ = 0;
  int shown_ = 0;
};

}  // namespace z2::ui
