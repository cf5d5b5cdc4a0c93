#include "ui/pages/samples/sample_set_view.h"

#include <algorithm>
#include <limits>

#include <QButtonGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>

#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/plural.h"
#include "ui/base/text.h"
#include "ui/pages/data/histogram_view.h"
#include "ui/pages/samples/sample_view.h"
#include "ui/theme/theme.h"
#include "ui/widgets/segment_button.h"

namespace z2::ui {

namespace {

constexpr int kChartHeight = 150;
constexpr int kLeastChart = 88;

QString counted(uint64_t count) { return number(static_cast<int64_t>(count)); }

QString percent(uint64_t part, uint64_t whole) {
  const double share = whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  return QLocale().toString(100 * share, 'f', 1) + QStringLiteral(" %");
}

}  // namespace

SampleSetView::SampleSetView(QWidget* parent)
    : QWidget(parent),
      reader_(nullptr),
      kinds_(child<QButtonGroup>(this)),
      label_(child<QLabel>(this)),
      number_(child<QSpinBox>(this)),
      previous_(child<QPushButton>(this)),
      next_(child<QPushButton>(this)),
      sample_(child<SampleView>(this)),
      notices_(child<QLabel>(this)),
      summary_(child<QLabel>(this)),
      all_(child<QPushButton>(this)),
      lengths_(child<HistogramView>(HistogramView::Of::kSamples, this)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kGrid);
  auto* kinds = child<QHBoxLayout>();
  kinds->setSpacing(spacing::kInside);
  const char* const names[] = {"samplesAll", "samplesCut", "samplesUntrained", "samplesUnusable"};
  for (int kind = 0; kind < kKinds; ++kind) {
    auto* button = child<SegmentButton>(this);
    button->setObjectName(QString::fromLatin1(names[kind]));
    kinds_->addButton(button, kind);
    kinds->addWidget(button);
  }
  kinds->addStretch();
  kinds_->button(kAll)->setChecked(true);
  column->addLayout(kinds);
  auto* row = child<QHBoxLayout>();
  label_->setBuddy(number_);
  number_->setObjectName(QStringLiteral("sampleNumber"));
  number_->setGroupSeparatorShown(true);
  number_->setFixedWidth(110);
  number_->setAlignment(Qt::AlignRight);
  next_->setObjectName(QStringLiteral("sampleNext"));
  for (QWidget* part : std::initializer_list<QWidget*>{label_, number_, previous_, next_})
    row->addWidget(part);
  row->addStretch();
  column->addLayout(row);
  column->addWidget(sample_, 1);
  notices_->setWordWrap(true);
  notices_->setProperty("role", QStringLiteral("secondary"));
  column->addWidget(notices_);
  auto* figures = child<QHBoxLayout>();
  summary_->setObjectName(QStringLiteral("samplesSummary"));
  summary_->setWordWrap(true);
  all_->setObjectName(QStringLiteral("samplesLookAtAll"));
  figures->addWidget(summary_, 1);
  figures->addWidget(all_);
  column->addLayout(figures);
  lengths_->setMinimumHeight(kLeastChart);  // in a small window the tokens need the room
  lengths_->setMaximumHeight(kChartHeight);
  column->addWidget(lengths_);

  connect(kinds_, &QButtonGroup::idClicked, this,
          [this](int kind) { choose(static_cast<Kind>(kind)); });
  connect(number_, &QSpinBox::valueChanged, this, &SampleSetView::load);
  connect(previous_, &QPushButton::clicked, this, [this] { step(-1); });
  connect(next_, &QPushButton::clicked, this, [this] { step(1); });
  connect(all_, &QPushButton::clicked, this, [this] {
    reader_.lookAtAll();
    showSurvey();
  });
  connectReader();
  retranslate();
}

void SampleSetView::connectReader() {
  connect(&reader_, &SampleReader::opened, this, [this] {
    showNotices();
    load();
    showSurvey();
  });
  connect(&reader_, &SampleReader::surveyed, this, [this] {
    showSurvey();
    Q_EMIT surveyed();
  });
  connect(&reader_, &SampleReader::sampleRead, sample_, &SampleView::showSample);
  connect(&reader_, &SampleReader::failed, this, &SampleSetView::fail);
}

void SampleSetView::setSource(OpenSamples open, bool keepsPlace) {
  hasSource_ = open != nullptr;
  hasFailed_ = false;
  if (!keepsPlace || !hasSource_) {
    const QSignalBlocker quiet(number_);
    number_->setValue(1);
    kinds_->button(kAll)->setChecked(true);
    sample_->clear(hasSource_ ? tr("Reading…") : hint_);
  }
  notices_->clear();
  reader_.open(std::move(open));
  showSurvey();
}

void SampleSetView::setHint(const QString& hint) {
  hint_ = hint;
  if (!hasSource_) sample_->clear(hint);
}

void SampleSetView::fail(const Error& error) {
  // With fewer records than before, the place that was shown is gone.
  if (reader_.set() != nullptr && number_->value() > 1 && !hasFailed_) {
    hasFailed_ = true;
    number_->setValue(1);
    return;
  }
  hasFailed_ = true;
  sample_->clear(coreText(error.text()));
  showSurvey();
  Q_EMIT surveyed();
}

std::array<uint64_t, SampleSetView::kKinds> SampleSetView::counts() const {
  const SampleSurvey& survey = reader_.survey();
  return {survey.records, survey.cut, survey.untrained, survey.unusable};
}

const std::vector<uint64_t>* SampleSetView::numbersOf(Kind kind) const {
  const SampleSurvey& survey = reader_.survey();
  switch (kind) {
    case kCut:
      return &survey.cutSamples;
    case kUntrained:
      return &survey.untrainedSamples;
    case kUnusable:
      return &survey.unusableSamples;
    default:
      return nullptr;
  }
}

void SampleSetView::choose(Kind kind) {
  const std::vector<uint64_t>* numbers = numbersOf(kind);
  if (numbers != nullptr && !numbers->empty())
    number_->setValue(static_cast<int>(numbers->front()) + 1);
  showButtons();
}

std::optional<uint64_t> SampleSetView::next(uint64_t from, int direction) const {
  const auto* numbers = numbersOf(static_cast<Kind>(kinds_->checkedId()));
  if (numbers == nullptr) {
    if (direction < 0) return from == 0 ? std::nullopt : std::optional(from - 1);
    return from + 1 < reader_.survey().records ? std::optional(from + 1) : std::nullopt;
  }
  if (direction > 0) {
    const auto found = std::upper_bound(numbers->begin(), numbers->end(), from);
    return found == numbers->end() ? std::nullopt : std::optional(*found);
  }
  const auto found = std::lower_bound(numbers->begin(), numbers->end(), from);
  return found == numbers->begin() ? std::nullopt : std::optional(*std::prev(found));
}

void SampleSetView::step(int direction) {
  const auto wanted = next(static_cast<uint64_t>(number_->value() - 1), direction);
  if (wanted) number_->setValue(static_cast<int>(*wanted) + 1);
}

void SampleSetView::load() {
  showButtons();
  reader_.read(static_cast<uint64_t>(number_->value() - 1));
}

void SampleSetView::showButtons() {
  const auto at = static_cast<uint64_t>(number_->value() - 1);
  previous_->setEnabled(next(at, -1).has_value());
  next_->setEnabled(next(at, 1).has_value());
}

void SampleSetView::showNotices() {
  QStringList notices;
  if (reader_.set() != nullptr)
    for (const std::string& notice : reader_.set()->notices())
      notices.append(QStringLiteral("⚠ ") + coreText(notice));
  notices_->setText(notices.join(QLatin1Char('\n')));
}

void SampleSetView::showSurvey() {
  const SampleSurvey& survey = reader_.survey();
  const std::array<uint64_t, kKinds> found = counts();
  const QString words[] = {tr("All %1"), tr("Cut %1"), tr("Nothing trained %1"),
                           tr("No sample %1")};
  const bool hasSet = reader_.set() != nullptr && !(hasFailed_ && survey.records == 0);
  for (int kind = 0; kind < kKinds; ++kind) {
    QAbstractButton* button = kinds_->button(kind);
    button->setText(words[kind].arg(counted(found.at(static_cast<size_t>(kind)))));
    button->setVisible(hasSet && (kind == kAll || found.at(static_cast<size_t>(kind)) > 0));
  }
  if (kinds_->checkedButton() == nullptr ||
      (!reader_.isLooking() && found.at(static_cast<size_t>(kinds_->checkedId())) == 0))
    kinds_->button(kAll)->setChecked(true);
  {
    const QSignalBlocker quiet(number_);
    const auto most =
        static_cast<int>(std::min<uint64_t>(survey.records, std::numeric_limits<int>::max()));
    number_->setRange(1, std::max({1, most, reader_.isLooking() ? number_->value() : 1}));
  }
  for (QWidget* part :
       std::initializer_list<QWidget*>{label_, number_, previous_, next_, summary_, lengths_})
    part->setVisible(hasSet);
  notices_->setVisible(hasSet && !notices_->text().isEmpty());
  all_->setVisible(hasSet && !reader_.isLooking() && !survey.isComplete);
  // A limit that nothing passes is not drawn through the bar of lengths around it.
  const uint64_t allowed = hasSet ? reader_.set()->longestAllowed() : 0;
  lengths_->setBuckets(survey.lengths, survey.longest > allowed ? allowed : 0);
  summary_->setText(summary());
  showButtons();
}

QString SampleSetView::summary() const {
  const SampleSurvey& survey = reader_.survey();
  QStringList parts;
  parts.append(tr("%1 samples", nullptr, pluralOf(static_cast<int64_t>(survey.samples)))
                   .arg(counted(survey.samples)));
  parts.append(tr("%1 tokens", nullptr, pluralOf(static_cast<int64_t>(survey.tokens)))
                   .arg(shortCount(static_cast<double>(survey.tokens))));
  parts.append(tr("%1 of them trained").arg(percent(survey.trainedTokens, survey.tokens)));
  parts.append(tr("the longest has %1").arg(counted(survey.longest)));
  const uint64_t judged = survey.samples + survey.untrained;
  if (survey.cut > 0) parts.append(tr("%1 cut").arg(percent(survey.cut, judged)));
  QString text = parts.join(QStringLiteral(" · "));
  if (reader_.isLooking()) text += QStringLiteral(" · ") + tr("still looking…");
  if (!reader_.isLooking() && !survey.isComplete && reader_.set() != nullptr)
    text += QStringLiteral(" · ") + tr("of the first %1 records").arg(counted(survey.records));
  return text;
}

void SampleSetView::retranslate() {
  label_->setText(tr("&Sample"));
  number_->setAccessibleName(tr("Sample"));
  previous_->setText(tr("Previous"));
  next_->setText(tr("Next"));
  all_->setText(tr("Look at all"));
  kinds_->button(kUntrained)->setToolTip(tr("Samples in which no token is trained; left out"));
  kinds_->button(kUnusable)->setToolTip(tr("Records that are no sample; left out"));
  kinds_->button(kCut)->setToolTip(tr("Samples that are longer than allowed"));
  showNotices();
  showSurvey();
}

void SampleSetView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
