#pragma once

// The schema of a run's configuration: each key once, with everything that the command line, the
// window's forms, validation, tool-tips and the documentation say about it.
//
// A new key is one entry in the table of its group (schema_<group>.cpp); nothing else names it but
// the code that uses it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/task.h"
#include "core/io/json.h"

namespace z2 {

enum class Language { kEnglish, kChinese };

// A text in both languages, each written for its readers.
struct Text {
  std::string_view en;
  std::string_view zh;

  [[nodiscard]] std::string_view in(Language language) const {
    return language == Language::kChinese ? zh : en;
  }
};

enum class FieldType { kInteger, kReal, kBoolean, kText, kChoice, kPath, kList };
[[nodiscard]] std::string_view nameOf(FieldType type);

// In the order in which forms and help show them.
enum class FieldGroup { kModel, kData, kTrain, kOptim, kLora, kDpo, kFused, kDist };
[[nodiscard]] Text titleOf(FieldGroup group);

constexpr unsigned taskBit(Task task) { return 1U << static_cast<unsigned>(task); }
constexpr unsigned kAllTasks = taskBit(Task::kPretrain) | taskBit(Task::kSft) | taskBit(Task::kDpo);
constexpr unsigned kTuningTasks = taskBit(Task::kSft) | taskBit(Task::kDpo);

// One key. Values are JSON: an integer, a real, a boolean, a string (kText, kChoice, kPath), or an
// array of strings (kList).
struct Field {
  std::string_view key = {};
  FieldType type = FieldType::kInteger;
  Json initial = {};               // the default
  Json sftInitial = {};            // the default of these tasks where it differs,
  Json dpoInitial = {};            // else null
  std::string_view unit = {};      // "tokens", "s"; empty: a pure number
  std::optional<double> min = {};  // inclusive
  std::optional<double> max = {};  // inclusive
  std::vector<std::string_view> choices =
      {};                      // kChoice: all there are; kText, kList: the known ones
  unsigned tasks = kAllTasks;  // taskBit of each that has the key
  Text label = {};
  Text help = {};                  // one or two sentences; says what 0 or empty means
  bool isSimple = false;           // one of the ten that a beginner sees
  bool isRequired = false;         // a run cannot start while it is empty
  bool mayChangeOnResume = false;  // the state of a checkpoint does not depend on it
  FieldGroup group = FieldGroup::kModel;

  [[nodiscard]] bool appliesTo(Task task) const { return (tasks & taskBit(task)) != 0; }
  [[nodiscard]] const Json& initialFor(Task task) const;
};

// Every key, group by group. Built once; the reference stays valid.
[[nodiscard]] const std::vector<Field>& schema();
// nullptr: there is no such key.
[[nodiscard]] const Field* findField(std::string_view key);
// The key of the schema that is nearest in spelling; empty when none is near.
[[nodiscard]] std::string_view nearestKey(std::string_view key);

// Values that a preset sets: "key": value. An unknown name gives an empty object.
[[nodiscard]] const Json& presetValues(std::string_view name);

// What `run keys --json` prints: an array, an object a key.
[[nodiscard]] Json schemaToJson();

}  // namespace z2
