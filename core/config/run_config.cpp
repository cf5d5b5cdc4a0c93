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

std::string withoutWhere(Error error) {
  error.where.clear();
  return error.text();
}

std::string expectedInChinese(const Field& field) {
  const bool isNumber = field.type == FieldType::kInteger || field.type == FieldType::kReal;
  if (field.type == FieldType::kBoolean) return "应为 true 或 false";
  if (!field.choices.empty() && !isNumber)
    return fmt::format("应为以下之一：{}", fmt::join(field.choices, "、"));
  if (!isNumber) return "应为一段文字";
  std::string range;
  if (field.min && field.max)
    range = fmt::format("，在 {} 与 {} 之间", *field.min, *field.max);
  else if (field.min)
    range = fmt::format("，不小于 {}", *field.min);
  else if (field.max)
    range = fmt::format("，不大于 {}", *field.max);
  return (field.type == FieldType::kInteger ? "应为整数" : "应为数字") + range;
}

// Collects what a user gave, and everything that is wrong with it.
class Given {
 public:
  explicit Given(Task task) : task_(task) {}

  void addObject(const Json& object, const std::string& prefix = "") {
    if (!object.is_object()) {
      if (prefix.empty())
        report("", "the configuration must be a JSON object", "配置必须是一个 JSON 对象");
      else
        report(prefix, "there is no such key", "没有这个键");
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
      report("", "\"" + setting + "\" is not of the form KEY=VALUE",
             "“" + setting + "”不是 KEY=VALUE 的形式");
      return;
    }
    const Field* field = usableField(setting.substr(0, equals), false);
    if (field != nullptr)
      add(*field, parsedValue(*field, std::string_view(setting).substr(equals + 1)));
  }

  Json values = Json::object();  // flat, checked
  std::vector<ConfigIssue> issues;

 private:
  void report(std::string_view key, std::string en, std::string zh) {
    issues.push_back({std::string(key), std::move(en), std::move(zh)});
  }

  // nullptr: the key is unknown or belongs to another task; said among the issues unless it may
  // still be a section.
  const Field* usableField(const std::string& key, bool mayBeSection) {
    const Field* field = findField(key);
    if (field != nullptr && field->appliesTo(task_)) return field;
    if (field != nullptr) {
      report(key, fmt::format("this key has no meaning for {}. Drop it", nameOf(task_)),
             fmt::format("这个键对 {} 没有意义，请去掉", nameOf(task_)));
    } else if (!mayBeSection) {
      const std::string_view nearest = nearestKey(key);
      report(key,
             "there is no such key. " + (nearest.empty()
                                             ? std::string("`z2all run keys` lists them all")
                                             : fmt::format("Did you mean {}?", nearest)),
             nearest.empty() ? "没有这个键。`z2all run keys` 列出全部"
                             : fmt::format("没有这个键。是否应为 {}？", nearest));
    }
    return nullptr;
  }

  void add(const Field& field, Result<Json> value) {
    if (value)
      values[std::string(field.key)] = std::move(*value);
    else
      report(field.key, withoutWhere(value.error()), expectedInChinese(field));
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

tl::unexpected<Error> allIssues(const std::vector<ConfigIssue>& issues) {
  const auto lineOf = [](const ConfigIssue& issue) {
    return issue.key.empty() ? issue.en : issue.key + ": " + issue.en;
  };
  if (issues.size() == 1) return badInput("", lineOf(issues.front()));
  std::string list = fmt::format("{} settings are wrong:", issues.size());
  for (const ConfigIssue& issue : issues) list += "\n  " + lineOf(issue);
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
  std::vector<ConfigIssue> issues;
  for (const Field& field : schema())
    if (field.isRequired && field.appliesTo(task_) && value(field.key) == "")
      issues.push_back({std::string(field.key),
                        fmt::format("is missing. Add --set {}=… ({})", field.key, field.help.en),
                        "必须填写"});
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

ConfigDraft draftConfig(Task task, const Json& values, const std::vector<std::string>& settings) {
  Given under(task);
  under.addObject(values.is_null() ? Json::object() : values);
  Given given(task);
  for (const std::string& setting : settings) given.addSetting(setting);
  Json all = under.values;
  for (const auto& [key, value] : given.values.items()) all[key] = value;

  ConfigDraft draft{.flat = {}, .usual = baseValues(task, all), .issues = std::move(under.issues)};
  for (const auto& [key, value] : under.values.items()) draft.usual[key] = value;
  if (!under.values.contains("model.preset"))
    draft.usual["model.preset"] = findField("model.preset")->initialFor(task);
  draft.flat = draft.usual;
  for (const auto& [key, value] : given.values.items()) draft.flat[key] = value;
  draft.issues.insert(draft.issues.end(), given.issues.begin(), given.issues.end());
  for (ConfigIssue& issue : brokenRules(task, draft.flat)) draft.issues.push_back(std::move(issue));
  return draft;
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
