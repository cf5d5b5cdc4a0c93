#pragma once

// Saves checkpoints beside the training: the step stands still while the state is copied into a
// buffer taken beforehand; a thread then writes the copy.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/error.h"
#include "core/checkpoint/checkpoint_store.h"

namespace z2 {

// What became of a save.
struct SaveOutcome {
  int64_t step = 0;
  Result<CheckpointInfo> saved;
  Result<TidyReport> tidied;   // empty when the save failed
  double snapshotSeconds = 0;  // the training stood still
  double writeSeconds = 0;     // in the background
};

class AsyncSaver {
 public:
  enum class WhenBusy { kWait, kSkip };
  // Copies from where the tensors live. The default is memcpy, called by several threads at once;
  // one for a device is called by the thread that calls begin alone.
  using Copy = std::function<Result<void>(std::byte* to, const std::byte* from, size_t bytes)>;

  struct Options {
    uint64_t bufferBytes = 0;  // the most that one checkpoint's tensors take; taken at once
    int copyThreads = 0;       // of the default copy; 0: one a core, at most 8
    Copy copyFromDevice;       // null: the tensors are in host memory
  };
  // `store` must outlive it. For lack of memory the error says how much was asked.
  [[nodiscard]] static Result<AsyncSaver> create(CheckpointStore& store, Options options);
  AsyncSaver(AsyncSaver&&) noexcept;
  AsyncSaver& operator=(AsyncSaver&&) noexcept;
  ~AsyncSaver();  // waits for the write under way

  // Returns once the tensors are copied; they may change then. False: a write was under way and
  // `whenBusy` is kSkip, nothing was done. Errors are those of copying; those of writing come from
  // poll. Called from one thread, as are poll and wait.
  [[nodiscard]] Result<bool> begin(int64_t step, std::span<const TensorView> tensors,
                                   const Json& state, std::optional<double> score,
                                   WhenBusy whenBusy);
  // Saves that ended since the last call.
  [[nodiscard]] std::vector<SaveOutcome> poll();
  // The same, once no write is under way.
  [[nodiscard]] std::vector<SaveOutcome> wait();

 private:
  struct Impl;
  explicit AsyncSaver(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace z2
