#pragma once

// A row of the forms that make tokenizers, data and instructions: a label, a field, help below it.

#include <QFormLayout>
#include <QLabel>

namespace z2::ui {

struct FormRow {
  QFormLayout* form;
  int index;  // of the row in the form
  QLabel* label;
  QLabel* help;

  // `flag`: the option of the command line that the field stands for, its tool tip. The help shows
  // where there is one and the row is not hidden.
  void say(const QString& name, const QString& text, const char* flag) const;
};

// Adds `field` to `form`, which stands in a widget already; the texts are said later.
[[nodiscard]] FormRow addFormRow(QFormLayout& form, QWidget* field);

}  // namespace z2::ui
