// z2all run export

#include <memory>
#include <string>

#include <fmt/format.h>

#include "app/cli/run/run_command.h"
#include "core/run_export/export_run.h"

namespace z2::cli {

namespace {

struct ExportArguments {
  std::string folder;
  std::string format;
  std::string output;
  bool asJson = false;
};

Result<void> exportRun(const ExportArguments& arguments) {
  Z2_TRY(const RunDirectory run, RunDirectory::open(arguments.folder));
  Z2_TRY(const ExportReport report, arguments.format == "csv"
                                        ? exportCsv(run, arguments.output)
                                        : exportEventFiles(run, arguments.output));
  if (!arguments.asJson) {
    fmt::print("{}: {} rows, {} values\n", arguments.output, report.rows, report.values);
    return {};
  }
  Json files = Json::array();
  for (const auto& file : report.files) files.push_back(file.native());
  printJson({{"files", std::move(files)}, {"rows", report.rows}, {"values", report.values}});
  return {};
}

}  // namespace

void addRunExport(CLI::App& run, Chosen& chosen) {
  CLI::App* command =
      run.add_subcommand("export", "Write a run's metrics for TensorBoard or as a table");
  auto arguments = std::make_shared<ExportArguments>();
  command->add_option("RUN", arguments->folder, "Directory of the run")->required();
  command
      ->add_option("--format", arguments->format,
                   "tensorboard: event files (numbers as fp32); csv: a table with a header")
      ->required()
      ->check(CLI::IsMember({"tensorboard", "csv"}));
  command
      ->add_option("--output", arguments->output,
                   "Folder of the event files, or the csv file; must not exist yet")
      ->required();
  command->add_flag("--json", arguments->asJson, "Print what was written as JSON");
  onChosen(*command, chosen, [arguments] { return exportRun(*arguments); });
}

}  // namespace z2::cli
