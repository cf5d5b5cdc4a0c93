#pragma once

// What `z2all doctor` finds on this machine: a row a check, with its health and the remedy.

#include <string>

#include <QWidget>

class QLabel;
class QPushButton;

namespace z2::ui {

class DoctorView : public QWidget {
  Q_OBJECT

 public:
  // `workspace`: whose disk is examined.
  explicit DoctorView(const QString& workspace, QWidget* parent = nullptr);

  // Asks again, in a process of its own; nothing while it is being asked.
  void examine();
  [[nodiscard]] bool isWorking() const { return isWorking_; }
  void retranslate();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void show();
  void tell(const QString& text);
  void clear();

  const QString workspace_;
  bool isWorking_ = false;
  std::string answer_;  // JSON
  QLabel* state_;
  QPushButton* again_;
  QWidget* rows_ = nullptr;
};

}  // namespace z2::ui
