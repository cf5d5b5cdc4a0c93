#pragma once

// Files of records to a token file, for every task: `z2all data tokenize`.
//
// One thread reads blocks of records, workers parse and encode them, the calling thread writes them
// in order; so the bytes do not depend on the number of workers. Memory is bounded by the blocks in
// flight (two a worker, about a megabyte each; more only for records that are larger).
//
// Interrupted work goes on: PREFIX.journal.json holds, a few seconds old at most, how far the input
// was read and what of the output is on the disk by then. The result takes its names only when it
// is whole.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/data_manifest.h"
#include "core/data/document_encoder.h"
#include "core/data/records/record_format.h"

namespace z2 {

struct BuildOptions {
  std::vector<std::filesystem::path> inputs;
  std::optional<RecordFormat> format;  // nothing: each file's own
  TextUnit textUnit = TextUnit::kParagraph;
  std::filesystem::path output;  // PREFIX
  int workers = 1;
  // This part of the records, chosen by a hash of their number, becomes PREFIX.valid.
  double validFraction = 0;
  bool isOverwriting = false;  // else a PREFIX that exists is refused
  // When it fails or is stopped, nothing is left to go on from; else the same call goes on.
  bool isDiscarding = false;
  bool isProgressJson = false;
  std::chrono::milliseconds journalInterval{3000};
  std::function<bool()> shouldStop;  // nothing: stopRequested
};

struct BuildSummary {
  DataManifest train;
  std::optional<DataManifest> valid;
  uint64_t inputBytes = 0;
  uint64_t readBytes = 0;  // by this process: less than inputBytes when it went on with a build
  uint64_t droppedRecords = 0;
  std::vector<std::string> firstDropped;  // "file:line: reason", at most 20
  std::vector<std::string> notices;       // what the user should know, as sentences
  double seconds = 0;
};

// One of the files that are read.
struct BuildInput {
  RecordFormat format = RecordFormat::kText;
  uint64_t bytes = 0;
  int64_t modified = 0;  // nanoseconds
};

// Of options.inputs in turn: what they are. kUsage for options that cannot be.
[[nodiscard]] Result<std::vector<BuildInput>> examineInputs(const BuildOptions& options);

// Leaves PREFIX.bin, .idx, .manifest.json and, where the layout has one, .mask, the same for
// PREFIX.valid, and PREFIX.dropped.jsonl with every record that gave no document. PREFIX.lock is
// there as long as it works; a second build of one PREFIX is refused. When overwriting without a
// part to hold out, the one that an earlier build held out is removed. kInterrupted when asked to
// stop: the same call goes on, unless it is discarding. What the encoder judges unfit takes no
// names; when only options that are no part of its About are changed, the same call ends at once.
[[nodiscard]] Result<BuildSummary> buildData(const BuildOptions& options,
                                             const std::vector<BuildInput>& inputs,
                                             const DocumentEncoder& encoder);

}  // namespace z2
