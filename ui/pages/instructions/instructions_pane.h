#pragma once

// One file of instruction data: whether it is being written, the kept tasks to be read, changed and
// taken out, those left out, and what it took.

#include <memory>
#include <optional>

#include <QWidget>

#include "ui/pages/instructions/instruction_set.h"
#include "ui/services/workbench.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QTabWidget;

namespace z2::ui {

class Facts;
class ReviewTab;
class TableTab;

class InstructionsPane : public QWidget {
  Q_OBJECT

 public:
  // The kind of the jobs that write tasks.
  static QString jobKind() { return QStringLiteral("data.generate"); }

  explicit InstructionsPane(Workbench& workbench, QWidget* parent = nullptr);

  // What it shows, read anew; nothing: empty.
  void setSet(const std::optional<InstructionSet>& set);
  // A job that writes has told something.
  void showState();
  [[nodiscard]] bool isSettled() const { return asked_ == shown_; }

 Q_SIGNALS:
  void changed();                                     // by hand: the file is another now
  void moreAsked(const z2::ui::InstructionSet& set);  // to be gone on with

 protected:
  void changeEvent(QEvent* event) override;

 private:
  [[nodiscard]] QWidget* makeStrip();
  void retranslate();
  void showDetail(const std::shared_ptr<InstructionDetail>& detail);
  void change(int index, const InstructionTask* after);
  // The job that writes the file now; null when none does.
  [[nodiscard]] const Job* job() const;
  [[nodiscard]] QList<QPair<QString, QString>> factsOf(const InstructionDetail& detail) const;

  Workbench& workbench_;
  QLabel* state_;
  QProgressBar* bar_;
  QPushButton* stop_;
  QPushButton* more_;
  QLabel* problem_;
  QTabWidget* tabs_;
  ReviewTab* review_;
  TableTab* dropped_;
  Facts* facts_;
  std::optional<InstructionSet> set_;
  int asked_ = 0;
  int shown_ = 0;
};

}  // namespace z2::ui
