// z2all run import

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "app/cli/run/run_command.h"
#include "core/run_import/import_run.h"

namespace z2::cli {

namespace {

constexpr size_t kNamedKinds = 10;  // of what was left out

struct ImportArguments {
  std::string source;
  std::string output;
  std::string format = "auto";
  std::string utcOffset = "+00:00";
  bool keepsNames = false;
  bool passesDamage = false;
  bool asJson = false;
};

// "+08:00" in seconds.
std::optional<double> secondsOf(const std::string& offset) {
  int hours = 0;
  int minutes = 0;
  char sign = 0;
  int used = 0;
  if (std::sscanf(offset.c_str(), "%c%2d:%2d%n", &sign, &hours, &minutes, &used) != 3 ||
      static_cast<size_t>(used) != offset.size() || (sign != '+' && sign != '-') || hours < 0 ||
      hours > 14 || minutes < 0 || minutes > 59)
    return std::nullopt;
  return (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

void say(const ImportReport& report) {
  fmt::print("{}: {} rows of {} metrics, steps {} to {}", report.run.native(), report.rows,
             report.metrics.size(), report.firstStep, report.lastStep);
  if (report.attempts > 1) fmt::print(", {} attempts", report.attempts);
  fmt::print(" ({})\n", report.format);
  for (const auto& [name, original] : report.renamed)
    std::fprintf(stderr, "%s is here %s\n", original.c_str(), name.c_str());
  for (const std::string& note : report.notes) std::fprintf(stderr, "%s\n", note.c_str());
  if (report.leftOut.empty()) return;
  std::fprintf(stderr, "not taken over: %llu\n",
               static_cast<unsigned long long>(report.leftOutCount()));
  for (size_t i = 0; i < report.leftOut.size() && i < kNamedKinds; ++i) {
    const LeftOut& one = report.leftOut[i];
    std::fprintf(stderr, "  %llu x %s (%s)\n", static_cast<unsigned long long>(one.count),
                 one.what.c_str(), one.where.c_str());
  }
  if (report.leftOut.size() > kNamedKinds)
    std::fprintf(stderr, "  and %zu kinds more; --json names them\n",
                 report.leftOut.size() - kNamedKinds);
}

Result<void> import(const ImportArguments& arguments) {
  ImportOptions options;
  options.source = arguments.source;
  options.output = arguments.output;
  options.keepsNames = arguments.keepsNames;
  options.passesDamage = arguments.passesDamage;
  Z2_TRY(options.format, parseImportFormat(arguments.format));
  const auto offset = secondsOf(arguments.utcOffset);
  if (!offset)
    return usageError("--utc-offset: " + arguments.utcOffset + " is no distance from UTC",
                      "Write it as +08:00");
  options.utcOffset = *offset;
  Z2_TRY(const ImportReport report, importRun(options));
  if (arguments.asJson)
    printJson(toJson(report));
  else
    say(report);
  return {};
}

}  // namespace

void addRunImport(CLI::App& run, Chosen& chosen) {
  CLI::App* command = run.add_subcommand(
      "import", "Take over a run of another program, to watch and compare it beside yours");
  auto arguments = std::make_shared<ImportArguments>();
  command
      ->add_option("SOURCE", arguments->source,
                   "llm-zero2all's text log, a TensorBoard event file, or a folder of those")
      ->required();
  command->add_option("--output", arguments->output, "Folder of the run that is made")->required();
  command->add_option("--format", arguments->format, "What SOURCE is; auto looks at its content")
      ->check(CLI::IsMember({"auto", "z2all-log", "tensorboard"}))
      ->capture_default_str();
  command
      ->add_option("--utc-offset", arguments->utcOffset,
                   "How far a text log's clock is ahead of UTC")
      ->capture_default_str();
  command->add_flag("--keep-names", arguments->keepsNames,
                    "Keep the source's name of every metric; without it train/loss becomes loss, "
                    "and so on, to stand beside your runs");
  command->add_flag("--pass-damage", arguments->passesDamage,
                    "Of a damaged event file, take what stands before the damage");
  command->add_flag("--json", arguments->asJson, "Print what was taken over as JSON");
  onChosen(*command, chosen, [arguments] { return import(*arguments); });
}

}  // namespace z2::cli
