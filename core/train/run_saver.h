#pragma once

// The checkpoints of a run that trains, written beside it, and what its journal is told of them.

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/checkpoint/async_saver.h"
#include "core/model/llama.h"
#include "core/train/device.h"
#include "core/train/run_journal.h"

namespace z2 {

class RunSaver {
 public:
  // All outlive it. Takes the memory of a copy of what is saved.
  [[nodiscard]] static Result<RunSaver> create(CheckpointStore& store, const Llama& model,
                                               const Device& device, RunJournal& journal);

  // Waits for the save before it, copies, and writes meanwhile. `score`: its validation loss.
  [[nodiscard]] Result<void> begin(int64_t step, const Json& state, std::optional<double> score);
  // Tells of the saves that have ended; wait() once all have.
  void poll() { tell(saver_.poll()); }
  void wait() { tell(saver_.wait()); }

  // The step of the newest good checkpoint of this process, or of the one it went on from.
  [[nodiscard]] std::optional<int64_t> savedAt() const { return savedAt_; }
  void wentOnFrom(int64_t step) { savedAt_ = step; }

 private:
  RunSaver(AsyncSaver saver, const Llama& model, RunJournal& journal)
      : saver_(std::move(saver)), model_(&model), journal_(&journal) {}
  void tell(const std::vector<SaveOutcome>& outcomes);

  AsyncSaver saver_;
  const Llama* model_;
  RunJournal* journal_;
  std::optional<int64_t> savedAt_;
};

}  // namespace z2
