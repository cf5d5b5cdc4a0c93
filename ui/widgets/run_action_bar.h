#pragma once

// The buttons of a run: what can be done with it now, and in a tool-tip why something cannot.

#include <vector>

#include <QString>
#include <QWidget>

class QAction;
class QPushButton;

namespace z2::ui {

class Workbench;
struct RunSummary;

class RunActionBar : public QWidget {
  Q_OBJECT

 public:
  // kCompact: one button for what comes next and a menu with the rest.
  enum class Size { kFull, kCompact };
  explicit RunActionBar(Workbench& workbench, QWidget* parent, Size size = Size::kFull);

  // Name of the run's directory; empty: none, and the bar is empty.
  void setRun(const QString& name);
  [[nodiscard]] const QString& run() const { return run_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  [[nodiscard]] QAction* makeAction(const char* name, const char* role);
  void connectActions();
  void showState();
  void showAtRest(const RunSummary& run);
  void showAtWork(const RunSummary& run);
  void showBegin(const RunSummary& run);
  void showTry(const RunSummary& run);
  void showImported();
  void showBusy(const RunSummary& run);
  void showOthers(const RunSummary& run);
  void confirmStopNow();
  void tryIt();
  void askExtension();
  void askFork();

  Workbench& workbench_;
  QString run_;
  QAction* try_;    // generates text, or talks, with the newest checkpoint
  QAction* begin_;  // starts, resumes, or starts now what waits in the queue
  QAction* queue_;
  QAction* leave_;
  QAction* stop_;
  QAction* stopNow_;
  QAction* extend_;
  QAction* fork_;
  QPushButton* more_ = nullptr;  // of the compact bar
};

}  // namespace z2::ui
