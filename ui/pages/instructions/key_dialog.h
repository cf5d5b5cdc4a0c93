#pragma once

// Puts the key of a server into the desktop's keychain: a name, and the key typed unseen. Says so
// where there is no keychain.

#include <atomic>
#include <memory>

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace z2::ui {

class KeyDialog : public QDialog {
  Q_OBJECT

 public:
  // `name`: what stands there to begin with; empty: "provider".
  explicit KeyDialog(const QString& name, QWidget* parent = nullptr);
  // No longer waits for the keychain.
  ~KeyDialog() override;

 Q_SIGNALS:
  void stored(const QString& name);

 private:
  void check();
  void store();
  void say(const QString& text, const char* role);
  void setBusy(bool isBusy);

  QLineEdit* name_;
  QLineEdit* key_;
  QLabel* state_;
  QPushButton* store_;
  bool isBusy_ = false;
  bool hasProgram_ = true;
  std::shared_ptr<std::atomic_bool> stop_ = std::make_shared<std::atomic_bool>(false);
};

}  // namespace z2::ui
