#include <vector>

#include "core/config/schema.h"
#include "core/config/schema_tables.h"

namespace z2::tables {

std::vector<Field> loraFields() {
  using enum FieldType;
  return {
      {.key = "lora.rank",
       .type = kInteger,
       .initial = 0,
       .min = 0,
       .max = 4096,
       .tasks = kTuningTasks,
       .label = {"LoRA rank", "LoRA 秩"},
       .help = {"Trains small low-rank additions and leaves the model as it is. 0: trains all "
                "weights.",
                "只训练低秩增量，原模型不变。0 表示训练全部权重。"}},
      {.key = "lora.alpha",
       .type = kReal,
       .initial = 16.0,
       .min = 0,
       .max = 65'536,
       .tasks = kTuningTasks,
       .label = {"LoRA alpha", "LoRA alpha"},
       .help = {"The additions are scaled by alpha / rank.", "低秩增量按 alpha / 秩 缩放。"}},
      {.key = "lora.rslora",
       .type = kBoolean,
       .initial = false,
       .tasks = kTuningTasks,
       .label = {"Rank-stabilised", "秩稳定缩放"},
       .help = {"Scales by alpha / the root of the rank (rsLoRA), so that high ranks learn as "
                "well.",
                "按 alpha / 秩的平方根缩放（rsLoRA），使高秩也能有效学习。"}},
      {.key = "lora.dropout",
       .type = kReal,
       .initial = 0.0,
       .min = 0,
       .max = 0.95,
       .tasks = kTuningTasks,
       .label = {"LoRA dropout", "LoRA dropout"},
       .help = {"Share of the additions' input dropped in training.",
                "训练时低秩分支输入随机丢弃的比例。"},
       .mayChangeOnResume = true},
      {.key = "lora.targets",
       .type = kList,
       .initial = {"q_proj", "k_proj", "v_proj", "o_proj"},
       .choices = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"},
       .tasks = kTuningTasks,
       .label = {"LoRA targets", "LoRA 作用层"},
       .help = {"Matrices that get an addition.", "加上低秩增量的矩阵。"}},
      {.key = "lora.init_from",
       .type = kPath,
       .initial = "",
       .tasks = kTuningTasks,
       .label = {"Adapters to start from", "初始适配器"},
       .help = {"A PEFT directory (adapter_config.json) made for the same model, rank and "
                "matrices. Empty: new adapters that change nothing at first.",
                "与所用模型、秩、作用层一致的 PEFT 适配器目录（adapter_config.json）。"
                "留空则新建，起初不改变模型。"}},
  };
}

}  // namespace z2::tables
