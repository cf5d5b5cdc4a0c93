#include "core/run_import/foreign_names.h"

#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace z2 {

namespace {

// Hugging Face's Trainer, Megatron-LM, Lightning's examples, nanoGPT; the more usual one first.
constexpr std::array<std::pair<const char*, const char*>, 20> kKnown = {{
    {"train/loss", "loss"},       {"lm loss", "loss"},
    {"loss/train", "loss"},       {"Loss/train", "loss"},
    {"train_loss", "loss"},       {"eval/loss", "valid/loss"},
    {"val/loss", "valid/loss"},   {"lm loss validation", "valid/loss"},
    {"loss/valid", "valid/loss"}, {"loss/val", "valid/loss"},
    {"Loss/val", "valid/loss"},   {"val_loss", "valid/loss"},
    {"valid_loss", "valid/loss"}, {"train/learning_rate", "lr"},
    {"learning-rate", "lr"},      {"learning_rate", "lr"},
    {"train/lr", "lr"},           {"train/grad_norm", "grad_norm"},
    {"grad-norm", "grad_norm"},   {"train/mfu", "mfu"},
}};

}  // namespace

std::map<std::string, std::string> renamesFor(const std::vector<std::string>& names) {
  std::set<std::string> taken(names.begin(), names.end());
  std::map<std::string, std::string> renames;
  for (const auto& [theirs, ours] : kKnown) {
    if (!taken.contains(theirs) || taken.contains(ours)) continue;
    renames[theirs] = ours;
    taken.insert(ours);
  }
  return renames;
}

}  // namespace z2
