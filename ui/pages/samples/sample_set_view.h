#pragma once

// A set of samples for fine-tuning or alignment before anything is trained: any sample token by
// token, those that are cut or train nothing, how long they are, how much is trained.

#include <array>
#include <optional>

#include <QWidget>

#include "ui/pages/samples/sample_reader.h"

class QButtonGroup;
class QLabel;
class QPushButton;
class QSpinBox;

namespace z2::ui {

class HistogramView;
class SampleView;

class SampleSetView : public QWidget {
  Q_OBJECT

 public:
  explicit SampleSetView(QWidget* parent = nullptr);

  // `keepsPlace`: the same records in another way; else the first sample is shown. Empty: none.
  void setSource(OpenSamples open, bool keepsPlace = false);
  // What stands there while there is no source.
  void setHint(const QString& hint);
  [[nodiscard]] bool isSettled() const { return reader_.isSettled(); }
  [[nodiscard]] bool isLooking() const { return reader_.isLooking(); }
  [[nodiscard]] const SampleSurvey& survey() const { return reader_.survey(); }
  [[nodiscard]] const std::optional<Error>& problem() const { return reader_.problem(); }

 Q_SIGNALS:
  void surveyed();  // some more, the end of it, or a problem

 protected:
  void changeEvent(QEvent* event) override;

 private:
  enum Kind { kAll, kCut, kUntrained, kUnusable, kKinds };
  void connectReader();
  void retranslate();
  void showNotices();
  void showSurvey();
  void choose(Kind kind);
  void step(int direction);
  void load();
  void showButtons();
  void fail(const Error& error);
  [[nodiscard]] std::array<uint64_t, kKinds> counts() const;
  // The numbers that a kind steps through; null: all.
  [[nodiscard]] const std::vector<uint64_t>* numbersOf(Kind kind) const;
  // The number beyond `from`; nothing at the end.
  [[nodiscard]] std::optional<uint64_t> next(uint64_t from, int direction) const;
  [[nodiscard]] QString summary() const;

  SampleReader reader_;
  QButtonGroup* kinds_;
  QLabel* label_;
  QSpinBox* number_;
  QPushButton* previous_;
  QPushButton* next_;
  SampleView* sample_;
  QLabel* notices_;
  QLabel* summary_;
  QPushButton* all_;
  HistogramView* lengths_;
  QString hint_;
  bool hasSource_ = false;
  bool hasFailed_ = false;
};

}  // namespace z2::ui
