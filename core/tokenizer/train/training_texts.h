#pragma once

// The texts that a tokenizer learns from, read block by block by several threads, from every format
// that data is made from (core/data/records).
//
// What a document is:
// * in a text file: every line, with its line end, as `tokenizers` reads the files given to
//   Tokenizer.train(files);
// * in JSON Lines, JSON arrays and Parquet: every named field of every record that is not empty,
//   each field a document of its own.
// Files are UTF-8. A record that gives no text is an error that names file and line: nothing is
// left out of a vocabulary in silence.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/data/records/record_composer.h"
#include "core/data/records/record_format.h"

namespace z2 {

// Some whole records of one file.
struct TextBlock {
  RecordBlock records;
  size_t file = 0;  // number among the files
  bool isJson = false;
};

class TrainingTexts {
  struct Key {};  // open() alone makes objects

 public:
  explicit TrainingTexts(Key) {}

  using Visit = std::function<Result<void>(std::string_view document)>;

  // Looks at every file before any is read. `fields` empty: "text".
  [[nodiscard]] static Result<std::unique_ptr<TrainingTexts>> open(
      std::vector<std::filesystem::path> files, std::vector<std::string> fields);

  [[nodiscard]] uint64_t totalBytes() const { return totalBytes_; }
  // What a thread needs for forEachDocument.
  [[nodiscard]] RecordComposer composer() const { return RecordComposer({fields_}); }
  // Fills `block` with the next part; false at the end. Thread-safe.
  [[nodiscard]] Result<bool> next(TextBlock& block);
  // Visits the documents of a block in order. Thread-safe; each thread brings its own composer.
  // A document lives until `visit` returns.
  [[nodiscard]] Result<void> forEachDocument(const TextBlock& block, RecordComposer& composer,
                                             const Visit& visit) const;

 private:
  struct File {
    std::filesystem::path path;
    RecordFormat format = RecordFormat::kText;
  };
  // "file:line" of a record.
  [[nodiscard]] std::string placeOf(const TextBlock& block,
                                    const RecordBlock::Record& record) const;

  std::vector<File> files_;
  std::vector<std::string> fields_;
  uint64_t totalBytes_ = 0;

  std::mutex mutex_;  // of everything below
  size_t current_ = 0;
  std::unique_ptr<RecordReader> reader_;  // of the current file, once it is begun
};

}  // namespace z2
