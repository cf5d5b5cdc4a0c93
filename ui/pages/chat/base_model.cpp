#include "ui/pages/chat/base_model.h"

#include <filesystem>

#include "core/run/run_directory.h"
#include "ui/base/text.h"
#include "ui/services/run_details.h"

namespace z2::ui {

namespace {

namespace fs = std::filesystem;

// The run of a checkpoint RUN/ckpt/step_N.
fs::path runOf(const ModelSummary& model) { return model.path.parent_path().parent_path(); }

// "base/step_120" of the run that this one was forked from.
QString forkedFrom(const fs::path& run) {
  for (const EventRow& event : readRunDetails(run).events) {
    if (event.event != "forked" || !event.details.is_object()) continue;
    const fs::path from = event.details.value("from", std::string());
    return pathText(from.filename()) +
           QStringLiteral("/step_%1").arg(event.step.value_or(event.details.value("step", 0)));
  }
  return {};
}

}  // namespace

QString comparableModel(const QList<ModelSummary>& models, const QString& key) {
  const auto listed = [&](const auto& isWanted) -> QString {
    for (const ModelSummary& model : models)
      if (model.key != key && model.description && isWanted(model)) return model.key;
    return {};
  };
  const ModelSummary* own = nullptr;
  for (const ModelSummary& model : models)
    if (model.key == key) own = &model;
  if (own != nullptr && own->origin == ModelSummary::Origin::kCheckpoint) {
    const QString parent = forkedFrom(runOf(*own));
    const QString parentRun = parent.section(QLatin1Char('/'), 0, 0) + QLatin1Char('/');
    QString found = listed([&](const ModelSummary& model) { return model.key == parent; });
    if (found.isEmpty() && !parent.isEmpty())
      found = listed([&](const ModelSummary& model) { return model.key.startsWith(parentRun); });
    const auto run = RunDirectory::open(runOf(*own));
    if (found.isEmpty() && run) {
      const fs::path base = run->config().text("model.init_from");
      found = listed([&](const ModelSummary& model) { return model.path == base; });
    }
    if (found.isEmpty())
      found = listed([&](const ModelSummary& model) { return runOf(model) == runOf(*own); });
    if (!found.isEmpty()) return found;
  }
  return listed([](const ModelSummary&) { return true; });
}

}  // namespace z2::ui
