#pragma once

// One key of the configuration in a form: label, control, unit, help beneath, and what is wrong.

#include <QString>
#include <QWidget>

#include "core/config/schema.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace z2::ui {

class PathEdit;

class FieldRow : public QWidget {
  Q_OBJECT

 public:
  // `field` is of the schema.
  FieldRow(const Field& field, QWidget* parent);

  [[nodiscard]] const Field& field() const { return field_; }
  [[nodiscard]] QString key() const;
  // What the control shows, as the text after KEY=.
  [[nodiscard]] QString text() const;
  // Changes nothing while the user types in it.
  void showText(const QString& text);
  // Offers to go back to `usual` when `isChanged`.
  void showUsual(const QString& usual, bool isChanged);
  void showProblem(const QString& problem);  // empty: none
  [[nodiscard]] QString problem() const { return problemText_; }
  // Whether label, help or key has the words.
  [[nodiscard]] bool matches(const QString& words) const;
  // The focus widget of the control.
  [[nodiscard]] QWidget* control() const;

 Q_SIGNALS:
  void edited(const QString& key, const QString& text);
  void resetAsked(const QString& key);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void makeControl();
  void arrange();
  void retranslate();

  const Field& field_;
  QLabel* label_;
  QLabel* unit_;
  QLabel* help_;
  QLabel* problem_;
  QPushButton* reset_;
  // One of them, by the field's type.
  QLineEdit* line_ = nullptr;
  QCheckBox* check_ = nullptr;
  QComboBox* choice_ = nullptr;
  PathEdit* path_ = nullptr;
  QString usual_;
  QString problemText_;
};

// The language that the window's texts of the schema are taken in.
[[nodiscard]] Language schemaLanguage();
// What a value of the field is counted in; may be empty.
[[nodiscard]] QString unitText(const Field& field);

}  // namespace z2::ui
