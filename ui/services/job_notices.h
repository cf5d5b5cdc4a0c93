#pragma once

// What the window says when a job is over, whatever page is shown.

#include <optional>

#include "ui/base/notice.h"
#include "ui/services/job_service.h"
#include "ui/services/page_id.h"

namespace z2::ui {

struct JobNews {
  Notice notice;  // without its action
  // Where what was made can be seen; empty: nowhere in the window.
  std::optional<PageId> page = {};
  QStringList selection = {};
};

// Nothing for a job that was cancelled: its user knows.
[[nodiscard]] std::optional<JobNews> newsOf(const Job& job);
// The name of what a job makes: the last part of its --output, or of the demo's run.
[[nodiscard]] QString productOf(const Job& job);

}  // namespace z2::ui
