#pragma once

// Records of one file, in blocks that other threads can take apart.
//
// One thread reads blocks in order; the records inside (JSON values or plain text) are parsed by
// whoever gets the block. Memory: a block is about a megabyte, or one record of up to 64 MiB.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace z2 {

// Where reading goes on: all that a journal needs.
struct RecordPosition {
  uint64_t offset = 0;  // bytes; rows in a parquet file
  uint64_t line = 1;    // of the file, from 1; the row, from 1, in a parquet file
  uint64_t record = 0;  // records before this place, broken ones too
};

struct RecordBlock {
  // Readable bytes behind every record, as simdjson wants; they are not part of it.
  static constexpr size_t kPadding = 64;

  struct Record {
    size_t begin = 0;
    size_t size = 0;
    uint64_t line = 0;
    const char* problem = nullptr;  // why the reader could not take it; then size may be 0
  };

  std::string bytes;
  std::vector<Record> records;
  RecordPosition start;
  RecordPosition end;
  uint64_t sourceBytes = 0;  // how far this block advanced in the file, for progress

  [[nodiscard]] std::string_view text(const Record& record) const {
    return std::string_view(bytes).substr(record.begin, record.size);
  }
};

class RecordReader {
 public:
  virtual ~RecordReader() = default;
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  // False at the end of the file. A block may have no records (blank lines).
  [[nodiscard]] virtual Result<bool> next(RecordBlock& block) = 0;
  // Whether the records are JSON values (else plain text).
  [[nodiscard]] virtual bool isJson() const = 0;

 protected:
  RecordReader() = default;
};

}  // namespace z2
