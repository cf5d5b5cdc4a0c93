#pragma once

// The scrolled rows of the forms that make tokenizers, data and instructions.

#include <initializer_list>

#include <QScrollArea>

#include "ui/pages/library/form_row.h"

namespace z2::ui {

class FormColumn : public QScrollArea {
 public:
  explicit FormColumn(QWidget* parent);

  // What the fields are made in.
  [[nodiscard]] QWidget* inside() const { return inside_; }
  [[nodiscard]] QFormLayout& form() const { return *form_; }
  // All of them, in their order; the texts are said later.
  [[nodiscard]] QList<FormRow> addRows(std::initializer_list<QWidget*> fields);
  // After rows were hidden or shown: a form keeps the lines that texts had before.
  void layAgain();

 private:
  QWidget* inside_;
  QFormLayout* form_;
};

}  // namespace z2::ui
