#pragma once

// The configuration of a run: a value for each key of the schema (core/config/schema.h), checked.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2 {

enum class Task { kPretrain, kSft, kDpo };

[[nodiscard]] std::string_view nameOf(Task task);
[[nodiscard]] Result<Task> parseTask(std::string_view name);

// Complete (defaults filled in) and valid after every construction. A value type.
class RunConfig {
 public:
  // `values` is nested ({"model":{"hidden_size":…}}) or flat ({"model.hidden_size":…}); `settings`
  // are "key=value" texts as of --set and win over it. Every wrong key or value is named at once;
  // an unknown key's error offers the nearest one. model.preset fills the model's shape first.
  [[nodiscard]] static Result<RunConfig> make(Task task, const Json& values,
                                              const std::vector<std::string>& settings = {});

  [[nodiscard]] Task task() const { return task_; }
  // The key must be in the schema and of that type (Z2_CHECK).
  [[nodiscard]] int64_t integer(std::string_view key) const;
  [[nodiscard]] double real(std::string_view key) const;
  [[nodiscard]] bool flag(std::string_view key) const;
  [[nodiscard]] const std::string& text(std::string_view key) const;

  // Nested, in the schema's order, all keys of the task: the content of run.json's "config".
  [[nodiscard]] Json toJson() const;
  // Only what differs from the preset and the defaults.
  [[nodiscard]] Json changedOnly() const;

 private:
  RunConfig(Task task, Json flat) : task_(task), flat_(std::move(flat)) {}

  Task task_ = Task::kPretrain;
  Json flat_;  // "key": value, in the schema's order
};

}  // namespace z2
