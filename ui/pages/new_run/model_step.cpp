#include "ui/pages/new_run/model_step.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>

#include "ui/base/child.h"
#include "ui/base/parts.h"
#include "ui/base/plural.h"
#include "ui/base/text.h"
#include "ui/forms/config_form.h"
#include "ui/pages/new_run/choice_card.h"
#include "ui/pages/new_run/new_run_plan.h"
#include "ui/services/workbench.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kCardsInARow = 3;
const QString kPreset = QStringLiteral("model.preset");
const QString kInitFrom = QStringLiteral("model.init_from");

std::vector<const Field*> shapeFields() {
  std::vector<const Field*> fields;
  for (const Field* field : fieldsOf({FieldGroup::kModel}))
    if (field->key != "model.preset" && field->key != "model.init_from") fields.push_back(field);
  return fields;
}

}  // namespace

void ModelStep::make(Parts& parts) {
  group_ = child<QButtonGroup>(this);
  weights_ = child<QWidget>(inside());
  sourcesLabel_ = child<QLabel>(weights_);
  sources_ = child<QComboBox>(weights_);
  origin_ = child<ConfigForm>(
      plan().draft(), std::vector<const Field*>{findField("model.init_from")}, false, weights_);
  detail_ = child<QPushButton>(inside());
  auto* grid = child<QGridLayout>();
  grid->setSpacing(spacing::kGrid);
  for (const std::string_view name : findField("model.preset")->choices)
    cards_[std::string(name)] = addCard(std::string(name), *grid);
  cards_["weights"] = addCard("weights", *grid);
  column()->addLayout(grid);

  auto* beneath = child<QVBoxLayout>(weights_);
  beneath->setContentsMargins(0, 0, 0, 0);
  auto* row = child<QHBoxLayout>();
  sources_->setObjectName(QStringLiteral("sources"));
  sourcesLabel_->setBuddy(sources_);
  row->addWidget(sourcesLabel_);
  row->addWidget(sources_, 1);
  row->addStretch(1);
  beneath->addLayout(row);
  beneath->addWidget(origin_);
  weights_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
  column()->addWidget(weights_);
  connect(sources_, &QComboBox::activated, this, [this](int index) {
    if (index > 0) plan().draft().set(kInitFrom, sources_->itemData(index).toString());
  });

  detail_->setObjectName(QStringLiteral("shape-detail"));
  detail_->setCheckable(true);
  detail_->setProperty("role", QStringLiteral("quiet"));
  connect(detail_, &QPushButton::toggled, this, [this] { present(); });
  column()->addWidget(detail_, 0, Qt::AlignLeft);
  parts.add([this] {
    shape_ = child<ConfigForm>(plan().draft(), shapeFields(), false, inside());
    column()->addWidget(shape_);
    column()->addStretch();
  });
}

ChoiceCard* ModelStep::addCard(const std::string& name, QGridLayout& grid) {
  auto* card = child<ChoiceCard>(inside());
  card->setObjectName(QStringLiteral("card-") + toQString(name));
  const int place = group_->buttons().size();
  group_->addButton(card);
  grid.addWidget(card, place / kCardsInARow, place % kCardsInARow);
  connect(card, &QAbstractButton::clicked, this, [this, name] { choosePreset(name); });
  return card;
}

std::vector<QString> ModelStep::keys() const { return {QStringLiteral("model.")}; }

std::string ModelStep::chosenCard() const {
  if (wantsWeights_ || !plan().draft().text(kInitFrom).isEmpty()) return "weights";
  const QString preset = plan().draft().text(kPreset);
  return preset.isEmpty() ? "tiny" : toUtf8(preset);
}

void ModelStep::choosePreset(const std::string& name) {
  wantsWeights_ = name == "weights";
  SettingsDraft& draft = plan().draft();
  // A custom shape starts as what was shown.
  const Json shown = plan().check().draft.flat;
  for (const Field* field : shapeFields()) draft.reset(toQString(field->key));
  draft.reset(kInitFrom);
  if (name == "custom") {
    for (const char* key :
         {"model.hidden_size", "model.intermediate_size", "model.num_hidden_layers",
          "model.num_attention_heads", "model.num_key_value_heads", "model.max_position_embeddings",
          "model.tie_word_embeddings"})
      if (shown.contains(key)) draft.set(QString::fromLatin1(key), settingText(shown[key]));
    detail_->setChecked(true);
  }
  if (wantsWeights_) {
    draft.reset(kPreset);
  } else {
    draft.set(kPreset, toQString(name));
    plan().fitVocabulary();
  }
  present();
}

void ModelStep::present() {
  showCards();
  showSources();
  const bool hasProblem = !plan().issuesOf({QStringLiteral("model.")}).empty();
  const bool isOpen = detail_->isChecked();
  const bool isFixed = chosenCard() == "weights";
  weights_->setVisible(isFixed);
  shape_->setVisible(isOpen || (hasProblem && !isFixed));
  origin_->show(plan().check().draft);
  shape_->show(plan().check().draft);
  const Task task = plan().check().task;
  shape_->filter([task](const Field& field) { return field.appliesTo(task); }, {});
  detail_->setText(isOpen ? tr("▾ Shape in detail") : tr("▸ Shape in detail"));
}

void ModelStep::showCards() {
  const auto chosen = cards_.find(chosenCard());
  if (chosen != cards_.end()) chosen->second->setChecked(true);
  for (const PresetFigures& preset : plan().check().presets) {
    ChoiceCard* card = cards_.at(preset.name);
    card->setText(toQString(preset.name));
    card->setDetails(
        tr("%1 parameters").arg(shortCount(static_cast<double>(preset.parameters))),
        tr("%1 layers of %2, context %3", nullptr, pluralOf(preset.layers))
            .arg(number(preset.layers), number(preset.hidden), number(preset.context)));
  }
  cards_.at("custom")->setText(tr("Custom"));
  cards_.at("custom")->setDetails({}, tr("A shape of your own, beginning with the one chosen now"));
  cards_.at("weights")->setText(tr("Existing weights"));
  cards_.at("weights")->setDetails({},
                                   tr("Goes on from a run, a checkpoint or a Hugging Face model"));
}

void ModelStep::showSources() {
  const QString chosen = plan().draft().text(kInitFrom);
  sources_->clear();
  sources_->addItem(tr("Choose…"));
  for (const RunSummary& run : workbench().runs().runs())
    if (run.report.lastCheckpoint)
      sources_->addItem(tr("Run %1, step %2").arg(run.title, number(*run.report.lastCheckpoint)),
                        pathText(run.path));
  for (const auto& model : plan().stock().models)
    sources_->addItem(tr("Model %1").arg(pathText(model.filename())), pathText(model));
  const int index = sources_->findData(chosen);
  sources_->setCurrentIndex(index > 0 ? index : 0);
}

void ModelStep::retranslate() {
  setLead(
      tr("How large shall it be? tiny learns within minutes on this computer; the others are "
         "made for GPUs."));
  sourcesLabel_->setText(tr("Of this &workspace:"));
}

}  // namespace z2::ui
