#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/cli/run/key_options.h"
#include "app/cli/run/run_command.h"
#include "core/run_setup/create_run.h"

namespace z2::cli {

namespace {

struct NewOptions {
  std::string task;
  std::string folder;
  std::string configFile;
  std::string parent;  // of a fork
  std::optional<int64_t> step;
  std::vector<std::string> settings;
  bool asJson = false;
};

// A configuration of keys, or a whole run.json, whose keys are then taken.
Result<Json> readValues(const std::string& file) {
  if (file.empty()) return Json::object();
  Z2_TRY(const Json content, readJsonFile(file));
  if (!content.is_object())
    return badInput(file, "a configuration must be a JSON object", "{\"train\":{\"steps\":100}}");
  if (content.contains("schema_version") && content.contains("config")) return content["config"];
  return content;
}

Result<void> createAndTell(const NewOptions& options, const RunSetup& setup) {
  Z2_TRY(const RunDirectory run, createRun(options.folder, setup));
  for (const std::string& note : setup.notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  if (options.asJson) {
    printJson({{"run", run.path().native()},
               {"task", nameOf(run.config().task())},
               {"changed", run.config().changedOnly()},
               {"notes", setup.notes}});
    return {};
  }
  std::printf("%s is ready. Start it: z2all run start %s\n", run.name().c_str(),
              run.path().c_str());
  return {};
}

Result<void> makeRun(const NewOptions& options) {
  Z2_TRY(const Task task, parseTask(options.task));
  if (RunDirectory::exists(options.folder))
    return badInput(options.folder, "there is a run already in this directory",
                    "Choose another directory");
  Z2_TRY(const Json values, readValues(options.configFile));
  Z2_TRY(const RunSetup setup, prepareRun(task, values, options.settings));
  return createAndTell(options, setup);
}

Result<void> forkRun(const NewOptions& options) {
  Z2_TRY(const RunDirectory parent, RunDirectory::open(options.parent));
  if (RunDirectory::exists(options.folder))
    return badInput(options.folder, "there is a run already in this directory",
                    "Choose another directory");
  Z2_TRY(const RunSetup setup, prepareFork(parent, options.step, options.settings));
  return createAndTell(options, setup);
}

void addSettings(CLI::App& command, const std::shared_ptr<NewOptions>& options) {
  command
      .add_option_function<std::vector<std::string>>(
          "--set",
          [options](const std::vector<std::string>& given) {
            options->settings.insert(options->settings.end(), given.begin(), given.end());
          },
          "KEY=VALUE; wins over the file")
      ->type_name("KEY=VALUE");
  command.add_flag("--json", options->asJson, "Print the result as JSON");
  addKeyOptions(command, options->settings);
}

}  // namespace

void addRunNew(CLI::App& run, Chosen& chosen) {
  CLI::App* command = run.add_subcommand("new", "Make a run: validate everything, write run.json");
  auto options = std::make_shared<NewOptions>();
  command->add_option("--task", options->task, "pretrain, sft or dpo")->required();
  command->add_option("--dir", options->folder, "Directory of the run; made when missing")
      ->required();
  command->add_option("--config", options->configFile,
                      "JSON file of keys, nested or flat, or the run.json of another run");
  addSettings(*command, options);
  onChosen(*command, chosen, [options] { return makeRun(*options); });
}

void addRunFork(CLI::App& run, Chosen& chosen) {
  CLI::App* command = run.add_subcommand(
      "fork", "Make a run that begins with the weights of another run's checkpoint");
  auto options = std::make_shared<NewOptions>();
  command->add_option("RUN", options->parent, "The run to begin from")->required();
  command->add_option("--dir", options->folder, "Directory of the new run")->required();
  command->add_option("--step", options->step,
                      "Step of the checkpoint; the newest whole one when not given");
  addSettings(*command, options);
  command->footer(
      "The configuration is the other run's, changed by --set. Optimizer, steps and place in the\n"
      "data begin anew. The checkpoint is kept with the new run (DIR/origin), because the other\n"
      "run may remove it.");
  onChosen(*command, chosen, [options] { return forkRun(*options); });
}

}  // namespace z2::cli
