#include "app/cli/doctor_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "core/doctor/doctor.h"
#include "core/run/workspace.h"

namespace z2::cli {

namespace fs = std::filesystem;

namespace {

struct DoctorOptions {
  std::string workspace;
  bool asJson = false;
};

const char* signOf(Health health) {
  switch (health) {
    case Health::kGood:
      return "ok    ";
    case Health::kNote:
      return "note  ";
    case Health::kBroken:
      return "BROKEN";
  }
  return "";
}

Result<void> examine(const DoctorOptions& options) {
  std::error_code failure;
  const fs::path self = fs::read_symlink("/proc/self/exe", failure);
  const std::vector<Finding> findings =
      examineMachine(Workspace::choose(options.workspace).folder(), self.parent_path());
  if (options.asJson) {
    printJson(toJson(findings));
  } else {
    for (const Finding& finding : findings) {
      std::printf("%s  %s\n", signOf(finding.health), finding.found.c_str());
      if (!finding.fix.empty()) std::printf("        → %s\n", finding.fix.c_str());
    }
  }
  const auto broken = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.health == Health::kBroken;
  });
  if (broken == 0) return {};
  return environmentError("",
                          broken == 1 ? "one thing must be mended before models can be trained"
                                      : "some things must be mended before models can be trained",
                          "What to do stands above");
}

}  // namespace

void addDoctorCommand(CLI::App& app, Chosen& chosen) {
  CLI::App* command =
      app.add_subcommand("doctor", "What this machine has, what is missing, what to do");
  auto options = std::make_shared<DoctorOptions>();
  command->add_option("--workspace", options->workspace,
                      "Folder of your work (else Z2_WORKSPACE, else ~/Zero2All)");
  command->add_flag("--json", options->asJson, "Print the findings as JSON");
  onChosen(*command, chosen, [options] { return examine(*options); });
}

}  // namespace z2::cli
