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
  };
}

}  // namespace z2::tables
