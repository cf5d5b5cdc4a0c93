#pragma once

// A set of samples that is opened, read and gone over beside the GUI thread.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include <QObject>
#include <QThreadPool>

#include "core/data/conversations/sample_preview.h"

namespace z2::ui {

// Called on a worker thread.
using OpenSamples = std::function<Result<std::shared_ptr<const SampleSet>>()>;

// Lives in the GUI thread. What was asked of an earlier set is never told.
class SampleReader : public QObject {
  Q_OBJECT

 public:
  // Records that are gone over before the user asks for all of them.
  static constexpr uint64_t kFirst = 20'000;

  explicit SampleReader(QObject* parent);
  // Waits until the worker has heard of it: a few hundred samples.
  ~SampleReader() override;

  // Empty: none. Goes over the first kFirst samples at once; reads none.
  void open(OpenSamples open);
  void read(uint64_t number);
  void lookAtAll();

  // Null until it is opened.
  [[nodiscard]] const SampleSet* set() const { return set_.get(); }
  [[nodiscard]] const SampleSurvey& survey() const { return survey_; }
  [[nodiscard]] bool isLooking() const { return isLooking_; }
  // Why it cannot be opened or gone over; nothing: it can, as far as is known.
  [[nodiscard]] const std::optional<Error>& problem() const { return problem_; }
  [[nodiscard]] bool isSettled() const;

 Q_SIGNALS:
  void opened();
  void failed(const z2::Error& error);  // of opening, reading or looking
  void surveyed();                      // some more, or the end of it
  void sampleRead(const z2::SamplePreview& sample);

 private:
  void look(uint64_t limit);
  void stopLooking();

  std::shared_ptr<const SampleSet> set_;
  SampleSurvey survey_;
  std::optional<Error> problem_;
  std::shared_ptr<std::atomic_bool> stop_;  // of the survey that goes on
  bool isOpening_ = false;
  bool isLooking_ = false;
  int generation_ = 0;
  int readAsked_ = 0;
  int readDone_ = 0;
  QThreadPool pool_;  // last: its threads end before the rest does
};

}  // namespace z2::ui
