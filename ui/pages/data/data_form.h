#pragma once

// New data: what it is for, files, how a record becomes text or a conversation, the tokenizer;
// beside a preview of the texts, or of the samples. Leaves the work to a job.

#include <QWidget>

#include "ui/pages/data/data_request.h"
#include "ui/pages/library/form_row.h"
#include "ui/services/workbench.h"

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSpinBox;
class QSplitter;

namespace z2::ui {

class FileList;
class FormColumn;
class Parts;
class PreviewPane;
class SamplesPane;
class TemplateChoice;

class DataForm : public QWidget {
  Q_OBJECT

 public:
  // Its panes and its layout are added to `parts`, without which it is not to be used.
  DataForm(Workbench& workbench, Parts& parts, QWidget* parent);
  void prepare();  // before it is shown: a free name, the tokenizers that there are
  // As if the user had chosen them.
  void fillIn(const QString& task, const QStringList& files);
  [[nodiscard]] bool isSettled() const;

 Q_SIGNALS:
  void closed();  // the user went back, or tokenizing began

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void makePanes();
  void layOut();
  void connectFields();
  void retranslate();
  void check();
  void showTask();
  void filesChanged();
  void takeFields(const QStringList& fields);
  void choose();
  void start();
  [[nodiscard]] QStringList chosenFields() const;
  [[nodiscard]] QString task() const;  // "pretrain", "sft", "dpo"
  [[nodiscard]] DataRequest request() const;

  Workbench& workbench_;
  QSplitter* splitter_;
  FormColumn* column_;
  QList<FormRow> rows_;
  QLineEdit* name_;
  QComboBox* task_;
  FileList* files_;
  QComboBox* tokenizer_;
  QListWidget* fields_;
  QLineEdit* join_;
  QComboBox* unit_;
  TemplateChoice* template_;
  QLineEdit* columns_;
  QComboBox* trainOn_;
  QDoubleSpinBox* valid_;
  QSpinBox* longest_;
  QComboBox* truncation_;
  QSpinBox* workers_;
  PreviewPane* preview_ = nullptr;
  SamplesPane* samples_ = nullptr;
  QLabel* reason_ = nullptr;
  QPushButton* start_ = nullptr;
  QPushButton* back_ = nullptr;
};

}  // namespace z2::ui
