#include "core/run_setup/sample_fit.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "core/data/dpo_sampler.h"
#include "core/data/packing.h"
#include "core/data/sft_sampler.h"

namespace z2 {

namespace {

// What the trainer will draw from a set of samples; an error where nothing would be trained.
Result<PackingReport> packingOf(const RunConfig& config, std::string_view key) {
  const bool isPacked = config.text("data.packing") != "none";
  if (config.task() == Task::kSft) {
    Z2_TRY(const SftSampler sampler,
           SftSampler::open({.data = config.text(key),
                             .sequenceLength = config.integer("data.seq_len"),
                             .vocabSize = config.integer("model.vocab_size"),
                             .seed = 0,
                             .shuffle = false,
                             .isPacked = isPacked}));
    return sampler.packing();
  }
  using Truncation = DpoSamplerOptions::Truncation;
  const bool keepsEnd = config.text("dpo.truncation") == "keep_end";
  Z2_TRY(
      const DpoSampler sampler,
      DpoSampler::open({.data = config.text(key),
                        .sequenceLength = config.integer("data.seq_len"),
                        .vocabSize = config.integer("model.vocab_size"),
                        .seed = 0,
                        .shuffle = false,
                        .isPacked = isPacked,
                        .truncation = keepsEnd ? Truncation::kKeepEnd : Truncation::kKeepStart}));
  return sampler.packing();
}

void describe(const PackingReport& report, std::string_view key, int64_t length,
              std::vector<std::string>& notes) {
  notes.push_back(fmt::format("{}: {} samples in {} rows of {} tokens, {:.0f} % of them in use",
                              key, report.documents - report.leftOut, report.rows, length,
                              100 * report.efficiency()));
  if (report.leftOut > 0)
    notes.push_back(
        fmt::format("{}: {} samples have no trained token and are left out", key, report.leftOut));
  if (report.cut > 0)
    notes.push_back(
        fmt::format("{}: {} samples are longer than data.seq_len and are cut", key, report.cut));
}

double shareOf(uint64_t part, const PackingReport& report) {
  return report.documents == 0 ? 0
                               : static_cast<double>(part) / static_cast<double>(report.documents);
}

Result<void> judge(const PackingReport& report, const RunConfig& config) {
  const int64_t length = config.integer("data.seq_len");
  if (const double share = shareOf(report.leftOut, report);
      share > kMostUnfitSamples && !config.flag("data.allow_untrained"))
    return badInput("data.allow_untrained",
                    fmt::format("{} of {} samples ({:.1f} %) have no trained token within "
                                "data.seq_len {} and would be left out",
                                report.leftOut, report.documents, 100 * share, length),
                    "Raise data.seq_len, look at the samples and their chat template, or set "
                    "data.allow_untrained=true to go on without them");
  if (const double share = shareOf(report.cut, report);
      share > kMostUnfitSamples && !config.flag("data.allow_cut"))
    return badInput("data.allow_cut",
                    fmt::format("{} of {} samples ({:.1f} %) are longer than data.seq_len {} and "
                                "would be cut",
                                report.cut, report.documents, 100 * share, length),
                    "Raise data.seq_len, leave long samples out of the data, or set "
                    "data.allow_cut=true to go on with cut ones");
  return {};
}

}  // namespace

Result<void> checkSamples(const RunConfig& config, std::vector<std::string>& notes) {
  PackingReport all;
  for (const std::string_view key : {"data.train", "data.valid"}) {
    if (config.text(key).empty()) continue;
    Z2_TRY(const PackingReport report, packingOf(config, key));
    describe(report, key, config.integer("data.seq_len"), notes);
    all += report;
    // A small validation set is judged with the training set, as `data tokenize` judges both.
    Z2_TRY_VOID(judge(all, config));
  }
  return {};
}

}  // namespace z2
