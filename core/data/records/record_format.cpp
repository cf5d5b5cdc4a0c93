#include "core/data/records/record_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "core/data/records/json_array_splitter.h"
#include "core/data/records/line_splitters.h"
#include "core/data/records/parquet_reader.h"
#include "core/data/records/splitting_reader.h"

namespace z2 {

namespace {

constexpr std::array kFormats = {RecordFormat::kJsonLines, RecordFormat::kJsonArray,
                                 RecordFormat::kText, RecordFormat::kParquet};
constexpr std::array kUnits = {TextUnit::kFile, TextUnit::kLine, TextUnit::kWholeLine,
                               TextUnit::kParagraph};

struct Foreign {
  std::string_view beginning;
  const char* what;
  const char* fix;
};
constexpr const char* kCompressed = "this file is compressed";
constexpr const char* kUtf16 = "this file is UTF-16, not UTF-8";
constexpr std::array<Foreign, 5> kForeign = {{
    {"\x1F\x8B", kCompressed, "Unpack it with gunzip"},
    {"\x28\xB5\x2F\xFD", kCompressed, "Unpack it with zstd -d"},
    {"PK\x03\x04", kCompressed, "Unpack it with unzip"},
    {"\xFF\xFE", kUtf16, "Convert it with iconv -f UTF-16 -t UTF-8"},
    {"\xFE\xFF", kUtf16, "Convert it with iconv -f UTF-16 -t UTF-8"},
}};

// The first bytes, without a byte order mark and blanks.
Result<std::string> beginningOf(const std::filesystem::path& path) {
  Z2_TRY(const FileHandle file, openFile(path, O_RDONLY));
  std::string bytes(4096, '\0');
  const ssize_t count = ::read(file.fd(), bytes.data(), bytes.size());
  if (count < 0) return systemError(errno, "reading", path.native());
  bytes.resize(static_cast<size_t>(count));
  for (const Foreign& one : kForeign)
    if (bytes.starts_with(one.beginning)) return badInput(path.native(), one.what, one.fix);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);
  bytes.erase(0, std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size()));
  return bytes;
}

}  // namespace

std::string_view nameOf(RecordFormat format) {
  switch (format) {
    case RecordFormat::kJsonLines:
      return "jsonl";
    case RecordFormat::kJsonArray:
      return "json";
    case RecordFormat::kText:
      return "txt";
    case RecordFormat::kParquet:
      return "parquet";
  }
  return "";
}

std::optional<RecordFormat> recordFormatNamed(std::string_view name) {
  for (const RecordFormat format : kFormats)
    if (nameOf(format) == name) return format;
  return std::nullopt;
}

std::string_view nameOf(TextUnit unit) {
  switch (unit) {
    case TextUnit::kFile:
      return "file";
    case TextUnit::kLine:
      return "line";
    case TextUnit::kWholeLine:
      return "whole-line";
    case TextUnit::kParagraph:
      return "paragraph";
  }
  return "";
}

std::optional<TextUnit> textUnitNamed(std::string_view name) {
  for (const TextUnit unit : kUnits)
    if (nameOf(unit) == name) return unit;
  return std::nullopt;
}

Result<RecordFormat> detectRecordFormat(const std::filesystem::path& path) {
  std::string extension = path.extension().native();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  Z2_TRY(const std::string beginning, beginningOf(path));
  if (beginning.starts_with("PAR1") || extension == ".parquet") return RecordFormat::kParquet;
  if (extension == ".jsonl" || extension == ".ndjson") return RecordFormat::kJsonLines;
  if (extension == ".json")
    return beginning.starts_with('[') ? RecordFormat::kJsonArray : RecordFormat::kJsonLines;
  if (extension == ".txt" || extension == ".md") return RecordFormat::kText;
  return beginning.starts_with('{') ? RecordFormat::kJsonLines : RecordFormat::kText;
}

Result<std::unique_ptr<RecordReader>> openRecords(const std::filesystem::path& path,
                                                  RecordFormat format, TextUnit unit,
                                                  const RecordPosition& from) {
  const auto open = [&](std::unique_ptr<RecordSplitter> splitter) {
    return SplittingReader::open(path, std::move(splitter), from);
  };
  switch (format) {
    case RecordFormat::kParquet:
      return openParquet(path, from);
    case RecordFormat::kJsonLines:
      return open(makeLineSplitter(true));
    case RecordFormat::kJsonArray:
      return open(makeJsonArraySplitter(path.native(), from.offset > 0));
    case RecordFormat::kText:
      break;
  }
  switch (unit) {
    case TextUnit::kFile:
      return open(makeWholeFileSplitter());
    case TextUnit::kLine:
      return open(makeLineSplitter(false));
    case TextUnit::kWholeLine:
      return open(makeWholeLineSplitter());
    case TextUnit::kParagraph:
      break;
  }
  return open(makeParagraphSplitter());
}

}  // namespace z2
