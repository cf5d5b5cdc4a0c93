#include "core/config/cross_checks.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "core/config/step_ranges.h"

namespace z2 {

namespace {

class Rules {
 public:
  explicit Rules(const Json& flat) : flat_(flat) {}

  [[nodiscard]] int64_t integer(std::string_view key) const { return flat_.at(key).get<int64_t>(); }
  [[nodiscard]] double real(std::string_view key) const { return flat_.at(key).get<double>(); }
  [[nodiscard]] bool flag(std::string_view key) const { return flat_.at(key).get<bool>(); }
  [[nodiscard]] std::string text(std::string_view key) const {
    return flat_.at(key).get<std::string>();
  }
  [[nodiscard]] std::vector<std::string> list(std::string_view key) const {
    return flat_.at(key).get<std::vector<std::string>>();
  }
  [[nodiscard]] bool isEmpty(std::string_view key) const { return flat_.at(key).empty(); }
  void require(bool isMet, std::string otherwise) {
    if (!isMet) broken.push_back(std::move(otherwise));
  }

  std::vector<std::string> broken;

 private:
  const Json& flat_;
};

void checkHeads(Rules& rules) {
  const int64_t hidden = rules.integer("model.hidden_size");
  const int64_t heads = rules.integer("model.num_attention_heads");
  const int64_t keyValueHeads = rules.integer("model.num_key_value_heads");
  const int64_t given = rules.integer("model.head_dim");
  rules.require(given > 0 || hidden % heads == 0,
                fmt::format("model.num_attention_heads: {} heads do not divide model.hidden_size "
                            "{}. Choose a divisor, or give model.head_dim",
                            heads, hidden));
  rules.require(heads % keyValueHeads == 0,
                fmt::format("model.num_key_value_heads: {} do not divide "
                            "model.num_attention_heads {}. Choose a divisor",
                            keyValueHeads, heads));
  const int64_t size = given > 0 ? given : hidden / heads;
  rules.require(
      size > 0 && size % 2 == 0,
      fmt::format("model.head_dim: heads of {} cannot be rotated by RoPE. Make it even", size));
}

void checkPositions(Rules& rules) {
  const bool isScaled = rules.text("model.rope_scaling.type") != "none";
  const double factor = rules.real("model.rope_scaling.factor");
  const int64_t positions = rules.integer("model.max_position_embeddings");
  const int64_t length = rules.integer("data.seq_len");
  const auto reach =
      static_cast<int64_t>(std::floor(static_cast<double>(positions) * (isScaled ? factor : 1.0)));
  rules.require(length <= reach,
                fmt::format("data.seq_len: {} tokens are more than model.max_position_embeddings "
                            "{} allows. Lower the one or raise the other",
                            length, positions));
  rules.require(isScaled || factor == 1.0,
                fmt::format("model.rope_scaling.factor: {} has no effect while "
                            "model.rope_scaling.type is none. Set the type to linear or dynamic",
                            factor));
}

void checkSchedule(Rules& rules) {
  const int64_t steps = rules.integer("train.steps");
  const int64_t warmup = rules.integer("optim.warmup_steps");
  const int64_t stable = rules.integer("optim.stable_steps");
  rules.require(warmup <= steps,
                fmt::format("optim.warmup_steps: {} are more than train.steps {}. Lower them",
                            warmup, steps));
  const bool isWsd = rules.text("optim.schedule") == "wsd";
  rules.require(!isWsd || warmup > steps || stable <= steps - warmup,
                fmt::format("optim.stable_steps: {} and optim.warmup_steps {} together are more "
                            "than train.steps {}. Lower one of them",
                            stable, warmup, steps));
  rules.require(isWsd || stable == 0,
                fmt::format("optim.stable_steps: {} has no effect while optim.schedule is {}. Set "
                            "optim.schedule=wsd",
                            stable, rules.text("optim.schedule")));
  rules.require(rules.real("optim.min_lr") <= rules.real("optim.lr"),
                fmt::format("optim.min_lr: {} is above optim.lr {}. Lower it",
                            rules.real("optim.min_lr"), rules.real("optim.lr")));
}

void checkSkippedSteps(Rules& rules) {
  const auto ranges = parseStepRanges(rules.list("train.skip_steps"));
  if (!ranges) rules.require(false, "train.skip_steps: " + ranges.error().text());
}

void checkDevices(Rules& rules) {
  const int64_t world = rules.integer("dist.world_size");
  const int64_t perNode = rules.integer("dist.ranks_per_node");
  rules.require(perNode == 0 || world % perNode == 0,
                fmt::format("dist.ranks_per_node: {} do not divide dist.world_size {}. Choose a "
                            "divisor, or 0 for one machine",
                            perNode, world));
  rules.require(rules.text("train.device") != "cpu" || rules.text("dist.backend") != "nccl",
                "dist.backend: NCCL works between GPUs only, and train.device is cpu. Use gloo or "
                "auto");
}

void checkTuning(Rules& rules, Task task) {
  if (task == Task::kPretrain) return;
  rules.require(rules.integer("lora.rank") == 0 || !rules.isEmpty("lora.targets"),
                "lora.targets: is empty although lora.rank is not 0. Name at least one matrix");
  if (task != Task::kDpo) return;
  rules.require(!rules.flag("dpo.reference_free") || rules.text("dpo.reference").empty(),
                "dpo.reference: is given although dpo.reference_free is true. Drop one of them");
  rules.require(rules.real("dpo.label_smoothing") == 0 || rules.text("dpo.loss") == "sigmoid",
                "dpo.label_smoothing: only the sigmoid loss knows it. Set it to 0, or "
                "dpo.loss=sigmoid");
}

}  // namespace

std::vector<std::string> brokenRules(Task task, const Json& flat) {
  Rules rules(flat);
  checkHeads(rules);
  checkPositions(rules);
  checkSchedule(rules);
  checkSkippedSteps(rules);
  checkDevices(rules);
  checkTuning(rules, task);
  return rules.broken;
}

}  // namespace z2
