#pragma once

// Text files to a token file for pretraining: `z2all data tokenize --task pretrain`.
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
#include "core/data/records/record_composer.h"
#include "core/data/records/record_format.h"
#include "core/data/text_encoder.h"

namespace z2 {

struct PretrainOptions {
  std::vector<std::filesystem::path> inputs;
  std::optional<RecordFormat> format;  // nothing: each file's own
  TextUnit textUnit = TextUnit::kParagraph;
  FieldChoice fields;
  std::filesystem::path output;  // PREFIX
  int workers = 1;
  // This part of the records, chosen by a hash of their number, becomes PREFIX.valid.
  double validFraction = 0;
  int64_t maxLength = 0;  // tokens of a document, with its end; what is over is cut. 0: no limit
  bool isOverwriting = false;  // else a PREFIX that exists is refused
  // When it fails or is stopped, nothing is left to go on from; else the same call goes on.
  bool isDiscarding = false;
  bool isProgressJson = false;
  std::chrono::milliseconds journalInterval{3000};
  std::function<bool()> shouldStop;  // nothing: stopRequested
};

struct PretrainSummary {
  DataManifest train;
  std::optional<DataManifest> valid;
  uint64_t inputBytes = 0;
  uint64_t readBytes = 0;  // by this process: less than inputBytes when it went on with a build
  uint64_t droppedRecords = 0;
  std::vector<std::string> firstDropped;  // "file:line: reason", at most 20
  std::vector<std::string> notices;       // what the user should know, as sentences
  double seconds = 0;
};

// Leaves PREFIX.bin, .idx, .manifest.json, the same for PREFIX.valid, and PREFIX.dropped.jsonl with
// every record that gave no document. PREFIX.lock is there as long as it works; a second build of
// one PREFIX is refused. When overwriting without a part to hold out, the one that an earlier build
// held out is removed. kInterrupted when asked to stop: the same call goes on, unless it is
// discarding.
[[nodiscard]] Result<PretrainSummary> buildPretrainData(const PretrainOptions& options,
                                                        const TextEncoder& encoder);

}  // namespace z2
