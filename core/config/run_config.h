#pragma once

// The configuration of a run: a value for each key of the schema (core/config/schema.h), checked.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/config/config_issue.h"
#include "core/config/task.h"
#include "core/io/json.h"

namespace z2 {

// Complete (defaults filled in) and valid after every construction. A value type.
//
// Precedence: settings, then values, then the preset, then the defaults of the task. One default
// depends on another value: optim.warmup_steps is a tenth of train.steps, at most 100.
class RunConfig {
 public:
  // `values` is nested ({"model":{"hidden_size":…}}) or flat ({"model.hidden_size":…}); `settings`
  // are "key=value" texts as of --set and win over it. Every wrong key or value is named at once;
  // an unknown key's error offers the nearest one. model.preset fills the model's shape first.
  [[nodiscard]] static Result<RunConfig> make(Task task, const Json& values,
                                              const std::vector<std::string>& settings = {});

  [[nodiscard]] Task task() const { return task_; }
  // The key must be in the schema, apply to the task and be of that type (Z2_CHECK).
  [[nodiscard]] int64_t integer(std::string_view key) const;
  [[nodiscard]] double real(std::string_view key) const;
  [[nodiscard]] bool flag(std::string_view key) const;
  [[nodiscard]] const std::string& text(std::string_view key) const;  // text, choice, path
  [[nodiscard]] std::vector<std::string> list(std::string_view key) const;
  // Any key of the task, as JSON.
  [[nodiscard]] const Json& value(std::string_view key) const;

  // What a run needs before it can start (data.train, for one); a configuration that only describes
  // a model does without. Names all that is missing.
  [[nodiscard]] Result<void> checkRequired() const;

  // Nested, in the schema's order, all keys of the task: the content of run.json's "config".
  [[nodiscard]] Json toJson() const;
  // Only what differs from the preset and the defaults, nested; the preset itself when it is not
  // the default one. make(task, changedOnly()) gives an equal configuration.
  [[nodiscard]] Json changedOnly() const;
  // Whether `key` has the value that preset and defaults give it.
  [[nodiscard]] bool isDefault(std::string_view key) const;

 private:
  RunConfig(Task task, Json flat) : task_(task), flat_(std::move(flat)) {}

  Task task_ = Task::kPretrain;
  Json flat_;  // "key": value, in the schema's order
};

// A configuration as a form holds it while it is being filled in: complete even where it is wrong.
struct ConfigDraft {
  Json flat;   // "key": value of each key of the task: what was given where that is valid for
               // itself, else the usual value
  Json usual;  // the same had nobody set the key: default, preset, `values`
  std::vector<ConfigIssue> issues;  // empty: RunConfig::make accepts it
};
// As RunConfig::make, but `values` (flat) count as what is usual, not as what was given.
[[nodiscard]] ConfigDraft draftConfig(Task task, const Json& values,
                                      const std::vector<std::string>& settings);

// A key whose value differs between two configurations; null where a task lacks the key.
struct ConfigDifference {
  std::string key;
  Json first;
  Json second;
};
[[nodiscard]] std::vector<ConfigDifference> differences(const RunConfig& first,
                                                        const RunConfig& second);

}  // namespace z2
