#include "ui/widgets/sampling_form.h"

#include <limits>

#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/flow_layout.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kFieldWidth = 84;
constexpr int kMostWidth = 98;  // in a row: all of them fit a window of 1280
constexpr int kSeedWidth = 120;
constexpr int kBetween = 12;

void set(QDoubleSpinBox& field, double least, double most, double step, double value) {
  field.setRange(least, most);
  field.setSingleStep(step);
  field.setValue(value);
}

void set(QSpinBox& field, int least, int most, int value) {
  field.setRange(least, most);
  field.setValue(value);
}

}  // namespace

SamplingForm::SamplingForm(Shape shape, const QString& names, int longest, QWidget* parent)
    : QWidget(parent),
      temperature_(child<QDoubleSpinBox>(this)),
      topK_(child<QSpinBox>(this)),
      topP_(child<QDoubleSpinBox>(this)),
      minP_(child<QDoubleSpinBox>(this)),
      penalty_(child<QDoubleSpinBox>(this)),
      tokens_(child<QSpinBox>(this)),
      seed_(child<QSpinBox>(this)) {
  temperature_->setObjectName(names + QStringLiteral("Temperature"));
  topK_->setObjectName(names + QStringLiteral("TopK"));
  topP_->setObjectName(names + QStringLiteral("TopP"));
  minP_->setObjectName(names + QStringLiteral("MinP"));
  penalty_->setObjectName(names + QStringLiteral("Penalty"));
  tokens_->setObjectName(names + QStringLiteral("Tokens"));
  seed_->setObjectName(names + QStringLiteral("Seed"));
  set(*temperature_, 0, 5, 0.1, 0.8);
  set(*topK_, 0, 1'000'000, 50);
  set(*topP_, 0.01, 1, 0.05, 0.95);
  set(*minP_, 0, 1, 0.01, 0);
  set(*penalty_, 0.1, 10, 0.05, 1);
  set(*tokens_, 1, 1'000'000, longest);
  set(*seed_, 0, std::numeric_limits<int>::max(), 1);
  lay(shape);
  for (QDoubleSpinBox* field : {temperature_, topP_, minP_, penalty_})
    connect(field, &QDoubleSpinBox::valueChanged, this, &SamplingForm::changed);
  for (QSpinBox* field : {topK_, tokens_, seed_})
    connect(field, &QSpinBox::valueChanged, this, &SamplingForm::changed);
  retranslate();
}

void SamplingForm::lay(Shape shape) {
  QWidget* const fields[kFields] = {temperature_, topK_, topP_, minP_, penalty_, tokens_, seed_};
  for (int i = 0; i < kFields; ++i) {
    labels_[i] = child<QLabel>(this);
    labels_[i]->setProperty("role", QStringLiteral("secondary"));
    labels_[i]->setBuddy(fields[i]);
    fields[i]->setMinimumWidth(kFieldWidth);
    if (shape == Shape::kRow)
      fields[i]->setMaximumWidth(fields[i] == seed_ ? kSeedWidth : kMostWidth);
  }
  if (shape == Shape::kRow) {
    auto* row = child<FlowLayout>(kBetween, spacing::kGrid, this);
    for (int i = 0; i < kFields; ++i) {
      auto* pair = child<QVBoxLayout>();
      pair->setSpacing(spacing::kInside);
      pair->addWidget(labels_[i]);
      pair->addWidget(fields[i]);
      row->addLayout(pair);
    }
    return;
  }
  auto* grid = child<QGridLayout>(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(kBetween);
  grid->setVerticalSpacing(spacing::kGrid);
  grid->setColumnStretch(0, 1);
  for (int i = 0; i < kFields; ++i) {
    grid->addWidget(labels_[i], i, 0);
    grid->addWidget(fields[i], i, 1);
  }
}

void SamplingForm::fill(GenerationOptions& options) const {
  options.maxNewTokens = tokens_->value();
  options.sampling = {.temperature = temperature_->value(),
                      .topK = topK_->value(),
                      .topP = topP_->value(),
                      .minP = minP_->value(),
                      .repetitionPenalty = penalty_->value(),
                      .seed = static_cast<uint64_t>(seed_->value())};
}

void SamplingForm::retranslate() {
  const QString names[kFields] = {tr("Temperature"), tr("Top-k"),      tr("Top-p"), tr("Min-p"),
                                  tr("Repetition"),  tr("Max tokens"), tr("Seed")};
  const QString helps[kFields] = {
      tr("0: always the most likely token; higher: more surprising (--temperature)"),
      tr("Only the k most likely tokens; 0: all (--top-k)"),
      tr("Only the most likely tokens that make up this probability (--top-p)"),
      tr("Only tokens with at least this share of the most likely one's probability; 0: all "
         "(--min-p)"),
      tr("Above 1, what was said already becomes less likely (--repetition-penalty)"),
      tr("The longest answer (--max-new-tokens)"),
      tr("The same seed gives the same text (--seed)")};
  for (int i = 0; i < kFields; ++i) {
    labels_[i]->setText(names[i]);
    labels_[i]->setToolTip(helps[i]);
    labels_[i]->buddy()->setToolTip(helps[i]);
    labels_[i]->buddy()->setAccessibleName(names[i]);
  }
}

void SamplingForm::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
