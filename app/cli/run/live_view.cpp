#include "app/cli/run/live_view.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "core/base/format.h"

namespace z2::cli {

LiveView::LiveView(const RunDirectory& run)
    : reader_(run.metrics()),
      steps_(run.config().integer("train.steps")),
      isTerminal_(::isatty(STDERR_FILENO) == 1),
      tellsProgress_(isProgressJsonAsked()) {}

LiveView::~LiveView() {
  if (isLineOpen_) std::fputc('\n', stderr);
}

std::string LiveView::lineOf(const MetricsRow& row) const {
  std::string line = fmt::format("step {}/{}", row.step, steps_);
  if (const auto loss = row.number("loss")) line += fmt::format("  loss {:.4f}", *loss);
  if (const auto loss = row.number("valid/loss"))
    line += fmt::format("  validation loss {:.4f}", *loss);
  if (const auto lr = row.number("lr")) line += fmt::format("  lr {:.3g}", *lr);
  if (const auto rate = row.number("tok_s")) line += "  " + formatCount(*rate) + " tok/s";
  if (const auto mfu = row.number("mfu"); mfu && *mfu > 0)
    line += fmt::format("  MFU {:.1f} %", *mfu * 100);
  if (const auto seconds = row.number("step_s"); seconds && row.step < steps_)
    line += "  " + formatDuration(*seconds * static_cast<double>(steps_ - row.step)) + " left";
  return line;
}

void LiveView::showRow(const MetricsRow& row) {
  const std::string line = lineOf(row);
  if (!isTerminal_) {
    std::fprintf(stderr, "%s\n", line.c_str());
    return;
  }
  const bool isEvaluation = row.number("valid/loss").has_value();
  std::fprintf(stderr, "\r\033[K%s%s", line.c_str(), isEvaluation ? "\n" : "");
  isLineOpen_ = !isEvaluation;
}

void LiveView::show() {
  const auto done = reader_.poll([this](const MetricsRow& row) {
    furthest_ = std::max(furthest_, row.step);
    if (!isPast_ && !tellsProgress_) showRow(row);
  });
  isPast_ = false;
  if (tellsProgress_ && !progress_)
    progress_.emplace("training", static_cast<uint64_t>(steps_), Progress::Unit::kSteps, false,
                      static_cast<uint64_t>(furthest_));
  else if (tellsProgress_)
    progress_->advance(static_cast<uint64_t>(furthest_) - progress_->done());
  if (isTerminal_) std::fflush(stderr);
  // A file that cannot be read hinders the view, not the run.
  static_cast<void>(done);
}

}  // namespace z2::cli
