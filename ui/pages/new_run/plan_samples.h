#pragma once

// The samples of the planned run's data, in a dialog.

#include <QWidget>

namespace z2::ui {

class NewRunPlan;

// Whether the data are made of samples: for fine-tuning or alignment.
[[nodiscard]] bool hasSamples(const NewRunPlan& plan);
// With the run's tokenizer, sequence length and truncation.
void openSamples(const NewRunPlan& plan, QWidget* parent);

}  // namespace z2::ui
