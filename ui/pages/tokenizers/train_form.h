#pragma once

// What a new tokenizer is to be: files, kind, size. Leaves the work to a job.

#include <filesystem>

#include <QWidget>

#include "ui/pages/library/form_row.h"
#include "ui/services/workbench.h"

class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace z2::ui {

class FileList;
class FormColumn;

class TrainForm : public QWidget {
  Q_OBJECT

 public:
  explicit TrainForm(Workbench& workbench, QWidget* parent = nullptr);
  void prepare();  // before it is shown: a free name, the focus

 Q_SIGNALS:
  void closed();  // the user went back, or training began

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void check();
  void start();
  [[nodiscard]] QStringList arguments() const;

  Workbench& workbench_;
  FormColumn* column_;
  QList<FormRow> rows_;
  QLineEdit* name_;
  FileList* files_;
  QLineEdit* fields_;
  QComboBox* type_;
  QSpinBox* size_;
  QComboBox* pattern_;
  QLineEdit* special_;
  QSpinBox* frequency_;
  QSpinBox* threads_;
  QLabel* reason_;
  QPushButton* start_;
  QPushButton* back_;
};

}  // namespace z2::ui
