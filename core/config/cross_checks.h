#pragma once

// What must hold between the values of a configuration.

#include <string>
#include <vector>

#include "core/config/task.h"
#include "core/io/json.h"

namespace z2 {

// `flat` holds every key of the task, each valid for itself. Returns a sentence for each rule that
// is broken, beginning with its key, ending with the remedy.
[[nodiscard]] std::vector<std::string> brokenRules(Task task, const Json& flat);

}  // namespace z2
