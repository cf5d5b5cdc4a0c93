#include "ui/pages/new_run/training_step.h"

#include <algorithm>
#include <array>

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "ui/base/child.h"
#include "ui/base/parts.h"
#include "ui/base/text.h"
#include "ui/forms/config_form.h"
#include "ui/pages/new_run/new_run_plan.h"
#include "ui/services/workbench.h"
#include "ui/theme/theme.h"
#include "ui/widgets/segment_button.h"

namespace z2::ui {

namespace {

// Ten of them; of LoRA and DPO, which only some tasks have, what decides most.
constexpr std::array<std::string_view, 12> kSimple = {"data.seq_len",
                                                      "train.steps",
                                                      "train.micro_batch_size",
                                                      "train.grad_accum_steps",
                                                      "train.dtype",
                                                      "train.device",
                                                      "train.eval_interval",
                                                      "train.checkpoint_interval",
                                                      "optim.lr",
                                                      "optim.warmup_steps",
                                                      "lora.rank",
                                                      "dpo.beta"};
constexpr size_t kFieldsInAPart = 8;
const QString kDetail = QStringLiteral("new_run/advanced");

bool isSimple(const Field& field) {
  return std::find(kSimple.begin(), kSimple.end(), field.key) != kSimple.end();
}

// Data and tokenizer have steps of their own.
std::vector<const Field*> trainingFields() {
  std::vector<const Field*> fields = {findField("data.seq_len"), findField("data.packing")};
  for (const Field* field : fieldsOf({FieldGroup::kTrain, FieldGroup::kOptim, FieldGroup::kLora,
                                      FieldGroup::kDpo, FieldGroup::kFused}))
    fields.push_back(field);
  return fields;
}

}  // namespace

void TrainingStep::make(Parts& parts) {
  simple_ = child<SegmentButton>(this);
  advanced_ = child<SegmentButton>(this);
  search_ = child<QLineEdit>(this);
  count_ = child<QLabel>(this);
  form_ = child<ConfigForm>(plan().draft(), std::vector<const Field*>(), true, inside());
  auto* row = child<QHBoxLayout>();
  row->setSpacing(spacing::kInside);
  auto* both = child<QButtonGroup>(this);
  for (QPushButton* button : {simple_, advanced_}) {
    both->addButton(button);
    row->addWidget(button);
  }
  simple_->setObjectName(QStringLiteral("simple"));
  advanced_->setObjectName(QStringLiteral("advanced"));
  search_->setObjectName(QStringLiteral("search-fields"));
  search_->setClearButtonEnabled(true);
  search_->setMaximumWidth(280);
  row->addSpacing(spacing::kGrid);
  row->addWidget(search_, 1);
  count_->setProperty("role", QStringLiteral("secondary"));
  row->addWidget(count_);
  row->addStretch();
  addHead(row);
  column()->addWidget(form_);
  column()->addStretch();
  const bool isAdvanced = workbench().settings().value(kDetail, false).toBool();
  (isAdvanced ? advanced_ : simple_)->setChecked(true);
  connect(advanced_, &QPushButton::toggled, this, [this](bool isOn) {
    workbench().settings().setValue(kDetail, isOn);
    applyFilter();
  });
  connect(search_, &QLineEdit::textChanged, this, [this] { applyFilter(); });
  applyFilter();
  addFields(parts);
}

void TrainingStep::addFields(Parts& parts) {
  const std::vector<const Field*> all = trainingFields();
  for (size_t from = 0; from < all.size(); from += kFieldsInAPart) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
    const auto count = std::min(kFieldsInAPart, all.size() - from);
    parts.add([this, fields = std::vector(begin, begin + static_cast<std::ptrdiff_t>(count))] {
      form_->add(fields);
      showCount();
    });
  }
}

std::vector<QString> TrainingStep::keys() const {
  std::vector<QString> keys;
  for (const Field* field : trainingFields()) keys.push_back(toQString(field->key));
  return keys;
}

void TrainingStep::present() {
  form_->show(plan().check().draft);
  applyFilter();
}

void TrainingStep::applyFilter() {
  const bool isAdvanced = advanced_->isChecked();
  search_->setVisible(isAdvanced);
  count_->setVisible(isAdvanced);
  // What is wrong or was changed is never hidden.
  form_->filter(
      [this, isAdvanced](const Field& field) {
        if (!field.appliesTo(plan().check().task)) return false;
        if (isAdvanced || isSimple(field)) return true;
        const QString key = toQString(field.key);
        return plan().draft().isSet(key) || !plan().issuesOf({key}).empty();
      },
      isAdvanced ? search_->text() : QString());
  showCount();
}

void TrainingStep::showCount() { count_->setText(tr("Fields: %1").arg(form_->visibleRows())); }

void TrainingStep::retranslate() {
  setLead(
      tr("The defaults are sound for a first run; steps, micro-batch and learning rate matter "
         "most. Point at a field for its command-line flag."));
  simple_->setText(tr("Simple"));
  advanced_->setText(tr("Advanced"));
  search_->setPlaceholderText(tr("Search fields"));
  search_->setAccessibleName(tr("Search fields"));
}

}  // namespace z2::ui
