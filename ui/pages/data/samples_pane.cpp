#include "ui/pages/data/samples_pane.h"

#include <utility>

#include <QEvent>
#include <QLocale>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

#include "core/data/packing.h"
#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/text.h"
#include "ui/pages/samples/leave_choice.h"
#include "ui/pages/samples/sample_set_view.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kSoonMs = 300;  // after the last key

// Of the samples that could be trained.
double shareOf(uint64_t count, const SampleSurvey& survey) {
  const uint64_t judged = survey.samples + survey.untrained;
  return judged == 0 ? 0 : static_cast<double>(count) / static_cast<double>(judged);
}

QString percent(double share) {
  return QLocale().toString(100 * share, 'f', 1) + QStringLiteral(" %");
}

}  // namespace

SamplesPane::SamplesPane(QWidget* parent)
    : QWidget(parent),
      samples_(child<SampleSetView>(this)),
      again_(child<QPushButton>(this)),
      leave_(child<LeaveChoice>(
          std::array{QStringLiteral("--allow-cut"), QStringLiteral("--allow-untrained")}, this)),
      soon_(child<QTimer>(this)) {
  setObjectName(QStringLiteral("samplesPane"));
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(spacing::kGrid, 0, 0, 0);
  column->setSpacing(spacing::kGrid);
  column->addWidget(samples_, 1);
  column->addWidget(again_, 0, Qt::AlignLeft);
  column->addWidget(leave_);
  again_->setObjectName(QStringLiteral("samplesAgain"));
  again_->hide();
  soon_->setSingleShot(true);
  soon_->setInterval(kSoonMs);
  connect(soon_, &QTimer::timeout, this, &SamplesPane::load);
  connect(again_, &QPushButton::clicked, this, &SamplesPane::load);
  connect(samples_, &SampleSetView::surveyed, this, &SamplesPane::judge);
  connect(leave_, &LeaveChoice::decided, this, &SamplesPane::changed);
  retranslate();
}

void SamplesPane::setRequest(const DataRequest& request) {
  request_ = request;
  QStringList key;
  if (!request.isText() && !request.files.isEmpty() && !request.tokenizer.empty())
    key = QStringList{request.task, pathText(request.tokenizer), toQString(request.chatTemplate),
                      request.columns, QString::number(request.maxLength)} +
          request.maskArguments() + request.files;
  if (key == key_) return;
  key_ = key;
  if (key.isEmpty())
    load();
  else
    soon_->start();
}

void SamplesPane::load() {
  soon_->stop();
  const bool isSame = request_.files == files_;
  files_ = key_.isEmpty() ? QStringList() : request_.files;
  samples_->setSource(key_.isEmpty() ? OpenSamples() : request_.samples(), isSame);
  again_->setVisible(false);
  if (!key_.isEmpty()) return;
  for (const auto leave : {LeaveChoice::kCut, LeaveChoice::kUntrained}) leave_->offer(leave, false);
}

void SamplesPane::judge() {
  const SampleSurvey& survey = samples_->survey();
  if (!samples_->isLooking()) {
    leave_->offer(LeaveChoice::kCut, shareOf(survey.cut, survey) > kMostUnfitSamples);
    leave_->offer(LeaveChoice::kUntrained, shareOf(survey.untrained, survey) > kMostUnfitSamples);
  }
  again_->setVisible(samples_->problem().has_value());
  Q_EMIT changed();
}

QString SamplesPane::problem() const {
  if (samples_->problem())
    return tr("The samples cannot be prepared: what to mend stands beside the form.");
  const SampleSurvey& survey = samples_->survey();
  if (samples_->isLooking()) return {};
  if (survey.isComplete && survey.samples == 0) return tr("No record gives a sample to train on.");
  if (survey.records == 0) return {};
  if (leave_->isOffered(LeaveChoice::kUntrained) && !allowsUntrained())
    return tr("%1 of the samples train nothing: another template or length, or let it go on.")
        .arg(percent(shareOf(survey.untrained, survey)));
  if (leave_->isOffered(LeaveChoice::kCut) && !allowsCut())
    return tr("%1 of the samples would be cut: raise the longest document, or let it go on.")
        .arg(percent(shareOf(survey.cut, survey)));
  return {};
}

QString SamplesPane::problemDetail() const {
  return samples_->problem() ? coreText(samples_->problem()->text()) : QString();
}

bool SamplesPane::allowsCut() const { return leave_->isGiven(LeaveChoice::kCut); }

bool SamplesPane::allowsUntrained() const { return leave_->isGiven(LeaveChoice::kUntrained); }

bool SamplesPane::isSettled() const { return !soon_->isActive() && samples_->isSettled(); }

void SamplesPane::retranslate() {
  samples_->setHint(
      tr("Add a file to see its samples here, token by token, as the tokenizer and the chat "
         "template make them."));
  again_->setText(tr("Look again"));
}

// What was wrong may have been mended elsewhere meanwhile: in the file, in the tokenizer.
bool SamplesPane::event(QEvent* event) {
  const bool isBack = event->type() == QEvent::Show || event->type() == QEvent::WindowActivate;
  if (isBack && samples_->problem() && !soon_->isActive()) load();
  return QWidget::event(event);
}

void SamplesPane::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
