#pragma once

// The kept tasks in a table, and the chosen one to be read, changed or taken out.

#include <memory>
#include <vector>

#include <QWidget>

#include "core/instruct/instruction_task.h"
#include "ui/models/text_table_model.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace z2::ui {

class TableTab;

class ReviewTab : public QWidget {
  Q_OBJECT

 public:
  explicit ReviewTab(QWidget* parent = nullptr);

  // What is typed is kept while the chosen task stays. `rows`: of the tasks, for the table.
  void setTasks(std::shared_ptr<const std::vector<InstructionTask>> tasks,
                std::vector<TableRow> rows);
  // While tasks are written nothing can be changed.
  void setWriting(bool isWriting);
  [[nodiscard]] const std::vector<InstructionTask>& tasks() const { return *tasks_; }

 Q_SIGNALS:
  void changed(int index, const z2::InstructionTask& task);
  void removed(int index);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void showChosen();
  void check();
  [[nodiscard]] InstructionTask typed() const;
  [[nodiscard]] const InstructionTask& chosenTask() const;  // one must be chosen

  TableTab* table_;
  QLabel* labels_[3];
  QPlainTextEdit* parts_[3];  // instruction, input, output
  QLabel* hint_;
  QPushButton* save_;
  QPushButton* remove_;
  std::shared_ptr<const std::vector<InstructionTask>> tasks_;  // never null
  int chosen_ = -1;
  bool isWriting_ = false;
};

}  // namespace z2::ui
