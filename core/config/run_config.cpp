#include "core/config/run_config.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/check.h"
#include "core/config/cross_checks.h"
#include "core/config/schema.h"
#include "core/config/values.h"

namespace z2 {

namespace {

constexpr int64_t kDefaultWarmup = 100;

// Collects what a user gave, and everything that is wrong with it.
class Given {
 public:
  explicit Given(Task task) : task_(task) {}

  void addObject(const Json& object, const std::string& prefix = "") {
    if (!object.is_object()) {
      issues.push_back(prefix.empty() ? "the configuration must be a JSON object"
                                      : prefix + ": there is no such key");
      return;
    }
    for (const auto& [name, value] : object.items()) {
      const std::string key = prefix.empty() ? name : prefix + "." + name;
      const Field* field = usableField(key, value.is_object());
      if (field != nullptr)
        add(*field, checkedValue(*field, value));
      else if (value.is_object())
        addObject(value, key);
    }
  }

  void addSetting(const std::string& setting) {
    const size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      issues.push_back("\"" + setting + "\" is not of the form KEY=VALUE");
      return;
    }
    const Field* field = usableField(setting.substr(0, equals), false);
    if (field != nullptr)
      add(*field, parsedValue(*field, std::string_view(setting).substr(equals + 1)));
  }

  Json values = Json::object();  // flat, checked
  std::vector<std::string> issues;

 private:
  // nullptr: the key is unknown or belongs to another task; said among the issues unless it may
  // still be a section.
  const Field* usableField(const std::string& key, bool mayBeSection) {
    const Field* field = findField(key);
    if (field != nullptr && field->appliesTo(task_)) return field;
    if (field != nullptr) {
      issues.push_back(
          fmt::format("{}: this key has no meaning for {}. Drop it", key, nameOf(task_)));
    } else if (!mayBeSection) {
      const std::string_view nearest = nearestKey(key);
      issues.push_back(key + ": there is no such key. " +
                       (nearest.empty() ? std::string("`z2all run keys` lists them all")
                                        : fmt::format("Did you mean {}?", nearest)));
    }
    return nullptr;
  }

  void add(const Field& field, Result<Json> value) {
    if (value)
      values[std::string(field.key)] = std::move(*value);
    else
      issues.push_back(value.error().text());
  }

  Task task_;
};

// What the keys have before anybody sets one: defaults, then the preset, then what follows from the
// given values.
Json baseValues(Task task, const Json& given) {
  Json flat = Json::object();
  for (const Field& field : schema())
    if (field.appliesTo(task)) flat[std::string(field.key)] = field.initialFor(task);
  const Json& preset =
      given.contains("model.preset") ? given["model.preset"] : flat["model.preset"];
  const Json presetCopy = preset;
  for (const auto& [key, value] : presetValues(presetCopy.get<std::string>()).items())
    flat[key] = value;
  flat["model.preset"] = presetCopy;
  const Json& steps = given.contains("train.steps") ? given["train.steps"] : flat["train.steps"];
  flat["optim.warmup_steps"] = std::min(kDefaultWarmup, steps.get<int64_t>() / 10);
  return flat;
}

tl::unexpected<Error> allIssues(const std::vector<std::string>& issues) {
  if (issues.size() == 1) return badInput("", issues.front());
  std::string list = fmt::format("{} settings are wrong:", issues.size());
  for (const std::string& issue : issues) list += "\n  " + issue;
  return badInput("", list);
}

void putNested(Json& root, std::string_view key, const Json& value) {
  Json* node = &root;
  size_t dot = 0;
  while ((dot = key.find('.')) != std::string_view::npos) {
    node = &(*node)[std::string(key.substr(0, dot))];
    key.remove_prefix(dot + 1);
  }
  (*node)[std::string(key)] = value;
}

}  // namespace

Result<RunConfig> RunConfig::make(Task task, const Json& values,
                                  const std::vector<std::string>& settings) {
  Given given(task);
  given.addObject(values.is_null() ? Json::object() : values);
  for (const std::string& setting : settings) given.addSetting(setting);
  if (!given.issues.empty()) return allIssues(given.issues);

  Json flat = baseValues(task, given.values);
  for (const auto& [key, value] : given.values.items()) flat[key] = value;
  if (const auto broken = brokenRules(task, flat); !broken.empty()) return allIssues(broken);
  return RunConfig(task, std::move(flat));
}

const Json& RunConfig::value(std::string_view key) const {
  const auto found = flat_.find(key);
  Z2_CHECK(found != flat_.end(), key);
  return *found;
}

int64_t RunConfig::integer(std::string_view key) const {
  const Json& found = value(key);
  Z2_CHECK(found.is_number_integer(), key);
  return found.get<int64_t>();
}

double RunConfig::real(std::string_view key) const {
  const Json& found = value(key);
  Z2_CHECK(found.is_number_float(), key);
  return found.get<double>();
}

bool RunConfig::flag(std::string_view key) const {
  const Json& found = value(key);
  Z2_CHECK(found.is_boolean(), key);
  return found.get<bool>();
}

const std::string& RunConfig::text(std::string_view key) const {
  const Json& found = value(key);
  Z2_CHECK(found.is_string(), key);
  return found.get_ref<const std::string&>();
}

std::vector<std::string> RunConfig::list(std::string_view key) const {
  const Json& found = value(key);
  Z2_CHECK(found.is_array(), key);
  return found.get<std::vector<std::string>>();
}

Result<void> RunConfig::checkRequired() const {
  std::vector<std::string> issues;
  for (const Field& field : schema())
    if (field.isRequired && field.appliesTo(task_) && value(field.key) == "")
      issues.push_back(
          fmt::format("{}: is missing. Add --set {}=… ({})", field.key, field.key, field.help.en));
  if (!issues.empty()) return allIssues(issues);
  return {};
}

Json RunConfig::toJson() const {
  Json nested = Json::object();
  for (const auto& [key, value] : flat_.items()) putNested(nested, key, value);
  return nested;
}

Json RunConfig::changedOnly() const {
  const Json base = baseValues(task_, flat_);
  Json nested = Json::object();
  for (const auto& [key, value] : flat_.items()) {
    const bool isPreset = key == "model.preset";
    const Json& usual = isPreset ? findField(key)->initialFor(task_) : base.at(key);
    if (value != usual) putNested(nested, key, value);
  }
  return nested;
}

bool RunConfig::isDefault(std::string_view key) const {
  if (key == "model.preset") return value(key) == findField(key)->initialFor(task_);
  return value(key) == baseValues(task_, flat_).at(std::string(key));
}

std::vector<ConfigDifference> differences(const RunConfig& first, const RunConfig& second) {
  std::vector<ConfigDifference> all;
  for (const Field& field : schema()) {
    const Json a = field.appliesTo(first.task()) ? first.value(field.key) : Json();
    const Json b = field.appliesTo(second.task()) ? second.value(field.key) : Json();
    if (a != b) all.push_back({std::string(field.key), a, b});
  }
  return all;
}

}  // namespace z2
