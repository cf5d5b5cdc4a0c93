#pragma once

#include <QList>
#include <QString>

#include "ui/pages/models/model_summary.h"

namespace z2::ui {

// The key of the model beside which `key` is best seen: the one that its run began with
// (model.init_from), where that is listed; else an earlier checkpoint of its run, else any other.
// Empty: there is none. Reads a run.json: not in the GUI thread.
[[nodiscard]] QString comparableModel(const QList<ModelSummary>& models, const QString& key);

}  // namespace z2::ui
