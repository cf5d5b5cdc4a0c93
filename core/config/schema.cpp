#include "core/config/schema.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/config/schema_tables.h"

namespace z2 {

namespace {

// Farther apart than this, another key is no help.
constexpr size_t kMaxEditDistance = 6;

std::vector<Field> allFields() {
  using enum FieldGroup;
  std::vector<Field> all;
  const auto add = [&](FieldGroup group, std::vector<Field> fields) {
    for (Field& field : fields) {
      field.group = group;
      all.push_back(std::move(field));
    }
  };
  add(kModel, tables::modelFields());
  add(kData, tables::dataFields());
  add(kTrain, tables::trainFields());
  add(kOptim, tables::optimFields());
  add(kLora, tables::loraFields());
  add(kDpo, tables::dpoFields());
  add(kFused, tables::fusedFields());
  add(kDist, tables::distFields());
  return all;
}

// Levenshtein's distance, one row at a time.
size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, substituted}));
    }
  }
  return row[b.size()];
}

std::string_view lastPart(std::string_view key) {
  const size_t dot = key.rfind('.');
  return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

// "hidden_size", "train.hidden_size" and "model.hidden" all mean "model.hidden_size".
size_t spellingDistance(std::string_view given, std::string_view key) {
  const std::string_view givenLast = lastPart(given);
  const std::string_view keyLast = lastPart(key);
  size_t distance = std::min(editDistance(given, key), editDistance(givenLast, keyLast) + 1);
  if (givenLast.size() >= 4 && keyLast.find(givenLast) != std::string_view::npos)
    distance = std::min(distance, size_t{2});
  return distance;
}

Json bothLanguages(Text text) { return {{"en", text.en}, {"zh", text.zh}}; }

Json fieldToJson(const Field& field) {
  Json out = {{"key", field.key}, {"type", nameOf(field.type)}, {"default", field.initial}};
  Json byTask = Json::object();
  if (!field.sftInitial.is_null()) byTask["sft"] = field.sftInitial;
  if (!field.dpoInitial.is_null()) byTask["dpo"] = field.dpoInitial;
  if (!byTask.empty()) out["default_by_task"] = byTask;
  if (!field.unit.empty()) out["unit"] = field.unit;
  const bool isInteger = field.type == FieldType::kInteger;
  const auto number = [&](double value) {
    return isInteger ? Json(static_cast<int64_t>(value)) : Json(value);
  };
  if (field.min) out["min"] = number(*field.min);
  if (field.max) out["max"] = number(*field.max);
  if (!field.choices.empty()) out["choices"] = field.choices;
  out["tasks"] = Json::array();
  for (const Task task : {Task::kPretrain, Task::kSft, Task::kDpo})
    if (field.appliesTo(task)) out["tasks"].push_back(nameOf(task));
  out["group"] = bothLanguages(titleOf(field.group));
  out["label"] = bothLanguages(field.label);
  out["help"] = bothLanguages(field.help);
  out["simple"] = field.isSimple;
  out["required"] = field.isRequired;
  out["may_change_on_resume"] = field.mayChangeOnResume;
  return out;
}

}  // namespace

std::string_view nameOf(FieldType type) {
  switch (type) {
    case FieldType::kInteger:
      return "integer";
    case FieldType::kReal:
      return "real";
    case FieldType::kBoolean:
      return "boolean";
    case FieldType::kText:
      return "text";
    case FieldType::kChoice:
      return "choice";
    case FieldType::kPath:
      return "path";
    case FieldType::kList:
      return "list";
  }
  return "";
}

Text titleOf(FieldGroup group) {
  switch (group) {
    case FieldGroup::kModel:
      return {"Model", "模型"};
    case FieldGroup::kData:
      return {"Data", "数据"};
    case FieldGroup::kTrain:
      return {"Training", "训练"};
    case FieldGroup::kOptim:
      return {"Optimizer", "优化器"};
    case FieldGroup::kLora:
      return {"LoRA", "LoRA"};
    case FieldGroup::kDpo:
      return {"Preferences (DPO)", "偏好对齐 (DPO)"};
    case FieldGroup::kFused:
      return {"Fused operations", "融合算子"};
    case FieldGroup::kDist:
      return {"Several devices", "分布式"};
  }
  return {};
}

const Json& Field::initialFor(Task task) const {
  if (task == Task::kSft && !sftInitial.is_null()) return sftInitial;
  if (task == Task::kDpo && !dpoInitial.is_null()) return dpoInitial;
  return initial;
}

const std::vector<Field>& schema() {
  static const std::vector<Field> fields = allFields();
  return fields;
}

const Field* findField(std::string_view key) {
  static const std::unordered_map<std::string_view, const Field*> byKey = [] {
    std::unordered_map<std::string_view, const Field*> index;
    for (const Field& field : schema()) index.emplace(field.key, &field);
    return index;
  }();
  const auto found = byKey.find(key);
  return found == byKey.end() ? nullptr : found->second;
}

std::string_view nearestKey(std::string_view key) {
  std::string_view nearest;
  size_t least = std::min(kMaxEditDistance, key.size() / 3) + 1;
  for (const Field& field : schema()) {
    const size_t distance = spellingDistance(key, field.key);
    if (distance < least) {
      least = distance;
      nearest = field.key;
    }
  }
  return nearest;
}

Json schemaToJson() {
  Json keys = Json::array();
  for (const Field& field : schema()) keys.push_back(fieldToJson(field));
  return keys;
}

}  // namespace z2
