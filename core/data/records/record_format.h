#pragma once

// The formats that records come in, and how a file's is recognised.

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "core/base/error.h"
#include "core/data/records/record_reader.h"

namespace z2 {

enum class RecordFormat { kJsonLines, kJsonArray, kText, kParquet };

// What one record of a text file is.
enum class TextUnit {
  kFile,       // the whole file, at most 64 MiB
  kLine,       // each line that is not blank
  kWholeLine,  // each line with its end, blank ones too
  kParagraph,  // what stands between blank lines
};

[[nodiscard]] std::string_view nameOf(RecordFormat format);  // jsonl, json, txt, parquet
[[nodiscard]] std::optional<RecordFormat> recordFormatNamed(std::string_view name);
[[nodiscard]] std::string_view nameOf(TextUnit unit);  // file, line, paragraph
[[nodiscard]] std::optional<TextUnit> textUnitNamed(std::string_view name);

// By name (.jsonl .ndjson .json .txt .md .parquet), else by the first bytes: PAR1 is parquet, an
// opening brace is JSON lines, anything else text. A .json that starts with a brace holds JSON
// lines, with a bracket an array of records.
[[nodiscard]] Result<RecordFormat> detectRecordFormat(const std::filesystem::path& path);

// Opens the file so that the next record read is the one at `from`.
[[nodiscard]] Result<std::unique_ptr<RecordReader>> openRecords(const std::filesystem::path& path,
                                                                RecordFormat format, TextUnit unit,
                                                                const RecordPosition& from);

}  // namespace z2
