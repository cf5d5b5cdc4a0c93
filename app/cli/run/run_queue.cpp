#include "core/supervise/run_queue.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "app/cli/run/run_command.h"

namespace z2::cli {

namespace {

struct QueueOptions {
  std::string folder = ".";
  std::vector<std::string> order;
  bool asJson = false;
};

Result<void> showQueue(const QueueOptions& options) {
  std::error_code ignored;
  const std::filesystem::path inWorkspace = std::filesystem::path(options.folder) / "runs";
  const std::filesystem::path runs = std::filesystem::is_directory(inWorkspace, ignored)
                                         ? inWorkspace
                                         : std::filesystem::path(options.folder);
  if (!options.order.empty()) Z2_TRY_VOID(orderQueue(runs, options.order));
  const std::vector<std::string> names = queuedRuns(runs);
  if (options.asJson) {
    printJson(names);
    return {};
  }
  if (names.empty()) std::fprintf(stderr, "no run waits here\n");
  for (const std::string& name : names) std::printf("%s\n", name.c_str());
  return {};
}

}  // namespace

void addRunQueue(CLI::App& run, Chosen& chosen) {
  CLI::App* command =
      run.add_subcommand("queue", "The runs that wait for each other, in their order");
  auto options = std::make_shared<QueueOptions>();
  command->add_option("DIR", options->folder,
                      "Folder of runs, or a workspace; here when not given");
  command->add_option("--order", options->order, "Names, separated by commas, that come first")
      ->delimiter(',')
      ->type_name("A,B,…");
  command->add_flag("--json", options->asJson, "Print the names as a JSON array");
  command->footer(
      "A run joins with `z2all run start --queue` (or resume --queue) and leaves with\n"
      "`z2all run stop`.");
  onChosen(*command, chosen, [options] { return showQueue(*options); });
}

}  // namespace z2::cli
