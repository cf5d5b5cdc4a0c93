#include "core/train/run_saver.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/model/operations.h"
#include "core/train/model_state.h"

namespace z2 {

Result<RunSaver> RunSaver::create(CheckpointStore& store, const Llama& model, const Device& device,
                                  RunJournal& journal) {
  AsyncSaver::Options saving;
  for (const TensorView& tensor : checkpointTensors(model))
    saving.bufferBytes += tensor.bytes.size();
  if (!device.isHost) {
    const Z2Ops& ops = *device.ops;
    saving.copyFromDevice = [&ops](std::byte* to, const std::byte* from, size_t bytes) {
      return checkStatus(ops, ops.copyToHost(ops.context, to, from, bytes), "snapshot");
    };
  }
  Z2_TRY(AsyncSaver saver, AsyncSaver::create(store, std::move(saving)));
  return RunSaver(std::move(saver), model, journal);
}

Result<void> RunSaver::begin(int64_t step, const Json& state, std::optional<double> score) {
  Z2_TRY([[maybe_unused]] const bool isBegun,
         saver_.begin(step, checkpointTensors(*model_), state, score, AsyncSaver::WhenBusy::kWait));
  return {};
}

void RunSaver::tell(const std::vector<SaveOutcome>& outcomes) {
  for (const SaveOutcome& outcome : outcomes) {
    if (!outcome.saved) {
      journal_->event("checkpoint_failed",
                      {{"step", outcome.step}, {"reason", outcome.saved.error().text()}});
      journal_->alarm("the checkpoint of step " + std::to_string(outcome.step) +
                      " could not be saved; training goes on. " + outcome.saved.error().text());
      continue;
    }
    savedAt_ = outcome.step;
    journal_->alarm({});
    journal_->event("checkpoint", {{"step", outcome.step},
                                   {"bytes", outcome.saved->bytes},
                                   {"snapshot_s", outcome.snapshotSeconds},
                                   {"write_s", outcome.writeSeconds}});
    if (!outcome.tidied) {
      journal_->say("older checkpoints stay: " + outcome.tidied.error().text());
      continue;
    }
    for (const DamagedCheckpoint& one : outcome.tidied->damaged)
      journal_->event("checkpoint_damaged",
                      {{"folder", one.folder.native()}, {"reason", one.reason}});
  }
}

}  // namespace z2
