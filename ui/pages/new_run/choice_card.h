#pragma once

// A choice with a title and a line or two beneath; one of a group.

#include <QAbstractButton>
#include <QString>

namespace z2::ui {

class ChoiceCard : public QAbstractButton {
  Q_OBJECT

 public:
  explicit ChoiceCard(QWidget* parent);
  // text() is the title.
  void setDetails(const QString& figure, const QString& details);
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString figure_;
  QString details_;
};

}  // namespace z2::ui
