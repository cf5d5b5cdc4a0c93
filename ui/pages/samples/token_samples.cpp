#include "ui/pages/samples/token_samples.h"

#include <utility>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>

#include "core/data/conversations/token_file_samples.h"
#include "ui/base/child.h"
#include "ui/pages/samples/sample_set_view.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kLongest = 10'000'000;

Result<std::shared_ptr<const SampleSet>> openSamples(const TokenSamplesSource& source,
                                                     uint64_t sequenceLength) {
  std::shared_ptr<const Tokenizer> tokenizer = source.tokenizer;
  if (tokenizer == nullptr && !source.tokenizerPath.empty())
    if (auto opened = Tokenizer::open(source.tokenizerPath)) tokenizer = *std::move(opened);
  return openTokenFileSamples(source.prefix, std::move(tokenizer),
                              {.sequenceLength = sequenceLength, .keepsEnd = source.keepsEnd});
}

}  // namespace

TokenSamples::TokenSamples(QWidget* parent)
    : QWidget(parent),
      label_(child<QLabel>(this)),
      length_(child<QSpinBox>(this)),
      help_(child<QLabel>(this)),
      samples_(child<SampleSetView>(this)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 12, 0, 0);
  column->setSpacing(spacing::kGrid);
  auto* row = child<QHBoxLayout>();
  label_->setBuddy(length_);
  length_->setObjectName(QStringLiteral("samplesLength"));
  length_->setRange(0, kLongest);
  length_->setGroupSeparatorShown(true);
  length_->setFixedWidth(140);
  length_->setKeyboardTracking(false);  // data of millions of samples are gone over anew
  length_->setToolTip(QStringLiteral("data.seq_len"));
  help_->setProperty("role", QStringLiteral("secondary"));
  help_->setWordWrap(true);
  row->addWidget(label_);
  row->addWidget(length_);
  row->addWidget(help_, 1);
  column->addLayout(row);
  column->addWidget(samples_, 1);
  connect(length_, &QSpinBox::valueChanged, this, [this] { load(true); });
  retranslate();
}

void TokenSamples::setSource(TokenSamplesSource source) {
  const bool isSame = source.prefix == source_.prefix;
  source_ = std::move(source);
  load(isSame);
}

void TokenSamples::setSequenceLength(int64_t length) {
  length_->setValue(static_cast<int>(std::min<int64_t>(length, kLongest)));
}

void TokenSamples::load(bool keepsPlace) {
  isLoaded_ = isVisible() || source_.prefix.empty();
  if (!isLoaded_) {
    samples_->setSource({});
    return;
  }
  OpenSamples open;
  if (!source_.prefix.empty())
    open = [source = source_, length = static_cast<uint64_t>(length_->value())] {
      return openSamples(source, length);
    };
  samples_->setSource(std::move(open), keepsPlace);
}

bool TokenSamples::isSettled() const { return samples_->isSettled(); }

void TokenSamples::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (!isLoaded_) load(false);
}

void TokenSamples::retranslate() {
  label_->setText(tr("Sequence &length"));
  length_->setSpecialValueText(tr("no limit"));
  help_->setText(tr("as in a run: what is longer is cut there"));
}

void TokenSamples::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
