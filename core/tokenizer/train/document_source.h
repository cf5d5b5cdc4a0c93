#pragma once

// The texts that a tokenizer learns from, read block by block by several threads.
//
// What a document is:
// * a text file (.txt and any other name): every line, with its line end, as `tokenizers` reads the
//   files given to Tokenizer.train(files);
// * JSON Lines (.jsonl, .ndjson) and a JSON file that holds one array of objects (.json): every
//   named field of every record, each field a document of its own.
// Files are UTF-8; anything else is refused by file and line.

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
#include "core/io/files.h"

namespace z2 {

// Some whole documents as they lie in one file.
struct DocumentBlock {
  std::string bytes;
  size_t file = 0;      // number among the files
  uint64_t offset = 0;  // of `bytes` in the file
};

// What a thread needs to read JSON; see DocumentSource.
class DocumentScratch {
 public:
  DocumentScratch();
  ~DocumentScratch();

 private:
  friend class DocumentSource;
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

class DocumentSource {
  struct Key {};  // open() alone makes objects

 public:
  explicit DocumentSource(Key) {}

  using Visit = std::function<Result<void>(std::string_view document)>;

  // Looks at every file before any is read. `fields` empty: "text".
  [[nodiscard]] static Result<std::unique_ptr<DocumentSource>> open(
      std::vector<std::filesystem::path> files, std::vector<std::string> fields);

  [[nodiscard]] uint64_t totalBytes() const { return totalBytes_; }
  // Fills `block` with the next part; false at the end. Thread-safe.
  [[nodiscard]] Result<bool> next(DocumentBlock& block);
  // Visits the documents of a block in order. Thread-safe; each thread brings its own scratch.
  // A document lives until `visit` returns.
  [[nodiscard]] Result<void> forEachDocument(DocumentBlock& block, DocumentScratch& scratch,
                                             const Visit& visit) const;

 private:
  enum class Format { kLines, kJsonLines, kJsonArray };
  struct File {
    std::filesystem::path path;
    Format format = Format::kLines;
    uint64_t bytes = 0;
  };
  [[nodiscard]] static Result<File> inspect(std::filesystem::path path);
  [[nodiscard]] Result<bool> readBlock(DocumentBlock& block);
  [[nodiscard]] Result<void> visitLines(const DocumentBlock& block, const Visit& visit) const;
  [[nodiscard]] Result<void> visitJsonLines(DocumentBlock& block, DocumentScratch& scratch,
                                            const Visit& visit) const;
  [[nodiscard]] Result<void> visitJsonArray(DocumentBlock& block, DocumentScratch& scratch,
                                            const Visit& visit) const;
  // "file:line" of a place in a block.
  [[nodiscard]] std::string placeOf(const DocumentBlock& block, size_t at) const;

  std::vector<File> files_;
  std::vector<std::string> fields_;
  bool hasNamedFields_ = false;
  uint64_t totalBytes_ = 0;

  std::mutex mutex_;  // of everything below
  size_t current_ = 0;
  FileHandle handle_;
  uint64_t offset_ = 0;  // in the current file, of carry_
  std::string carry_;    // the start of a line whose end is not read yet
};

}  // namespace z2
