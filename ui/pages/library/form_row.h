#pragma once

// A row of the forms that make tokenizers, data and instructions: a label, a field, help below it.

#include <QFormLayout>
#include <QLabel>

namespace z2::ui {

struct FormRow {
  QLabel* label;
  QLabel* help;
};

// Adds `field` to `form`, which stands in a widget already; the texts are for the caller to set.
[[nodiscard]] FormRow addFormRow(QFormLayout& form, QWidget* field);

}  // namespace z2::ui
