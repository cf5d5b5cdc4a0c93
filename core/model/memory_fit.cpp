#include "core/model/memory_fit.h"

#include <string>

#include <fmt/format.h>

#include "core/base/format.h"
#include "core/model/operations.h"

namespace z2 {

namespace {

std::string bytesText(int64_t bytes) { return formatBytes(static_cast<double>(bytes)); }

// "weights 5.02 GB, gradients …": what there is of each part.
std::string partsOf(const MemoryPlan& plan) {
  std::string text;
  for (int i = 0; i < kMemoryParts; ++i) {
    const auto part = static_cast<MemoryPart>(i);
    if (plan.bytesOf(part) == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", nameOf(part),
                        bytesText(plan.bytesOf(part)));
  }
  return text;
}

// Sequences of a micro-batch, fewer than the options', that fit; 0: not even one.
Result<int64_t> largestFitting(const LlamaConfig& config, LlamaOptions options, const Z2Ops& ops,
                               int64_t free) {
  int64_t fits = 0, tooMany = options.rows;
  while (tooMany - fits > 1) {
    options.rows = (fits + tooMany) / 2;
    Z2_TRY(const MemoryPlan plan, planMemory(config, options, &ops));
    (plan.totalBytes() <= free ? fits : tooMany) = options.rows;
  }
  return fits;
}

}  // namespace

std::vector<Recompute> recomputesOf(const RunConfig& config) {
  const std::string& wish = config.text("train.recompute");
  if (wish == "none") return {Recompute::kNone};
  if (wish == "norms") return {Recompute::kNorms};
  if (wish == "blocks") return {Recompute::kBlocks};
  return {Recompute::kNorms, Recompute::kBlocks};
}

Result<Recompute> fittingRecompute(const LlamaConfig& config, LlamaOptions options,
                                   const std::vector<Recompute>& allowed, const Z2Ops& ops) {
  Z2_TRY_VOID(config.validate());
  Z2DeviceInfo info{};
  Z2_TRY_VOID(checkStatus(ops, ops.deviceInfo(ops.context, &info), "deviceInfo"));
  MemoryPlan plan;
  for (const Recompute recompute : allowed) {
    options.recompute = recompute;
    Z2_TRY(plan, planMemory(config, options, &ops));
    if (plan.totalBytes() <= info.freeBytes) return recompute;
  }
  Z2_TRY(const int64_t fitting, largestFitting(config, options, ops, info.freeBytes));
  return environmentError(
      info.name,
      fmt::format("the run needs {} and {} of {} are free: {}", bytesText(plan.totalBytes()),
                  bytesText(info.freeBytes), bytesText(info.memoryBytes), partsOf(plan)),
      fitting > 0
          ? fmt::format("A micro-batch of {} fits: set train.micro_batch_size={}, and raise "
                        "train.grad_accum_steps",
                        fitting, fitting)
          : "Not even one sequence fits: lower data.seq_len, or choose a smaller model");
}

}  // namespace z2
