#pragma once

// The middle of buildData: a reader thread, encoding workers, and blocks that come out in
// the order in which they were read.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/data/data_builder.h"

namespace z2 {

// Where the whole input goes on.
struct InputPosition {
  uint64_t file = 0;
  RecordPosition inFile;
  uint64_t recordsBefore = 0;  // of the files before this one
};

struct EncodedBlock {
  struct Dropped {
    uint64_t line = 0;
    RecordProblem problem;
    std::string excerpt;
  };

  EncodedDocuments documents;      // in order
  std::vector<bool> isValidation;  // of each document
  std::vector<Dropped> dropped;
  uint64_t sourceBytes = 0;
  uint64_t file = 0;
  InputPosition next;  // where reading goes on once this block is written
};

class EncodePipeline {
 public:
  // Starts the threads. The options, formats and encoder must outlive it.
  EncodePipeline(const BuildOptions& options, const std::vector<RecordFormat>& formats,
                 const DocumentEncoder& encoder, const InputPosition& from);
  // Stops and joins them, whatever is left.
  ~EncodePipeline();
  EncodePipeline(const EncodePipeline&) = delete;
  EncodePipeline& operator=(const EncodePipeline&) = delete;

  // The next block in order; nothing at the end of the input. An error of the reader comes after
  // all blocks before it.
  [[nodiscard]] Result<std::optional<EncodedBlock>> next();

 private:
  struct Job {
    uint64_t number = 0;
    RecordBlock block;
    bool isJson = false;
    uint64_t file = 0;
    InputPosition next;
    uint64_t firstRecord = 0;  // of all the input
  };

  void readAll(InputPosition from);
  [[nodiscard]] Result<InputPosition> readFile(const InputPosition& from);
  [[nodiscard]] bool submit(Job job);
  void encodeAll();
  [[nodiscard]] EncodedBlock encode(const Job& job, DocumentEncoder::Session& session) const;

  const BuildOptions& options_;
  const std::vector<RecordFormat>& formats_;
  const DocumentEncoder& encoder_;
  const uint64_t inFlightLimit_;

  std::mutex mutex_;
  std::condition_variable roomOrStop_;  // the reader waits
  std::condition_variable work_;        // workers wait
  std::condition_variable done_;        // the writer waits
  std::deque<Job> jobs_;
  std::map<uint64_t, EncodedBlock> encoded_;
  uint64_t submitted_ = 0;
  uint64_t taken_ = 0;
  bool isReadingDone_ = false;
  bool isStopping_ = false;
  std::optional<Error> readError_;

  std::vector<std::thread> threads_;  // last: they use what is above
};

}  // namespace z2
