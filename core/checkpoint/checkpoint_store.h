#pragma once

// Checkpoints of a run that survive whatever happens to it.
//
// Design goals: at every instant of a save the newest complete checkpoint can be found and proves
// itself by checksums; a torn, half-written, flipped or foreign one is set aside and named, never
// loaded and never silently skipped; a full disk ends the save and nothing else.
// Protocol (all ranks of one process here): shards are written into ckpt/.tmp-step_N-…, each
// fsynced; manifest.json last, fsynced; the folder fsynced, renamed to ckpt/step_N, the parent
// fsynced. ckpt/LATEST and ckpt/BEST are hints for people. Pruning only after a newer one verifies:
// the pruned is renamed to .trash-…, then removed.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/checkpoint/manifest.h"
#include "core/io/file_system.h"
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

// What `tidy` did.
struct TidyReport {
  std::vector<std::filesystem::path> pruned;
  std::vector<DamagedCheckpoint> damaged;
};

// One store a run directory. Saves come from one thread at a time; the rest is thread-safe.
class CheckpointStore {
 public:
  struct Options {
    std::filesystem::path folder;  // RUN/ckpt
    int keepLatest = 2;            // at least 1
    int keepBest = 2;              // 0: by recency alone
    FileSystem* files = nullptr;   // null: the machine's; must outlive the store
    std::string owner = {};        // PID-STARTTICKS in names of unfinished folders; empty: own
  };
  // Makes the folder and removes what dead processes left half-written. Whoever writes holds the
  // run's lock (core/run), so that no two processes write one store.
  [[nodiscard]] static Result<CheckpointStore> open(Options options);

  // Writes and commits. `tensors` are grouped into shards by the part of the name before the first
  // ':' ("model:…" → model.safetensors, "optim.m:…" → optim.m.safetensors; none: model). On an
  // error nothing of it is left and earlier checkpoints are as they were. A step that is there
  // already and verifies is left as it is; one that does not is set aside first.
  [[nodiscard]] Result<CheckpointInfo> save(int64_t step, std::span<const TensorView> tensors,
                                            const Json& state, std::optional<double> score);

  // Verifies the newest, then prunes all but the latest and the best (lowest score) and renews the
  // hints LATEST and BEST. When the newest is damaged it is set aside and nothing is pruned.
  [[nodiscard]] Result<TidyReport> tidy();

  // The newest that verifies. Damaged ones met on the way are set aside and added to `damaged`.
  // An empty optional: there is none. One that was written by another version of the program, or
  // that may not be read, is an error: it is good, and must not be passed over. The bytes of one
  // that `proof` is of are not verified again.
  [[nodiscard]] Result<std::optional<LoadedCheckpoint>> loadNewest(
      std::vector<DamagedCheckpoint>& damaged, std::string_view proof = {});
  // Sets aside all after `step`, newest first: after going back to `step` they belong to an
  // abandoned course of the run.
  [[nodiscard]] Result<void> abandonAfter(int64_t step, const std::string& reason,
                                          std::vector<DamagedCheckpoint>& abandoned);

  // Verifies and maps one; changes nothing on disk. For readers beside the run (export, chat).
  [[nodiscard]] static Result<LoadedCheckpoint> load(const std::filesystem::path& checkpoint);
  // Verifies one; the proof of it for loadNewest in another process of this machine, soon
  // (core/checkpoint/checkpoint_proof.h). Empty: it verifies, and is to be verified again.
  [[nodiscard]] static Result<std::string> prove(const std::filesystem::path& checkpoint);
  // The newest under `folder` that verifies; changes nothing on disk. Empty: there is none.
  [[nodiscard]] static Result<std::optional<LoadedCheckpoint>> findNewest(
      const std::filesystem::path& folder);
  // By step, ascending; reads manifests only, verifies nothing else.
  [[nodiscard]] std::vector<CheckpointInfo> list() const;

  [[nodiscard]] const std::filesystem::path& folder() const { return options_.folder; }

 private:
  explicit CheckpointStore(Options options) : options_(std::move(options)) {}

  [[nodiscard]] static Result<LoadedCheckpoint> loadFrom(FileSystem& files,
                                                         const std::filesystem::path& checkpoint,
                                                         std::string_view proof = {});
  [[nodiscard]] Result<void> removeLeftovers();
  [[nodiscard]] Result<Manifest> writeFolder(const std::filesystem::path& folder, int64_t step,
                                             std::span<const TensorView> tensors, const Json& state,
                                             std::optional<double> score);
  // Renames to set-aside-step_N[-k] and leaves the reason in it; when even that fails, it stays
  // where it is and `reason` says so.
  [[nodiscard]] DamagedCheckpoint setAside(int64_t step, std::string reason);
  [[nodiscard]] Result<void> prune(const CheckpointInfo& checkpoint);

  Options options_;
};

}  // namespace z2
