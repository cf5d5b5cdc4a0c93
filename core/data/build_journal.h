#pragma once

// PREFIX.journal.json: how far an unfinished build came. It is written after the output that it
// speaks of is on the disk, and replaced atomically.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/data/encode_pipeline.h"
#include "core/data/token_file_writer.h"
#include "core/io/json.h"

namespace z2 {

struct BuildState {
  InputPosition position;
  TokenFileWriter::State train;
  TokenFileWriter::State valid;
  uint64_t droppedBytes = 0;  // of PREFIX.dropped.jsonl
  std::map<std::string, uint64_t> dropped;
  uint64_t truncatedDocuments = 0;
  uint64_t truncatedTokens = 0;
};

class BuildJournal {
 public:
  // `identity`: everything that decides the bytes of the output; a journal of another identity is
  // not gone on from.
  BuildJournal(const std::filesystem::path& prefix, Json identity);

  [[nodiscard]] bool exists() const;
  // Nothing when it belongs to another build, with the difference in words in `reason`.
  [[nodiscard]] std::optional<BuildState> read(std::string& reason) const;
  [[nodiscard]] Result<void> write(const BuildState& state) const;
  void remove() const;

 private:
  std::filesystem::path path_;
  Json identity_;
};

}  // namespace z2
