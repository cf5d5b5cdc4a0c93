#pragma once

// New instruction data, or more of what is there: the seeds, the server and its model, how many.
// Leaves the work to a job.

#include <optional>

#include <QWidget>

#include "ui/pages/instructions/instruction_set.h"
#include "ui/pages/library/form_row.h"
#include "ui/services/workbench.h"

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace z2::ui {

class FileList;
class FormColumn;
class PathEdit;

class GenerateForm : public QWidget {
  Q_OBJECT

 public:
  explicit GenerateForm(Workbench& workbench, QWidget* parent = nullptr);
  // Before it is shown: a free name; server, model and seeds as `like` had them.
  void prepareNew(const std::optional<InstructionSet>& like);
  // The choices of `set`, whose name stays.
  void prepareMore(const InstructionSet& set);

 Q_SIGNALS:
  void closed();                      // the user went back
  void started(const QString& name);  // of the set that is written now

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void take(const InstructionSet& set);
  void check();
  void storeKey();
  void start();
  [[nodiscard]] std::filesystem::path output() const;
  [[nodiscard]] QStringList arguments() const;

  Workbench& workbench_;
  std::optional<InstructionSet> more_;  // the set that is gone on with
  FormColumn* column_;
  QList<FormRow> rows_;
  QLineEdit* name_;
  FileList* seeds_;
  QLineEdit* endpoint_;
  QLineEdit* model_;
  PathEdit* key_;
  QPushButton* storeKey_;
  QComboBox* language_;
  QSpinBox* count_;
  QSpinBox* parallel_;
  QSpinBox* perRequest_;
  QDoubleSpinBox* temperature_;
  QDoubleSpinBox* similarity_;
  QDoubleSpinBox* priceIn_;
  QDoubleSpinBox* priceOut_;
  QLabel* reason_;
  QPushButton* start_;
  QPushButton* back_;
};

}  // namespace z2::ui
