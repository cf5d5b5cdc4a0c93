#pragma once

// The samples of a run that is being planned, in a window of their own.

#include <vector>

#include <QDialog>

#include "ui/pages/samples/token_samples.h"

class QComboBox;
class QDialogButtonBox;

namespace z2::ui {

class SampleDialog : public QDialog {
  Q_OBJECT

 public:
  explicit SampleDialog(QWidget* parent);

  // The sets of data.train; the first one is shown. `sequenceLength`: data.seq_len.
  void setSources(std::vector<TokenSamplesSource> sources, int64_t sequenceLength);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void showSet();

  QComboBox* sets_;
  TokenSamples* samples_;
  QDialogButtonBox* buttons_;
  std::vector<TokenSamplesSource> sources_;
};

}  // namespace z2::ui
