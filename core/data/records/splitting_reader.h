#pragma once

// Reads a file through a buffer and lets a splitter find the records in it.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/data/records/record_reader.h"
#include "core/io/files.h"

namespace z2 {

// Knows where the records of one format begin and end.
class RecordSplitter {
 public:
  virtual ~RecordSplitter() = default;
  RecordSplitter(const RecordSplitter&) = delete;
  RecordSplitter& operator=(const RecordSplitter&) = delete;

  // Adds the whole records of `bytes` to `records` and says how many bytes are done with. `line` is
  // the line at which `bytes` begins, and becomes the one where the rest does. With `isLast`
  // nothing follows.
  [[nodiscard]] virtual Result<size_t> split(std::string_view bytes, bool isLast, uint64_t& line,
                                             std::vector<RecordBlock::Record>& records) = 0;
  // Whether a record that is too long ends at the next newline, so that it can be left out alone.
  [[nodiscard]] virtual bool endsAtNewline() const { return false; }
  [[nodiscard]] virtual bool isJson() const = 0;

 protected:
  RecordSplitter() = default;
};

class SplittingReader final : public RecordReader {
 public:
  [[nodiscard]] static Result<std::unique_ptr<RecordReader>> open(
      const std::filesystem::path& path, std::unique_ptr<RecordSplitter> splitter,
      const RecordPosition& from);

  [[nodiscard]] Result<bool> next(RecordBlock& block) override;
  [[nodiscard]] bool isJson() const override { return splitter_->isJson(); }

 private:
  SplittingReader(std::filesystem::path path, const RecordPosition& from);
  [[nodiscard]] Result<void> fill(std::string& bytes);
  [[nodiscard]] Result<void> skipLongRecord(RecordBlock& block);

  std::filesystem::path path_;
  FileHandle file_;
  std::unique_ptr<RecordSplitter> splitter_;
  RecordPosition position_;
  std::string rest_;  // read, but not part of a whole record yet
  size_t readBytes_ = 0;
  bool isAtEnd_ = false;
};

}  // namespace z2
