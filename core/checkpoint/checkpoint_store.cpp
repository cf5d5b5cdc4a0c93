#include "core/checkpoint/checkpoint_store.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/base/format.h"
#include "core/base/process.h"
#include "core/checkpoint/loaded_checkpoint.h"
#include "core/checkpoint/shard.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kUnfinishedPrefix = ".tmp-step_";
constexpr std::string_view kTrashPrefix = ".trash-step_";
constexpr std::string_view kReasonName = "REASON.txt";
constexpr int kMostSetAside = 1000;
// What manifest, headers and the file system's own bookkeeping may add to the tensors' bytes.
constexpr double kFreeSpaceFactor = 1.05;

// Names in folders who writes them: "PID-STARTTICKS".
std::string ownTag() {
  const ProcessId own = thisProcess();
  return std::to_string(own.pid) + "-" + std::to_string(own.startTicks);
}

// A text that is no tag names nobody.
bool isAliveTag(std::string_view tag) {
  ProcessId id;
  const auto pid = std::from_chars(tag.data(), tag.data() + tag.size(), id.pid);
  if (pid.ec != std::errc{} || pid.ptr == tag.data() + tag.size() || *pid.ptr != '-') return false;
  const auto ticks = std::from_chars(pid.ptr + 1, tag.data() + tag.size(), id.startTicks);
  return ticks.ec == std::errc{} && ticks.ptr == tag.data() + tag.size() && isAlive(id);
}

// "shard", "name within it" of "shard:name".
std::pair<std::string_view, std::string_view> splitName(std::string_view name) {
  const size_t colon = name.find(':');
  if (colon == std::string_view::npos) return {"model", name};
  return {name.substr(0, colon), name.substr(colon + 1)};
}

// The tensors of each shard, named as within it, in order of first appearance.
std::vector<std::pair<std::string, std::vector<TensorView>>> shardsOf(
    std::span<const TensorView> tensors) {
  std::vector<std::pair<std::string, std::vector<TensorView>>> shards;
  for (const TensorView& tensor : tensors) {
    const auto [shard, name] = splitName(tensor.name);
    auto found = std::ranges::find(shards, shard, [](const auto& entry) { return entry.first; });
    if (found == shards.end()) found = shards.insert(shards.end(), {std::string(shard), {}});
    found->second.push_back({std::string(name), tensor.type, tensor.shape, tensor.bytes});
  }
  return shards;
}

// Steps of all step_N under `folder`, descending.
Result<std::vector<int64_t>> stepsIn(FileSystem& files, const fs::path& folder) {
  Z2_TRY(const std::vector<FolderEntry> entries, files.list(folder));
  std::vector<int64_t> steps;
  for (const FolderEntry& entry : entries)
    if (const int64_t step = stepOf(entry.name); step >= 0) steps.push_back(step);
  std::ranges::sort(steps, std::greater{});
  return steps;
}

// Hints are for people: a full disk must not turn a committed checkpoint into a failure.
void writeHint(FileSystem& files, const fs::path& path, std::string_view content) {
  fs::path temporary = path;
  temporary += ".tmp";
  (void)files.removeFile(temporary);
  if (writeNewFile(files, temporary, content)) (void)files.rename(temporary, path);
}

}  // namespace

Result<CheckpointStore> CheckpointStore::open(Options options) {
  Z2_CHECK(options.keepLatest >= 1 && options.keepBest >= 0, "nothing would be kept");
  if (options.files == nullptr) options.files = &systemFiles();
  if (options.owner.empty()) options.owner = ownTag();
  CheckpointStore store(std::move(options));
  if (!store.options_.files->list(store.options_.folder)) {
    Z2_TRY_VOID(store.options_.files->makeFolder(store.options_.folder));
    Z2_TRY_VOID(store.options_.files->syncFolder(store.options_.folder.parent_path()));
  }
  Z2_TRY_VOID(store.removeLeftovers());
  return store;
}

Result<void> CheckpointStore::removeLeftovers() {
  FileSystem& files = *options_.files;
  Z2_TRY(const std::vector<FolderEntry> entries, files.list(options_.folder));
  for (const FolderEntry& entry : entries) {
    if (!entry.isFolder) continue;
    const std::string_view name = entry.name;
    const bool isUnfinished = name.starts_with(kUnfinishedPrefix);
    if (!isUnfinished && !name.starts_with(kTrashPrefix)) continue;
    const size_t dash = name.find('-', kUnfinishedPrefix.size());
    const std::string_view owner =
        isUnfinished && dash != std::string_view::npos ? name.substr(dash + 1) : std::string_view{};
    // What cannot be removed now (a read-only disk) harms nobody and is tried again next time.
    if (!isAliveTag(owner)) (void)removeTree(files, options_.folder / entry.name);
  }
  return {};
}

Result<Manifest> CheckpointStore::writeFolder(const fs::path& folder, int64_t step,
                                              std::span<const TensorView> tensors,
                                              const Json& state, std::optional<double> score) {
  FileSystem& files = *options_.files;
  Manifest manifest{step, score, {}, state};
  for (const auto& [shard, members] : shardsOf(tensors)) {
    Z2_TRY(ManifestFile file, writeShard(files, folder / (shard + ".safetensors"), members));
    manifest.files.push_back(std::move(file));
  }
  Z2_TRY_VOID(writeNewFile(files, folder / kManifestName, toText(manifest)));
  Z2_TRY_VOID(files.syncFolder(folder));
  return manifest;
}

Result<CheckpointInfo> CheckpointStore::save(int64_t step, std::span<const TensorView> tensors,
                                             const Json& state, std::optional<double> score) {
  FileSystem& files = *options_.files;
  const fs::path target = options_.folder / folderName(step);
  const std::string doing = "saving the checkpoint of step " + std::to_string(step);
  const auto failed = [&](Error error) -> Result<CheckpointInfo> {
    error.retryable = error.code == ErrorCode::kEnvironment;
    return tl::unexpected(std::move(error).within(doing));
  };

  if (files.list(target)) {
    const auto present = loadFrom(files, target);
    if (present) return present->info();
    if (present.error().code != ErrorCode::kCorrupt) return failed(present.error());
    const DamagedCheckpoint aside = setAside(step, present.error().text());
    if (aside.folder == target) return failed(present.error());
  }
  uint64_t bytes = 0;
  for (const TensorView& tensor : tensors) bytes += tensor.bytes.size();
  const auto isFree = files.freeBytes(options_.folder);
  if (isFree && static_cast<double>(*isFree) < static_cast<double>(bytes) * kFreeSpaceFactor)
    return failed(environmentError(options_.folder.native(),
                                   "the disk has " + formatBytes(static_cast<double>(*isFree)) +
                                       " left and the checkpoint takes " +
                                       formatBytes(static_cast<double>(bytes)),
                                   "Free some space; training goes on meanwhile")
                      .value());

  const fs::path unfinished = options_.folder / (std::string(kUnfinishedPrefix) +
                                                 std::to_string(step) + "-" + options_.owner);
  if (files.list(unfinished)) (void)removeTree(files, unfinished);
  if (auto made = files.makeFolder(unfinished); !made) return failed(made.error());
  auto manifest = writeFolder(unfinished, step, tensors, state, score);
  Result<void> committed;
  if (manifest) committed = files.rename(unfinished, target);
  if (!manifest || !committed) {
    (void)removeTree(files, unfinished);
    return failed(manifest ? committed.error() : manifest.error());
  }
  if (auto synced = files.syncFolder(options_.folder); !synced) {
    // Not known to be durable, so it does not count: take it back.
    if (files.rename(target, unfinished)) (void)removeTree(files, unfinished);
    return failed(synced.error());
  }
  return infoOf(target, *manifest);
}

DamagedCheckpoint CheckpointStore::setAside(int64_t step, std::string reason) {
  FileSystem& files = *options_.files;
  const fs::path from = options_.folder / folderName(step);
  fs::path to = options_.folder / ("set-aside-" + folderName(step));
  for (int number = 2; files.list(to) && number < kMostSetAside; ++number)
    to = options_.folder / ("set-aside-" + folderName(step) + "-" + std::to_string(number));
  if (auto moved = files.rename(from, to); !moved)
    return {from, reason + " (it could not be set aside: " + moved.error().text() + ")"};
  (void)writeNewFile(files, to / kReasonName, reason + "\n");
  (void)files.syncFolder(options_.folder);
  return {to, std::move(reason)};
}

Result<std::optional<LoadedCheckpoint>> CheckpointStore::loadNewest(
    std::vector<DamagedCheckpoint>& damaged, std::string_view proof) {
  Z2_TRY(const std::vector<int64_t> steps, stepsIn(*options_.files, options_.folder));
  for (const int64_t step : steps) {
    auto loaded = loadFrom(*options_.files, options_.folder / folderName(step), proof);
    if (loaded) return std::optional(std::move(*loaded));
    if (loaded.error().code != ErrorCode::kCorrupt) return tl::unexpected(loaded.error());
    damaged.push_back(setAside(step, loaded.error().text()));
  }
  return std::optional<LoadedCheckpoint>{};
}

Result<std::optional<LoadedCheckpoint>> CheckpointStore::findNewest(const fs::path& folder) {
  Z2_TRY(const std::vector<int64_t> steps, stepsIn(systemFiles(), folder));
  for (const int64_t step : steps) {
    auto loaded = loadFrom(systemFiles(), folder / folderName(step));
    if (loaded) return std::optional(std::move(*loaded));
    if (loaded.error().code != ErrorCode::kCorrupt) return tl::unexpected(loaded.error());
  }
  return std::optional<LoadedCheckpoint>{};
}

Result<void> CheckpointStore::abandonAfter(int64_t step, const std::string& reason,
                                           std::vector<DamagedCheckpoint>& abandoned) {
  Z2_TRY(const std::vector<int64_t> steps, stepsIn(*options_.files, options_.folder));
  for (const int64_t later : steps) {
    if (later <= step) break;
    DamagedCheckpoint aside = setAside(later, reason);
    if (aside.folder == options_.folder / folderName(later))
      return environmentError(aside.folder.native(), aside.reason);
    abandoned.push_back(std::move(aside));
  }
  return {};
}

std::vector<CheckpointInfo> CheckpointStore::list() const {
  std::vector<CheckpointInfo> found;
  const auto steps = stepsIn(*options_.files, options_.folder);
  if (!steps) return found;
  for (const int64_t step : *steps) {
    const fs::path folder = options_.folder / folderName(step);
    if (const auto manifest = readManifest(*options_.files, folder))
      found.push_back(infoOf(folder, *manifest));
  }
  std::ranges::reverse(found);
  return found;
}

Result<void> CheckpointStore::prune(const CheckpointInfo& checkpoint) {
  FileSystem& files = *options_.files;
  const fs::path trash =
      options_.folder / (std::string(kTrashPrefix) + std::to_string(checkpoint.step));
  if (files.list(trash)) Z2_TRY_VOID(removeTree(files, trash));
  Z2_TRY_VOID(files.rename(checkpoint.folder, trash));
  // A half-removed folder must never come back under its old name.
  Z2_TRY_VOID(files.syncFolder(options_.folder));
  return removeTree(files, trash);
}

Result<TidyReport> CheckpointStore::tidy() {
  FileSystem& files = *options_.files;
  TidyReport report;
  std::vector<CheckpointInfo> all = list();
  if (all.empty()) return report;
  const auto newest = loadFrom(files, all.back().folder);
  if (!newest) {
    if (newest.error().code != ErrorCode::kCorrupt) return tl::unexpected(newest.error());
    report.damaged.push_back(setAside(all.back().step, newest.error().text()));
    return report;
  }
  const auto keepLatest = static_cast<size_t>(options_.keepLatest);
  const auto keepBest = static_cast<size_t>(options_.keepBest);
  std::vector<const CheckpointInfo*> scored;
  for (const CheckpointInfo& checkpoint : all)
    if (checkpoint.score) scored.push_back(&checkpoint);
  // Of equal scores the later one is the better.
  std::ranges::sort(scored, [](const CheckpointInfo* a, const CheckpointInfo* b) {
    return *a->score != *b->score ? *a->score < *b->score : a->step > b->step;
  });
  writeHint(files, options_.folder / "LATEST", all.back().folder.filename().native() + "\n");
  if (!scored.empty())
    writeHint(files, options_.folder / "BEST", scored.front()->folder.filename().native() + "\n");

  scored.resize(std::min(scored.size(), keepBest));
  for (size_t i = 0; i + keepLatest < all.size(); ++i) {
    if (std::ranges::find(scored, &all[i]) != scored.end()) continue;
    Z2_TRY_VOID(prune(all[i]));
    report.pruned.push_back(all[i].folder);
  }
  return report;
}

}  // namespace z2
