#include "core/train/bench_checkpoint.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include <unistd.h>

#include "core/checkpoint/async_saver.h"
#include "core/checkpoint/checkpoint_store.h"

namespace z2 {

namespace {

constexpr int64_t kTensorElements = 4'000'000;

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

Result<Json> measure(std::span<const float> data, int rounds, const std::filesystem::path& folder) {
  std::vector<TensorView> tensors;
  for (size_t at = 0; at < data.size(); at += kTensorElements) {
    const auto part = data.subspan(at, std::min<size_t>(kTensorElements, data.size() - at));
    tensors.push_back({"model:part" + std::to_string(at),
                       DType::kF32,
                       {static_cast<int64_t>(part.size())},
                       std::as_bytes(part)});
  }
  Z2_TRY(CheckpointStore store, CheckpointStore::open({.folder = folder, .keepLatest = 1}));
  AsyncSaver::Options options;
  options.bufferBytes = data.size_bytes();
  Z2_TRY(AsyncSaver saver, AsyncSaver::create(store, std::move(options)));
  std::vector<double> snapshot;
  std::vector<double> write;
  for (int round = 1; round <= rounds; ++round) {
    Z2_TRY([[maybe_unused]] const bool isBegun,
           saver.begin(round, tensors, Json::object(), std::nullopt, AsyncSaver::WhenBusy::kWait));
    for (const SaveOutcome& outcome : saver.wait()) {
      if (!outcome.saved) return tl::unexpected(outcome.saved.error());
      snapshot.push_back(outcome.snapshotSeconds);
      write.push_back(outcome.writeSeconds);
    }
  }
  return Json{{"snapshot_s", median(snapshot)},
              {"snapshot_s_max", std::ranges::max(snapshot)},
              {"write_s", median(write)}};
}

}  // namespace

Result<Json> benchCheckpoint(int64_t parameters, int rounds, const std::filesystem::path& folder) {
  std::vector<float> data(static_cast<size_t>(3 * parameters));
  for (size_t i = 0; i < data.size(); ++i) data[i] = static_cast<float>(i % 1009) * 1e-3F;
  const std::filesystem::path place = folder / (".bench-checkpoint-" + std::to_string(::getpid()));
  const auto measured = measure(data, rounds, place);
  std::error_code ignored;
  std::filesystem::remove_all(place, ignored);
  if (!measured) return measured;
  Json result = {{"parameters", parameters},
                 {"bytes", 3 * parameters * static_cast<int64_t>(sizeof(float))}};
  result.update(*measured);
  result["rounds"] = rounds;
  return result;
}

}  // namespace z2
