#pragma once

// What must hold between the values of a configuration.

#include <vector>

#include "core/config/config_issue.h"
#include "core/config/task.h"
#include "core/io/json.h"

namespace z2 {

// `flat` holds every key of the task, each valid for itself. Returns the rules that are broken.
[[nodiscard]] std::vector<ConfigIssue> brokenRules(Task task, const Json& flat);

}  // namespace z2
