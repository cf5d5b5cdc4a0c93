#pragma once

// The samples of tokenized data as a run sees them: with its sequence length.

#include <filesystem>
#include <memory>

#include <QWidget>

#include "core/tokenizer/tokenizer.h"

class QLabel;
class QSpinBox;

namespace z2::ui {

class SampleSetView;

struct TokenSamplesSource {
  std::filesystem::path prefix;                // empty: none
  std::shared_ptr<const Tokenizer> tokenizer;  // null: ids alone
  // Opened where `tokenizer` is null; empty: none is known.
  std::filesystem::path tokenizerPath = {};
  bool keepsEnd = false;  // dpo.truncation
};

class TokenSamples : public QWidget {
  Q_OBJECT

 public:
  explicit TokenSamples(QWidget* parent = nullptr);

  void setSource(TokenSamplesSource source);
  // 0: no limit.
  void setSequenceLength(int64_t length);
  [[nodiscard]] bool isSettled() const;

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void retranslate();
  void load(bool keepsPlace);

  QLabel* label_;
  QSpinBox* length_;
  QLabel* help_;
  SampleSetView* samples_;
  TokenSamplesSource source_;
  bool isLoaded_ = true;  // else what is set is read when it is shown
};

}  // namespace z2::ui
