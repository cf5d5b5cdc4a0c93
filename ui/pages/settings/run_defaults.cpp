#include "ui/pages/settings/run_defaults.h"

#include <array>

#include <QVBoxLayout>

#include "core/config/run_config.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/forms/config_form.h"
#include "ui/services/settings.h"

namespace z2::ui {

namespace {

const QString kKey = QStringLiteral("newRun/defaults");

// What belongs to the machine and to a person's habits, not to the model.
constexpr std::array kFields = {"train.device",
                                "train.dtype",
                                "train.micro_batch_size",
                                "train.eval_interval",
                                "train.checkpoint_interval",
                                "train.keep_latest"};

std::vector<const Field*> fields() {
  std::vector<const Field*> all;
  for (const char* key : kFields)
    if (const Field* field = findField(key)) all.push_back(field);
  return all;
}

}  // namespace

RunDefaults::RunDefaults(Settings& settings, QWidget* parent)
    : QWidget(parent),
      settings_(settings),
      form_(child<ConfigForm>(draft_, fields(), false, this)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(form_);
  draft_.load(runDefaults(settings));
  connect(&draft_, &SettingsDraft::changed, this, &RunDefaults::keep);
  showChecked();
}

void RunDefaults::keep() {
  QVariantMap kept;
  for (const char* name : kFields) {
    const QString key = QString::fromLatin1(name);
    if (draft_.isSet(key)) kept.insert(key, draft_.text(key));
  }
  settings_.setValue(kKey, kept);
  showChecked();
}

void RunDefaults::showChecked() {
  form_->show(draftConfig(Task::kPretrain, Json::object(), draft_.settings()));
}

Json runDefaults(const Settings& settings) {
  Json values = Json::object();
  const QVariantMap kept = settings.value(kKey).toMap();
  for (auto entry = kept.begin(); entry != kept.end(); ++entry)
    values[toUtf8(entry.key())] = toUtf8(entry.value().toString());
  return values;
}

}  // namespace z2::ui
