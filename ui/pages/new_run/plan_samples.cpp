#include "ui/pages/new_run/plan_samples.h"

#include <utility>

#include "core/data/data_mixture.h"
#include "ui/base/child.h"
#include "ui/forms/settings_draft.h"
#include "ui/pages/new_run/new_run_plan.h"
#include "ui/pages/samples/sample_dialog.h"

namespace z2::ui {

bool hasSamples(const NewRunPlan& plan) {
  return plan.check().task != Task::kPretrain && plan.check().dataTokens > 0;
}

void openSamples(const NewRunPlan& plan, QWidget* parent) {
  const Json& flat = plan.check().draft.flat;
  const auto sets = parseMixture(flat.value("data.train", std::string()));
  if (!sets) return;
  std::filesystem::path tokenizer = flat.value("tokenizer.path", std::string());
  // A run has no tokenizer of its own where the workspace has none; then the data's is looked for.
  for (const TokenizerEntry& known : plan.stock().tokenizers)
    if (tokenizer.empty() && !known.hash.empty() && known.hash == plan.check().dataHash)
      tokenizer = known.path;
  std::vector<TokenSamplesSource> sources;
  for (const WeightedPrefix& set : *sets)
    sources.push_back({.prefix = set.prefix,
                       .tokenizer = nullptr,
                       .tokenizerPath = tokenizer,
                       .keepsEnd = flat.value("dpo.truncation", std::string()) == "keep_end"});
  auto* dialog = child<SampleDialog>(parent);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setSources(std::move(sources), flat.value("data.seq_len", int64_t{0}));
  dialog->show();
}

}  // namespace z2::ui
