#pragma once

// What `z2all doctor` finds on this machine: a row a check, with its health and the remedy.

#include <QWidget>

class QGridLayout;
class QLabel;
class QProcess;
class QPushButton;

namespace z2::ui {

class DoctorView : public QWidget {
  Q_OBJECT

 public:
  // `workspace`: whose disk is examined.
  explicit DoctorView(const QString& workspace, QWidget* parent = nullptr);
  ~DoctorView() override;

  // Asks again, in a process of its own; nothing while it is being asked.
  void examine();
  [[nodiscard]] bool isWorking() const;
  void retranslate();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void show();
  void tell(const QString& text);
  void clear();

  const QString workspace_;
  QProcess* process_;
  QByteArray answer_;
  QLabel* state_;
  QPushButton* again_;
  QWidget* rows_ = nullptr;
};

}  // namespace z2::ui
