#include "app/cli/job_command.h"

#include <memory>
#include <string>

#include "core/jobs/job_keeper.h"

namespace z2::cli {

void addJobCommand(CLI::App& app, Chosen& chosen) {
  CLI::App& group = *app.add_subcommand("job", "Long work that the window started");
  group.group("");  // a matter between the window and this program
  group.require_subcommand(1);
  CLI::App& run = *group.add_subcommand("run", "Run the command that FOLDER/job.json names");
  const auto folder = std::make_shared<std::string>();
  run.add_option("folder", *folder, "WORKSPACE/.jobs/ID")->required();
  onChosen(run, chosen, [folder] { return keepJob(JobFolder(*folder)); });
}

}  // namespace z2::cli
