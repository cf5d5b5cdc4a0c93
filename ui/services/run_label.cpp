#include "ui/services/run_label.h"

#include <string>
#include <system_error>

#include "core/io/json.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t kMaxBytes = 64 << 10;

fs::path fileOf(const fs::path& run) { return run / "label.json"; }

}  // namespace

RunLabel readRunLabel(const fs::path& run) {
  RunLabel label;
  std::error_code ignored;
  if (!fs::exists(fileOf(run), ignored)) return label;
  const auto json = readJsonFile(fileOf(run), kMaxBytes);
  if (!json || !json->is_object()) return label;
  if (const auto title = json->find("title"); title != json->end() && title->is_string())
    label.title = toQString(title->get_ref<const std::string&>());
  if (const auto tags = json->find("tags"); tags != json->end() && tags->is_array())
    for (const Json& tag : *tags)
      if (tag.is_string()) label.tags.append(toQString(tag.get_ref<const std::string&>()));
  if (const auto archived = json->find("archived"); archived != json->end())
    label.isArchived = archived->is_boolean() && archived->get<bool>();
  return label;
}

Result<void> writeRunLabel(const fs::path& run, const RunLabel& label) {
  if (label.title.isEmpty() && label.tags.isEmpty() && !label.isArchived) {
    std::error_code failure;
    fs::remove(fileOf(run), failure);
    if (failure) return systemError(failure.value(), "removing", fileOf(run).native());
    return {};
  }
  Json tags = Json::array();
  for (const QString& tag : label.tags) tags.push_back(toUtf8(tag));
  return writeJsonFile(
      fileOf(run),
      {{"title", toUtf8(label.title)}, {"tags", std::move(tags)}, {"archived", label.isArchived}});
}

QStringList parseTags(const QString& text) {
  QStringList tags;
  for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
    const QString tag = part.simplified();
    if (!tag.isEmpty() && !tags.contains(tag)) tags.append(tag);
  }
  return tags;
}

}  // namespace z2::ui
