#include "core/tokenizer/train/training_texts.h"

#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

namespace z2 {

namespace fs = std::filesystem;

Result<std::unique_ptr<TrainingTexts>> TrainingTexts::open(std::vector<fs::path> files,
                                                           std::vector<std::string> fields) {
  if (files.empty()) return usageError("no input file is given", "Name at least one with --input");
  auto texts = std::make_unique<TrainingTexts>(Key{});
  texts->fields_ = std::move(fields);
  for (fs::path& path : files) {
    std::error_code failure;
    if (fs::exists(path, failure) && !fs::is_regular_file(path, failure))
      return badInput(path.native(), "this is not a regular file", "Name files, not folders");
    Z2_TRY(const RecordFormat format, detectRecordFormat(path));
    const uint64_t bytes = fs::file_size(path, failure);
    if (!failure) texts->totalBytes_ += bytes;
    texts->files_.push_back({std::move(path), format});
  }
  return texts;
}

Result<bool> TrainingTexts::next(TextBlock& block) {
  const std::lock_guard lock(mutex_);
  for (; current_ < files_.size(); ++current_, reader_.reset()) {
    const File& file = files_[current_];
    if (reader_ == nullptr) {
      Z2_TRY(reader_, openRecords(file.path, file.format, TextUnit::kWholeLine, {}));
    }
    Z2_TRY(const bool isRead, reader_->next(block.records));
    if (!isRead) continue;
    block.file = current_;
    block.isJson = reader_->isJson();
    return true;
  }
  return false;
}

Result<void> TrainingTexts::forEachDocument(const TextBlock& block, RecordComposer& composer,
                                            const Visit& visit) const {
  const std::string& bytes = block.records.bytes;
  // One look at the whole block is faster than one at each line.
  const bool isUtf8 = block.isJson || simdjson::validate_utf8(bytes.data(), bytes.size());
  std::vector<std::string> parts;
  for (const RecordBlock::Record& record : block.records.records) {
    const std::string_view text = block.records.text(record);
    if (record.problem != nullptr)
      return badInput(placeOf(block, record), fmt::format("this record is {}", record.problem),
                      "Break the text into shorter records");
    if (block.isJson) {
      if (const auto composed = composer.composeParts(text, parts); !composed)
        return badInput(placeOf(block, record),
                        composed.error().reason + ": " + composed.error().detail,
                        "Each record is an object; name the fields that hold text with --field");
      for (const std::string& part : parts) Z2_TRY_VOID(visit(part));
      continue;
    }
    if (!isUtf8 && !simdjson::validate_utf8(text.data(), text.size()))
      return badInput(placeOf(block, record), "the text is not UTF-8",
                      "Convert the file, for example with iconv -f GB18030 -t UTF-8");
    Z2_TRY_VOID(visit(text));
  }
  return {};
}

std::string TrainingTexts::placeOf(const TextBlock& block,
                                   const RecordBlock::Record& record) const {
  return fmt::format("{}:{}", files_[block.file].path.native(), record.line);
}

}  // namespace z2
