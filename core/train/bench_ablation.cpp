#include "core/train/bench_ablation.h"

#include <array>
#include <string>
#include <utility>

#include "core/base/progress.h"

namespace z2 {

namespace {

// In the order of a step.
constexpr std::array kSwitches = {"fused.rms_norm", "fused.rope",          "fused.attention",
                                  "fused.swiglu",   "fused.cross_entropy", "fused.adamw"};

Json rowOf(const std::string& off, const Json& step, double all) {
  return {{"off", off},
          {"tok_s", step["tok_s"]},
          {"mfu", step["mfu"]},
          {"mem_gb", step["mem_gb"]},
          {"share", step["tok_s"].get<double>() / all}};
}

}  // namespace

Result<Json> benchAblation(const BenchStepOptions& options,
                           const std::function<void(const Json& row)>& onRow) {
  Json rows = Json::array();
  const auto add = [&](Json row) {
    onRow(row);
    rows.push_back(std::move(row));
  };
  Z2_TRY(const Json whole, benchStep(options));
  const double all = whole["tok_s"].get<double>();
  add(rowOf("", whole, all));
  for (const char* const name : kSwitches) {
    if (stopRequested()) return interrupted("the measurement was stopped");
    BenchStepOptions changed = options;
    changed.settings.push_back(std::string(name) + "=false");
    const auto step = benchStep(changed);
    add(step ? rowOf(name, *step, all) : Json{{"off", name}, {"error", step.error().text()}});
  }
  return rows;
}

}  // namespace z2
