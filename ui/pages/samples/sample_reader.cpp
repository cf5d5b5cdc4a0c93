#include "ui/pages/samples/sample_reader.h"

#include <chrono>
#include <utility>

#include <QPointer>

#include "ui/base/background.h"

namespace z2::ui {

namespace {

constexpr int kThreads = 2;  // one goes over the samples, one reads a sample
constexpr auto kBetweenFigures = std::chrono::milliseconds(100);

}  // namespace

SampleReader::SampleReader(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(kThreads); }

SampleReader::~SampleReader() { stopLooking(); }

bool SampleReader::isSettled() const {
  return !isOpening_ && !isLooking_ && readAsked_ == readDone_;
}

void SampleReader::stopLooking() {
  if (stop_) *stop_ = true;
  isLooking_ = false;
}

void SampleReader::open(OpenSamples open) {
  stopLooking();
  set_.reset();
  survey_ = {};
  problem_.reset();
  readDone_ = readAsked_;
  const int generation = ++generation_;
  isOpening_ = open != nullptr;
  if (!isOpening_) return;
  inBackground(pool_, this, std::move(open),
               [this, generation](Result<std::shared_ptr<const SampleSet>> opened) {
                 if (generation != generation_) return;
                 isOpening_ = false;
                 if (!opened) {
                   problem_ = opened.error();
                   Q_EMIT failed(opened.error());
                   return;
                 }
                 set_ = *std::move(opened);
                 look(kFirst);
                 Q_EMIT this->opened();
               });
}

void SampleReader::read(uint64_t number) {
  if (set_ == nullptr) return;
  const int wanted = ++readAsked_;
  inBackground(
      pool_, this, [set = set_, number] { return set->sample(number); },
      [this, wanted](const Result<SamplePreview>& sample) {
        if (wanted != readAsked_ || readDone_ == readAsked_) return;
        readDone_ = wanted;
        if (sample)
          Q_EMIT sampleRead(*sample);
        else
          Q_EMIT failed(sample.error());
      });
}

void SampleReader::lookAtAll() {
  if (set_ == nullptr) return;
  stopLooking();
  look(0);
}

void SampleReader::look(uint64_t limit) {
  isLooking_ = true;
  problem_.reset();
  auto stop = std::make_shared<std::atomic_bool>(false);
  stop_ = stop;
  const QPointer<SampleReader> guard(this);
  auto work = [set = set_, limit, stop, guard]() {
    auto told = std::chrono::steady_clock::now();
    return set->survey(limit, [&](const SampleSurvey& soFar) {
      const auto now = std::chrono::steady_clock::now();
      if (now - told >= kBetweenFigures && !*stop) {
        told = now;
        handOver(QCoreApplication::instance(), [guard, stop, soFar] {
          if (guard == nullptr || *stop) return;
          guard->survey_ = soFar;
          Q_EMIT guard->surveyed();
        });
      }
      return !*stop;
    });
  };
  inBackground(pool_, this, std::move(work), [this, stop](Result<SampleSurvey> survey) {
    if (*stop) return;
    isLooking_ = false;
    if (!survey) {
      problem_ = survey.error();
      Q_EMIT failed(survey.error());
      return;
    }
    survey_ = *std::move(survey);
    Q_EMIT surveyed();
  });
}

}  // namespace z2::ui
