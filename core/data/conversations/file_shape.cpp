#include "core/data/conversations/file_shape.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/data/records/record_reader.h"
#include "core/io/json.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr size_t kMostNames = 8;
constexpr size_t kRecordsForFields = 200;
constexpr const char* kOneALine =
    "JSON lines hold a whole object a line; for a JSON array over several lines give --format json";

std::string namesIn(const Json& record) {
  if (!record.is_object()) return "no field";
  std::string names;
  size_t count = 0;
  for (const auto& [name, value] : record.items()) {
    if (++count > kMostNames) return names + ", …";
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name);
  }
  return names.empty() ? "no field" : names;
}

void addNames(const Json& object, std::vector<std::string>& names) {
  for (const auto& [name, value] : object.items())
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

void addFields(const Json& record, RecordFields& fields) {
  if (!record.is_object()) return;
  addNames(record, fields.ofRecords);
  for (const auto& [name, value] : record.items())
    if (value.is_array())
      for (const Json& message : value)
        if (message.is_object()) addNames(message, fields.ofMessages);
}

}  // namespace

void RecordFields::add(const RecordFields& others) {
  const auto put = [](const std::vector<std::string>& from, std::vector<std::string>& to) {
    for (const std::string& name : from)
      if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
  };
  put(others.ofRecords, ofRecords);
  put(others.ofMessages, ofMessages);
}

Result<SampleFormat> sampleFormatOf(const fs::path& path, RecordFormat format,
                                    const ChatBuildOptions& options) {
  Z2_TRY(const std::unique_ptr<RecordReader> reader,
         openRecords(path, format, options.textUnit, {}));
  if (!reader->isJson())
    return badInput(path.native(), "this is plain text, which holds no conversations",
                    "Use JSON, JSON lines or parquet, or say which with --format");
  RecordBlock block;
  std::optional<std::pair<uint64_t, Error>> firstBroken;
  while (true) {
    Z2_TRY(const bool isThere, reader->next(block));
    if (!isThere && firstBroken) {
      const auto& [line, error] = *firstBroken;
      const bool mayBeAnArray = error.fix.empty() && format == RecordFormat::kJsonLines;
      return badInput(fmt::format("{}:{}", path.native(), line),
                      "no record of this file can be read; the first one: " + error.what,
                      mayBeAnArray ? kOneALine : error.fix);
    }
    if (!isThere) return badInput(path.native(), "there is no record in this file");
    for (const RecordBlock::Record& record : block.records) {
      const auto json = record.problem == nullptr ? parseJson(block.text(record), "")
                                                  : Result<Json>(badInput("", record.problem));
      if (!json) {
        if (!firstBroken) firstBroken.emplace(record.line, json.error());
        continue;
      }
      const Json named = withColumns(*json, options.columns);
      if (const auto found = detectSampleFormat(named, options.task)) return *found;
      return badInput(fmt::format("{}:{}", path.native(), record.line),
                      fmt::format("this record has {}, which is no known shape", namesIn(*json)),
                      fmt::format("Known are {}. Name its fields with --columns, such as "
                                  "--columns prompt=question,completion=answer",
                                  knownShapes(options.task)));
    }
  }
}

Result<RecordFields> fieldsOf(const fs::path& path) {
  Z2_TRY(const RecordFormat format, detectRecordFormat(path));
  Z2_TRY(const auto reader, openRecords(path, format, TextUnit::kParagraph, {}));
  RecordFields fields;
  if (!reader->isJson()) return fields;
  size_t seen = 0;
  RecordBlock block;
  while (seen < kRecordsForFields) {
    Z2_TRY(const bool isThere, reader->next(block));
    if (!isThere) break;
    for (const RecordBlock::Record& record : block.records) {
      if (++seen > kRecordsForFields) break;
      if (record.problem != nullptr) continue;
      if (const auto json = parseJson(block.text(record), path.native())) addFields(*json, fields);
    }
  }
  return fields;
}

}  // namespace z2
