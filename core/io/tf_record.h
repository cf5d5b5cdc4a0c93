#pragma once

// TFRecord framing, as TensorBoard's event files have it: length (8 bytes, little endian), masked
// CRC-32C of the length, that many bytes, masked CRC-32C of them.
// tensorflow.org/tutorials/load_data/tfrecord

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace z2 {

// Walks the records of a file that is in memory and may still grow.
class TfRecordReader {
 public:
  // `where` names the file in errors. Both must outlive the reader.
  TfRecordReader(std::string_view file, std::string_view where) : file_(file), where_(where) {}

  // True: a record was read. False: the end; what follows offset() is the beginning of a record
  // that is not whole (yet). Error (corrupt): a checksum does not fit; it names the offset.
  [[nodiscard]] Result<bool> next();

  [[nodiscard]] std::string_view record() const { return record_; }
  [[nodiscard]] uint64_t recordStart() const { return recordStart_; }  // of its length field
  [[nodiscard]] uint64_t offset() const { return offset_; }            // after the last record

  // Whether the bytes begin with the length field of a record, its checksum included.
  [[nodiscard]] static bool isStart(std::string_view bytes);

 private:
  std::string_view file_;
  std::string_view where_;
  std::string_view record_;
  uint64_t recordStart_ = 0;
  uint64_t offset_ = 0;
};

// Appends a framed record to `out`.
void appendTfRecord(std::string& out, std::string_view record);

}  // namespace z2
