#include "ui/pages/samples/sample_dialog.h"

#include <algorithm>
#include <utility>

#include <QComboBox>
#include <QDialogButtonBox>
#include <QEvent>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/choice_box.h"

namespace z2::ui {

SampleDialog::SampleDialog(QWidget* parent)
    : QDialog(parent),
      sets_(child<ChoiceBox>(this)),
      samples_(child<TokenSamples>(this)),
      buttons_(child<QDialogButtonBox>(QDialogButtonBox::Close, this)) {
  setObjectName(QStringLiteral("sampleDialog"));
  resize(960, 680);
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(spacing::kPage, spacing::kPage, spacing::kPage, spacing::kPage);
  column->addWidget(sets_);
  column->addWidget(samples_, 1);
  column->addWidget(buttons_);
  connect(sets_, &QComboBox::currentIndexChanged, this, &SampleDialog::showSet);
  connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
  retranslate();
}

void SampleDialog::setSources(std::vector<TokenSamplesSource> sources, int64_t sequenceLength) {
  sources_ = std::move(sources);
  samples_->setSequenceLength(sequenceLength);
  const QSignalBlocker quiet(sets_);
  sets_->clear();
  for (const TokenSamplesSource& source : sources_)
    sets_->addItem(pathText(source.prefix.filename()));
  sets_->setVisible(sources_.size() > 1);
  showSet();
}

void SampleDialog::showSet() {
  const auto index = static_cast<size_t>(std::max(0, sets_->currentIndex()));
  samples_->setSource(index < sources_.size() ? sources_[index] : TokenSamplesSource());
}

void SampleDialog::retranslate() {
  setWindowTitle(tr("Samples as the run will see them"));
  sets_->setAccessibleName(tr("Data"));
  buttons_->button(QDialogButtonBox::Close)->setText(tr("Close"));
}

void SampleDialog::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QDialog::changeEvent(event);
}

}  // namespace z2::ui
