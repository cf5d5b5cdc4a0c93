#pragma once

// Checkpoints of a run that survive whatever happens to it.
//
// Design goals: at every instant of a save the newest complete checkpoint can be found and proves
// itself by checksums; a torn, half-written, flipped or foreign one is set aside and named, never
// loaded and never silently skipped; a full disk ends the save and nothing else.
// Protocol (all ranks of one process here): shards are written into ckpt/.tmp-N-…, each fsynced;
// manifest.json last, fsynced; the folder fsynced, renamed to ckpt/step_N, the parent fsynced.
// ckpt/LATEST and ckpt/BEST are hints for people. Pruning only after a newer one verifies.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/io/tensor_view.h"

namespace z2 {

struct CheckpointInfo {
  int64_t step = 0;
  std::filesystem::path folder;
  Json state;                   // the trainer's state: cursor, RNG, running metrics, …
  std::optional<double> score;  // validation loss, when there was one
  uint64_t bytes = 0;
};

// A checkpoint that was set aside or is not usable, for events.jsonl and the window.
struct DamagedCheckpoint {
  std::filesystem::path folder;  // where it is now
  std::string reason;            // names the file
};

// A verified checkpoint, mapped read-only.
class LoadedCheckpoint {
 public:
  LoadedCheckpoint(LoadedCheckpoint&&) noexcept;
  LoadedCheckpoint& operator=(LoadedCheckpoint&&) noexcept;
  ~LoadedCheckpoint();

  [[nodiscard]] const CheckpointInfo& info() const;
  [[nodiscard]] const std::vector<TensorView>& tensors() const;  // live as long as this
  [[nodiscard]] const TensorView* find(std::string_view name) const;

 private:
  friend class CheckpointStore;
  struct Impl;
  explicit LoadedCheckpoint(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// One store a run directory. Saves come from one thread at a time; the rest is thread-safe.
class CheckpointStore {
 public:
  struct Options {
    std::filesystem::path folder;  // RUN/ckpt
    int keepLatest = 2;
    int keepBest = 2;
  };
  [[nodiscard]] static Result<CheckpointStore> open(Options options);

  // Writes and commits. `state` and `tensors` are grouped into shards by the part of the name
  // before the first ':' ("model:…" → model.safetensors, "optim.m:…" → optim.m.safetensors). On an
  // error nothing of it is left and earlier checkpoints are as they were.
  [[nodiscard]] Result<CheckpointInfo> save(int64_t step, std::span<const TensorView> tensors,
                                            const Json& state, std::optional<double> score);

  // The newest that verifies. Damaged ones met on the way are set aside and added to `damaged`.
  // An empty optional: there is none.
  [[nodiscard]] Result<std::optional<LoadedCheckpoint>> loadNewest(
      std::vector<DamagedCheckpoint>& damaged);
  // Verifies and maps one; changes nothing on disk.
  [[nodiscard]] static Result<LoadedCheckpoint> load(const std::filesystem::path& folder);
  // By step, ascending; reads manifests only, verifies nothing else.
  [[nodiscard]] std::vector<CheckpointInfo> list() const;

 private:
  explicit CheckpointStore(Options options) : options_(std::move(options)) {}
  Options options_;
};

}  // namespace z2
