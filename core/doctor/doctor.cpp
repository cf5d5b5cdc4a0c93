#include "core/doctor/doctor.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <vector>

#include "core/doctor/findings.h"

namespace z2 {

namespace {

std::string_view nameOf(Health health) {
  switch (health) {
    case Health::kGood:
      return "good";
    case Health::kNote:
      return "note";
    case Health::kBroken:
      return "broken";
  }
  return "";
}

}  // namespace

std::vector<Finding> examineMachine(const std::filesystem::path& workspace,
                                    const std::filesystem::path& programs) {
  return {examineProcessor(),   examineMemory(),           examineDisk(workspace),
          examineLibc(),        examineLibTorch(programs), examineTrainer(programs),
          examineGpu(programs), examinePlugins(programs)};
}

Json toJson(const std::vector<Finding>& findings) {
  Json checks = Json::array();
  for (const Finding& finding : findings) {
    Json check = {{"name", finding.name},
                  {"health", nameOf(finding.health)},
                  {"found", finding.found},
                  {"fix", finding.fix.empty() ? Json() : Json(finding.fix)}};
    check.update(finding.details);
    checks.push_back(std::move(check));
  }
  const bool isBroken = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.health == Health::kBroken;
  });
  return {{"ok", !isBroken}, {"checks", std::move(checks)}};
}

}  // namespace z2
