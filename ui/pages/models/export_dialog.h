#pragma once

// Asks how a model is to be written for other programs, and starts that as a job: z2all reads back
// what it wrote and compares the losses.

#include <filesystem>

#include <QDialog>
#include <QString>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace z2::ui {

class PathEdit;
class TemplateChoice;
class Workbench;

// Deletes itself when it is closed.
class ExportDialog : public QDialog {
  Q_OBJECT

 public:
  // `model`: a checkpoint or a directory; `title`: as the page calls it.
  ExportDialog(Workbench& workbench, const std::filesystem::path& model, const QString& title,
               QWidget* parent);

 private:
  void showTypes();
  void showSize();
  void check();
  void start();
  [[nodiscard]] bool isGguf() const;
  [[nodiscard]] QString type() const;  // fp32, fp16, bf16, q8_0
  [[nodiscard]] std::filesystem::path output() const;

  Workbench& workbench_;
  const std::filesystem::path model_;
  const QString title_;
  QComboBox* format_;
  QComboBox* type_;
  QLabel* size_;
  TemplateChoice* template_;
  PathEdit* folder_;
  QLineEdit* name_;
  QCheckBox* isChecked_;
  QLabel* problem_;
  QPushButton* start_;
  double parameters_ = 0;  // 0: not known yet
};

}  // namespace z2::ui
