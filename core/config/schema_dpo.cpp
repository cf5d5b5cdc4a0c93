#include <vector>

#include "core/config/schema.h"
#include "core/config/schema_tables.h"

namespace z2::tables {

std::vector<Field> dpoFields() {
  using enum FieldType;
  constexpr unsigned kDpoOnly = taskBit(Task::kDpo);
  return {
      {.key = "dpo.loss",
       .type = kChoice,
       .initial = "sigmoid",
       .choices = {"sigmoid", "hinge", "ipo"},
       .tasks = kDpoOnly,
       .label = {"Preference loss", "偏好损失"},
       .help = {"sigmoid is DPO's own; hinge as in SLiC; ipo as in IPO.",
                "sigmoid 为 DPO 原始损失；hinge 同 SLiC；ipo 同 IPO。"}},
      {.key = "dpo.beta",
       .type = kReal,
       .initial = 0.1,
       .min = 1e-6,
       .max = 100,
       .tasks = kDpoOnly,
       .label = {"Beta", "Beta"},
       .help = {"How strongly the model is held to its reference; larger holds it closer.",
                "对参考模型的约束强度，越大越接近参考模型。"}},
      {.key = "dpo.label_smoothing",
       .type = kReal,
       .initial = 0.0,
       .min = 0,
       .max = 0.5,
       .tasks = kDpoOnly,
       .label = {"Label smoothing", "标签平滑"},
       .help = {"Assumed share of pairs that are labelled the wrong way round.",
                "假定偏好标注颠倒的样本比例。"}},
      {.key = "dpo.reference_free",
       .type = kBoolean,
       .initial = false,
       .tasks = kDpoOnly,
       .label = {"Without reference", "不用参考模型"},
       .help = {"Compares with a uniform model in place of a reference; saves its memory.",
                "以均匀分布代替参考模型，可省下其内存。"}},
      {.key = "dpo.reference",
       .type = kPath,
       .initial = "",
       .tasks = kDpoOnly,
       .label = {"Reference model", "参考模型"},
       .help =
           {"A run, checkpoint or Hugging Face directory. Empty: the model training starts from.",
            "训练任务、检查点或 Hugging Face 模型目录。留空则用初始权重。"}},
  };
}

}  // namespace z2::tables
