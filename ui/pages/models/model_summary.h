#pragma once

// Models that the workspace has: checkpoints of its runs, and what lies in models/. None of these
// functions belongs in the GUI thread.

#include <filesystem>
#include <optional>

#include <QList>
#include <QPair>
#include <QString>

#include "core/model_files/model_source.h"

namespace z2::ui {

struct ModelSummary {
  enum class Origin { kCheckpoint, kImported, kHuggingFace, kGguf };
  QString key;    // "RUN/step_N" or the name in models/
  QString title;  // "RUN · step N" or the name in models/
  std::filesystem::path path;
  Origin origin = Origin::kCheckpoint;
  std::optional<ModelDescription> description;  // empty: a GGUF file, or see problem
  double bytes = 0;
  QString problem = {};
};
// Runs' checkpoints, newest first in each run, then models/, by name.
[[nodiscard]] QList<ModelSummary> readModels(const std::filesystem::path& workspace);

[[nodiscard]] QString originText(ModelSummary::Origin origin);
// Not where there is a problem.
[[nodiscard]] QList<QPair<QString, QString>> factsOf(const ModelSummary& summary);

}  // namespace z2::ui
