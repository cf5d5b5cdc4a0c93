#pragma once

// What a build writes: the token files of PREFIX and of PREFIX.valid, and the list of the records
// that gave no document. Nothing has its name before commit. Private to core/data.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/build_journal.h"
#include "core/data/data_manifest.h"
#include "core/data/encode_pipeline.h"
#include "core/data/token_file_writer.h"
#include "core/io/files.h"

namespace z2 {

class BuildOutput {
 public:
  struct Shape {
    TokenType type = TokenType::kUint16;
    TokenLayout layout;
    bool hasValidation = false;
  };
  BuildOutput(const std::filesystem::path& prefix, Shape shape);

  // The files that take their names last, whole.
  [[nodiscard]] std::vector<std::filesystem::path> files() const;

  [[nodiscard]] Result<void> create();
  // Goes on after `state`. False: what lies there is not what it says.
  [[nodiscard]] bool reopen(const BuildState& state);
  [[nodiscard]] Result<void> write(const EncodedBlock& block);
  // `lines` of PREFIX.dropped.jsonl.
  [[nodiscard]] Result<void> writeDropped(const std::string& lines);
  // After this what `state` then says is on the disk.
  [[nodiscard]] Result<void> sync(BuildState& state);

  struct Committed {
    DataManifest train;
    std::optional<DataManifest> valid;
  };
  // Gives the files their names. `removesStale`: also takes away the part that an earlier build of
  // this name held out, when this one holds none out.
  [[nodiscard]] Result<Committed> commit(const DataManifest& made, bool hasDropped,
                                         bool removesStale);

  // Removes what has no name yet.
  void discard() const;

 private:
  [[nodiscard]] Result<void> removeStaleValidation() const;
  [[nodiscard]] Result<void> nameDropped(bool isThere) const;

  const std::filesystem::path prefix_;
  const std::filesystem::path validPrefix_;
  const std::filesystem::path droppedPart_;
  const Shape shape_;
  std::unique_ptr<TokenFileWriter> train_;
  std::unique_ptr<TokenFileWriter> valid_;
  FileHandle droppedFile_;
};

}  // namespace z2
