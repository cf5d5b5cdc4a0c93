#include "tests/ui/support/workspace.h"

#include <cmath>
#include <fstream>

#include "core/run/run_directory.h"

namespace z2::ui {

std::filesystem::path TestWorkspace::path() const { return folder_.path().toStdString(); }

std::filesystem::path addTestRun(const std::filesystem::path& workspace, const TestRun& run) {
  const std::filesystem::path folder = workspace / "runs" / run.name;
  std::filesystem::create_directories(folder.parent_path());
  const RunConfig config =
      RunConfig::make(Task::kPretrain, Json(),
                      {"train.steps=" + std::to_string(run.rows), "optim.lr=3e-4"})
          .value();
  const RunDirectory made = RunDirectory::create(folder, config).value();
  std::ofstream metrics(made.metrics());
  for (int step = 1; step <= run.rows; ++step)
    metrics << R"({"seq":)" << step << R"(,"attempt":1,"step":)" << step << R"(,"loss":)"
            << run.loss / std::sqrt(step) << R"(,"tok_s":1000,"mfu":0.5})" << '\n';
  metrics.close();
  RunStatus status;
  status.state = run.state;
  status.step = status.steps = run.rows;
  status.attempt = 1;
  status.error = run.error;
  // A run at work stands as one of another machine that was heard a moment ago.
  status.host = isActive(run.state) ? "elsewhere" : hostName();
  status.heartbeat = unixSeconds();
  if (const auto written = made.writeStatus(status); !written)
    qFatal("%s", written.error().text().c_str());
  return folder;
}

}  // namespace z2::ui
