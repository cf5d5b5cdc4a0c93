#pragma once

// What an empty page shows: what belongs here, and the first action.

#include <QWidget>

class QLabel;
class QPushButton;

namespace z2::ui {

class EmptyState : public QWidget {
  Q_OBJECT

 public:
  // `icon`: a name of resources/icons.
  explicit EmptyState(const QString& icon, QWidget* parent = nullptr);

  // An empty `action` or `other` hides that button.
  void setTexts(const QString& title, const QString& text, const QString& action,
                const QString& other = {});
  [[nodiscard]] QPushButton* primary() const { return primary_; }

 Q_SIGNALS:
  void chosen();       // the first action
  void otherChosen();  // the second

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void drawIcon();

  const QString iconName_;
  QLabel* icon_;
  QLabel* title_;
  QLabel* text_;
  QPushButton* primary_;
  QPushButton* other_;
};

}  // namespace z2::ui
