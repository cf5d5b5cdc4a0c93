#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "app/cli/run/key_options.h"
#include "app/cli/run/run_command.h"
#include "core/base/format.h"
#include "core/base/progress.h"
#include "core/config/schema.h"
#include "core/run/metrics_reader.h"
#include "core/run/run_compare.h"
#include "core/run/run_list.h"

namespace z2::cli {

namespace {

constexpr std::chrono::milliseconds kFollowInterval{200};

struct ShowOptions {
  std::vector<std::string> folders;
  bool follows = false;
  bool asJson = false;
};

Result<void> tail(const ShowOptions& options) {
  Z2_TRY(const RunDirectory run, RunDirectory::open(options.folders.front()));
  MetricsReader reader(run.metrics());
  while (true) {
    // Asked before reading: what a run writes last is then read as well.
    bool isOver = !options.follows || stopRequested();
    if (!isOver) {
      Z2_TRY(const RunReport report, inspectRun(run));
      isOver = !isActive(report.status.state) && report.status.state != RunState::kCreated;
    }
    Z2_TRY_VOID(reader.poll([](const MetricsRow& row) {
      std::fwrite(row.line.data(), 1, row.line.size(), stdout);
      std::fputc('\n', stdout);
    }));
    std::fflush(stdout);
    if (isOver || std::ferror(stdout) != 0) return {};
    std::this_thread::sleep_for(kFollowInterval);
  }
}

std::string shortText(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_number_float()) {
    const double number = value.get<double>();
    const double size = std::abs(number);
    return size >= 1e4 && size < 1e9 ? fmt::format("{:.0f}", number)
                                     : fmt::format("{:.4g}", number);
  }
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Result<void> list(const ShowOptions& options) {
  Z2_TRY(const std::vector<Json> runs,
         listRuns(options.folders.empty() ? "." : options.folders.front()));
  if (options.asJson) {
    printJson(Json(runs));
    return {};
  }
  if (runs.empty()) std::fprintf(stderr, "no runs here; `z2all run new` makes one\n");
  if (!runs.empty())
    fmt::print("{:<24} {:<9} {:<9} {:>15} {:>9} {:>9} {:>9}\n", "name", "task", "state", "step",
               "loss", "valid", "tok/s");
  for (const Json& run : runs) {
    const auto text = [&](const char* name) { return shortText(run.value(name, Json())); };
    if (!run.contains("state")) {
      fmt::print("{:<24} broken: {}\n", text("name"), text("error"));
      continue;
    }
    fmt::print("{:<24} {:<9} {:<9} {:>15} {:>9} {:>9} {:>9}\n", text("name"), text("task"),
               text("state"), text("step") + "/" + text("steps"), text("loss"), text("valid_loss"),
               text("tok_s"));
  }
  return {};
}

void printComparison(const Json& compared) {
  fmt::print("{:<34}", "");
  for (const Json& run : compared["runs"]) fmt::print(" {:>18}", shortText(run["name"]));
  fmt::print("\n");
  for (const Json& difference : compared["differences"]) {
    fmt::print("{:<34}", shortText(difference["key"]));
    for (const Json& value : difference["values"]) fmt::print(" {:>18}", shortText(value));
    fmt::print("\n");
  }
  for (const auto& [metric, of] :
       {std::pair("loss", "last"), std::pair("loss", "min"), std::pair("valid/loss", "last"),
        std::pair("valid/loss", "min"), std::pair("tok_s", "last")}) {
    fmt::print("{:<34}", std::string(metric) + " (" + of + ")");
    for (const Json& run : compared["runs"]) {
      const Json all = run["metrics"].value(metric, Json::object());
      fmt::print(" {:>18}", shortText(all.value(of, Json())));
    }
    fmt::print("\n");
  }
}

Result<void> compare(const ShowOptions& options) {
  std::vector<RunDirectory> runs;
  for (const std::string& folder : options.folders) {
    Z2_TRY(RunDirectory run, RunDirectory::open(folder));
    runs.push_back(std::move(run));
  }
  Z2_TRY(const Json compared, compareRuns(runs));
  if (options.asJson)
    printJson(compared);
  else
    printComparison(compared);
  return {};
}

void printKeys() {
  const Language language = languageOfTerminal();
  std::string_view group;
  for (const Field& field : schema()) {
    if (const std::string_view title = titleOf(field.group).in(language); title != group) {
      group = title;
      fmt::print("\n{}\n", group);
    }
    fmt::print("  {} = {}{}{}\n      {}\n", field.key, shortText(field.initial),
               field.unit.empty() ? "" : " ", field.unit, field.help.in(language));
  }
}

}  // namespace

void addRunStatus(CLI::App& run, Chosen& chosen) {
  CLI::App* command = run.add_subcommand("status", "What a run is doing now");
  auto options = std::make_shared<ShowOptions>();
  command->add_option("RUN", options->folders, "Directory of the run")->required()->expected(1);
  command->add_flag("--json", options->asJson, "Print it as JSON");
  onChosen(*command, chosen, [options]() -> Result<void> {
    Z2_TRY(const RunDirectory directory, RunDirectory::open(options->folders.front()));
    Z2_TRY(const RunReport report, inspectRun(directory));
    printReport(directory, report, options->asJson);
    return {};
  });
}

void addRunTail(CLI::App& run, Chosen& chosen) {
  CLI::App* command = run.add_subcommand("tail", "The run's metrics as JSON Lines");
  auto options = std::make_shared<ShowOptions>();
  command->add_option("RUN", options->folders, "Directory of the run")->required()->expected(1);
  command->add_flag("--follow", options->follows, "Go on until the run has ended");
  command->add_flag("--json", options->asJson, "The same; the output is JSON Lines in any case");
  onChosen(*command, chosen, [options] { return tail(*options); });
}

void addRunList(CLI::App& run, Chosen& chosen) {
  CLI::App* command = run.add_subcommand("list", "The runs of a folder");
  auto options = std::make_shared<ShowOptions>();
  command
      ->add_option("DIR", options->folders, "Folder of runs, or a workspace; here when not given")
      ->expected(0, 1);
  command->add_flag("--json", options->asJson, "Print an array of JSON objects");
  onChosen(*command, chosen, [options] { return list(*options); });
}

void addRunCompare(CLI::App& run, Chosen& chosen) {
  CLI::App* command =
      run.add_subcommand("compare", "Where runs differ in configuration and metrics");
  auto options = std::make_shared<ShowOptions>();
  command->add_option("RUN", options->folders, "Directories of runs")->required();
  command->add_flag("--json", options->asJson, "Print it as JSON");
  onChosen(*command, chosen, [options] { return compare(*options); });
}

void addRunKeys(CLI::App& run, Chosen& chosen) {
  CLI::App* command = run.add_subcommand("keys", "Every key of a run's configuration");
  auto options = std::make_shared<ShowOptions>();
  command->add_flag("--json", options->asJson, "Print the schema as JSON");
  onChosen(*command, chosen, [options]() -> Result<void> {
    if (options->asJson)
      printJson(schemaToJson());
    else
      printKeys();
    return {};
  });
}

}  // namespace z2::cli
