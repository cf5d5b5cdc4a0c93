#include "core/run_setup/create_run.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/checkpoint/checkpoint_store.h"
#include "core/io/files.h"
#include "core/model_files/adapter_files.h"
#include "core/model_files/model_source.h"
#include "core/run/run_report.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

struct Origin {
  fs::path run;
  fs::path checkpoint;
};

// RUN/ckpt/step_N of a run; nothing for other models, which nobody prunes.
Result<std::optional<Origin>> originOf(const RunConfig& config) {
  const fs::path named = config.text("model.init_from");
  if (!named.empty() && RunDirectory::exists(named)) {
    Z2_TRY(const auto newest, CheckpointStore::findNewest(named / "ckpt"));
    if (!newest)
      return badInput(named.native(), "this run has no checkpoint to begin from",
                      "Train it until its first checkpoint is saved");
    return Origin{named, newest->info().folder};
  }
  const fs::path run = named.parent_path().parent_path();
  if (named.parent_path().filename() != "ckpt" || !RunDirectory::exists(run))
    return std::optional<Origin>{};
  return Origin{run, named};
}

Result<void> keepFile(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::create_hard_link(from, to, failure);
  if (failure) fs::copy_file(from, to, failure);
  if (failure)
    return environmentError(to.native(),
                            "the checkpoint's file cannot be copied here: " + failure.message(),
                            "Make room on the disk, or choose another folder");
  return {};
}

// The files of a checkpoint never change once it is named, so that links are as good as copies.
// Under adapters the model that they belong to is kept, too, where locateBase looks for it.
Result<void> keepCheckpoint(const fs::path& from, const fs::path& to) {
  Z2_TRY(const LoadedCheckpoint checkpoint, CheckpointStore::load(from));
  Z2_TRY_VOID(makeFolders(to));
  std::error_code failure;
  for (fs::directory_iterator entry(from, failure), end; !failure && entry != end;
       entry.increment(failure))
    if (entry->path().filename() != kOriginFolder)
      Z2_TRY_VOID(keepFile(entry->path(), to / entry->path().filename()));
  if (failure)
    return environmentError(from.native(), "this folder cannot be read: " + failure.message());
  Z2_TRY_VOID(syncFolder(to));
  const Json& state = checkpoint.info().state;
  if (!state.is_object() || !state.contains("adapters")) return {};
  Z2_TRY(const AdapterOrigin adapters, parseAdapterOrigin(state["adapters"], from.native()));
  const fs::path base = locateBase(adapters.base, from);
  const fs::path holder = base.parent_path().filename();
  if (holder != kOriginFolder && holder != "ckpt") return {};  // of no run, so that it stays
  return keepCheckpoint(base, to / kOriginFolder / base.filename());
}

Result<RunDirectory> createFork(const fs::path& folder, const RunConfig& config,
                                const Origin& origin) {
  const fs::path kept = folder / kOriginFolder / origin.checkpoint.filename();
  Z2_TRY_VOID(keepCheckpoint(origin.checkpoint, kept));
  Z2_TRY(const RunConfig own,
         RunConfig::make(config.task(), config.toJson(), {"model.init_from=" + kept.native()}));
  Z2_TRY(const RunDirectory run, RunDirectory::create(folder, own));
  int64_t step = 0;
  for (const int64_t known : checkpointSteps(origin.checkpoint.parent_path()))
    if (origin.checkpoint.filename() == fmt::format("step_{}", known)) step = known;
  Z2_TRY_VOID(run.addEvent("forked", {{"from", origin.run.native()}, {"step", step}}));
  return run;
}

}  // namespace

Result<RunDirectory> createRun(const fs::path& folder, const RunSetup& setup) {
  if (RunDirectory::exists(folder)) return RunDirectory::create(folder, setup.config);
  Z2_TRY(const auto origin, originOf(setup.config));
  if (!origin) return RunDirectory::create(folder, setup.config);
  std::error_code failure;
  const fs::path absolute = fs::absolute(folder, failure).lexically_normal();
  const fs::path place = absolute.has_filename() ? absolute : absolute.parent_path();
  const bool wasThere = fs::exists(place, failure);
  auto run = createFork(place, setup.config, *origin);
  if (!run) fs::remove_all(wasThere ? place / kOriginFolder : place, failure);
  return run;
}

Result<RunSetup> prepareFork(const RunDirectory& parent, std::optional<int64_t> step,
                             const std::vector<std::string>& settings) {
  if (!step) {
    Z2_TRY(const auto newest, CheckpointStore::findNewest(parent.checkpoints()));
    if (!newest)
      return badInput(parent.path().native(), "it has no checkpoint to begin from",
                      "Train it until its first checkpoint is saved");
    step = newest->info().step;
  }
  const fs::path checkpoint = parent.checkpoints() / fmt::format("step_{}", *step);
  std::error_code ignored;
  if (!fs::exists(checkpoint / "manifest.json", ignored))
    return badInput(parent.path().native(), fmt::format("it has no checkpoint of step {}", *step),
                    "`z2all run status` names the newest; " + parent.checkpoints().native() +
                        " holds them all");
  std::vector<std::string> all = settings;
  all.push_back("model.init_from=" + checkpoint.native());
  // Its adapters are part of those weights.
  if (parent.config().task() != Task::kPretrain) all.emplace_back("lora.init_from=");
  return prepareRun(parent.config().task(), parent.config().toJson(), all);
}

}  // namespace z2
