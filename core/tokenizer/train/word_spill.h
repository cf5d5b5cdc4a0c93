#pragma once

// Counted words set down on disk when memory is short, in partitions by hash: every word lies in
// one partition, so that each partition can be counted on its own.
//
// The files have no name: they vanish with the object, or with the process, however it ends.

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/io/files.h"
#include "core/tokenizer/train/word_table.h"

namespace z2 {

class WordSpill {
 public:
  static constexpr size_t kPartitions = 64;

  // `folder` exists; the disk under it takes about the distinct words of every spill.
  explicit WordSpill(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Moves all words of `table` to disk; it is left empty. Thread-safe for different tables.
  [[nodiscard]] Result<void> write(WordTable& table);
  [[nodiscard]] bool isEmpty() const { return bytesWritten_ == 0; }
  [[nodiscard]] uint64_t bytesWritten() const { return bytesWritten_; }
  // Adds every word of the partition to `table`. Not while write runs.
  [[nodiscard]] Result<void> read(size_t partition, WordTable& table) const;

 private:
  [[nodiscard]] Result<void> append(size_t partition, std::string& buffer);

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::array<FileHandle, kPartitions> files_;
  uint64_t bytesWritten_ = 0;
};

}  // namespace z2
