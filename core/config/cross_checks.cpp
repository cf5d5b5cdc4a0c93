#include "core/config/cross_checks.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
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
  void require(bool isMet, std::string_view key, std::string en, std::string zh) {
    if (!isMet) broken.push_back({std::string(key), std::move(en), std::move(zh)});
  }

  std::vector<ConfigIssue> broken;

 private:
  const Json& flat_;
};

void checkHeads(Rules& rules) {
  const int64_t hidden = rules.integer("model.hidden_size");
  const int64_t heads = rules.integer("model.num_attention_heads");
  const int64_t keyValueHeads = rules.integer("model.num_key_value_heads");
  const int64_t given = rules.integer("model.head_dim");
  rules.require(given > 0 || hidden % heads == 0, "model.num_attention_heads",
                fmt::format("{} heads do not divide model.hidden_size {}. Choose a divisor, or "
                            "give model.head_dim",
                            heads, hidden),
                fmt::format("{} 个头不能整除 model.hidden_size {}。请换成它的约数，或设置 "
                            "model.head_dim",
                            heads, hidden));
  rules.require(heads % keyValueHeads == 0, "model.num_key_value_heads",
                fmt::format("{} do not divide model.num_attention_heads {}. Choose a divisor",
                            keyValueHeads, heads),
                fmt::format("{} 不能整除 model.num_attention_heads {}。请换成它的约数",
                            keyValueHeads, heads));
  const int64_t size = given > 0 ? given : hidden / heads;
  rules.require(size > 0 && size % 2 == 0, "model.head_dim",
                fmt::format("heads of {} cannot be rotated by RoPE. Make it even", size),
                fmt::format("每头 {} 维，RoPE 无法旋转。请改为偶数", size));
}

void checkPositions(Rules& rules) {
  const bool isScaled = rules.text("model.rope_scaling.type") != "none";
  const double factor = rules.real("model.rope_scaling.factor");
  const int64_t positions = rules.integer("model.max_position_embeddings");
  const int64_t length = rules.integer("data.seq_len");
  const auto reach =
      static_cast<int64_t>(std::floor(static_cast<double>(positions) * (isScaled ? factor : 1.0)));
  rules.require(length <= reach, "data.seq_len",
                fmt::format("{} tokens are more than model.max_position_embeddings {} allows. "
                            "Lower the one or raise the other",
                            length, positions),
                fmt::format("{} 个 token 超过了 model.max_position_embeddings {} 的上限。"
                            "请减小前者或增大后者",
                            length, positions));
  rules.require(isScaled || factor == 1.0, "model.rope_scaling.factor",
                fmt::format("{} has no effect while model.rope_scaling.type is none. Set the type "
                            "to linear or dynamic",
                            factor),
                fmt::format("model.rope_scaling.type 为 none 时，{} 不起作用。请把类型设为 linear "
                            "或 dynamic",
                            factor));
}

void checkSchedule(Rules& rules) {
  const int64_t steps = rules.integer("train.steps");
  const int64_t warmup = rules.integer("optim.warmup_steps");
  const int64_t stable = rules.integer("optim.stable_steps");
  rules.require(warmup <= steps, "optim.warmup_steps",
                fmt::format("{} are more than train.steps {}. Lower them", warmup, steps),
                fmt::format("{} 步多于 train.steps {}。请调小", warmup, steps));
  const bool isWsd = rules.text("optim.schedule") == "wsd";
  rules.require(!isWsd || warmup > steps || stable <= steps - warmup, "optim.stable_steps",
                fmt::format("{} and optim.warmup_steps {} together are more than train.steps {}. "
                            "Lower one of them",
                            stable, warmup, steps),
                fmt::format("{} 与 optim.warmup_steps {} 之和多于 train.steps {}。请调小其中之一",
                            stable, warmup, steps));
  rules.require(isWsd || stable == 0, "optim.stable_steps",
                fmt::format("{} has no effect while optim.schedule is {}. Set optim.schedule=wsd",
                            stable, rules.text("optim.schedule")),
                fmt::format("optim.schedule 为 {} 时，{} 不起作用。请设 optim.schedule=wsd",
                            rules.text("optim.schedule"), stable));
  rules.require(rules.real("optim.min_lr") <= rules.real("optim.lr"), "optim.min_lr",
                fmt::format("{} is above optim.lr {}. Lower it", rules.real("optim.min_lr"),
                            rules.real("optim.lr")),
                fmt::format("{} 大于 optim.lr {}。请调小", rules.real("optim.min_lr"),
                            rules.real("optim.lr")));
}

void checkSkippedSteps(Rules& rules) {
  const auto ranges = parseStepRanges(rules.list("train.skip_steps"));
  if (ranges) return;
  rules.require(false, "train.skip_steps", ranges.error().text(),
                "步数的写法不对：请写成一步或从小到大的一段，例如 1200-1400,2050");
}

void checkDevices(Rules& rules) {
  const int64_t world = rules.integer("dist.world_size");
  const int64_t perNode = rules.integer("dist.ranks_per_node");
  rules.require(
      perNode == 0 || world % perNode == 0, "dist.ranks_per_node",
      fmt::format("{} do not divide dist.world_size {}. Choose a divisor, or 0 for one "
                  "machine",
                  perNode, world),
      fmt::format("{} 不能整除 dist.world_size {}。请换成它的约数；单机填 0", perNode, world));
  rules.require(rules.text("train.device") != "cpu" || rules.text("dist.backend") != "nccl",
                "dist.backend",
                "NCCL works between GPUs only, and train.device is cpu. Use gloo or auto",
                "NCCL 只用于 GPU，而 train.device 为 cpu。请用 gloo 或 auto");
}

void checkTuning(Rules& rules, Task task) {
  if (task == Task::kPretrain) return;
  rules.require(rules.integer("lora.rank") == 0 || !rules.isEmpty("lora.targets"), "lora.targets",
                "is empty although lora.rank is not 0. Name at least one matrix",
                "lora.rank 不为 0，这里却是空的。请至少写一个矩阵");
  if (task != Task::kDpo) return;
  rules.require(!rules.flag("dpo.reference_free") || rules.text("dpo.reference").empty(),
                "dpo.reference", "is given although dpo.reference_free is true. Drop one of them",
                "dpo.reference_free 为 true，不应再给参考模型。请去掉其中之一");
  const std::string loss = rules.text("dpo.loss");
  const double smoothing = rules.real("dpo.label_smoothing");
  rules.require(smoothing == 0 || loss == "sigmoid" || loss == "robust", "dpo.label_smoothing",
                "only the losses sigmoid and robust know it. Set it to 0, or dpo.loss=sigmoid",
                "只有 sigmoid 和 robust 损失支持。请设为 0，或设 dpo.loss=sigmoid");
  rules.require(smoothing < 0.5 || loss != "robust", "dpo.label_smoothing",
                "the loss robust needs less than 0.5. Lower it", "robust 损失要求小于 0.5。请调小");
  rules.require(rules.integer("train.micro_batch_size") % 2 == 0, "train.micro_batch_size",
                "is odd, but chosen and rejected answers come in rows by twos. Make it even",
                "为奇数，而被选与被拒回答按两行一组计算。请改为偶数");
}

void checkPacking(Rules& rules, Task task) {
  const std::string packing = rules.text("data.packing");
  if (task == Task::kPretrain)
    rules.require(packing != "none", "data.packing",
                  "none is for fine-tuning. Use continuous or documents",
                  "none 只用于微调。请用 continuous 或 documents");
  else
    rules.require(packing != "continuous", "data.packing",
                  "continuous is for pretraining: samples would see each other. Use documents or "
                  "none",
                  "continuous 只用于预训练，否则样本之间会互相可见。请用 documents 或 none");
}

}  // namespace

std::vector<ConfigIssue> brokenRules(Task task, const Json& flat) {
  Rules rules(flat);
  checkHeads(rules);
  checkPositions(rules);
  checkSchedule(rules);
  checkSkippedSteps(rules);
  checkDevices(rules);
  checkTuning(rules, task);
  checkPacking(rules, task);
  return rules.broken;
}

}  // namespace z2
