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
       .choices = {"sigmoid", "robust", "hinge", "ipo", "kto_pair", "sppo_hard", "nca_pair",
                   "bco_pair"},
       .tasks = kDpoOnly,
       .label = {"Preference loss", "偏好损失"},
       .help = {"sigmoid is DPO's own, robust allows for pairs labelled the wrong way round; hinge "
                "as in SLiC, ipo as in IPO, the others as in KTO, SPPO, NCA and BCO.",
                "sigmoid 为 DPO 原始损失，robust 考虑了标注颠倒的样本；hinge 同 SLiC，ipo 同 "
                "IPO，其余分别同 KTO、SPPO、NCA、BCO。"}},
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
       .help = {"Assumed share of pairs that are labelled the wrong way round; for sigmoid and "
                "robust.",
                "假定偏好标注颠倒的样本比例，用于 sigmoid 与 robust。"}},
      {.key = "dpo.length_normalised",
       .type = kBoolean,
       .initial = false,
       .tasks = kDpoOnly,
       .label = {"Per token", "按长度归一"},
       .help = {"Divides log probabilities by the answer's length, so that long answers are not "
                "favoured; ipo always does.",
                "对数概率除以回答长度，避免偏向长回答；ipo 总是如此。"}},
      {.key = "dpo.sft_weight",
       .type = kReal,
       .initial = 0.0,
       .min = 0,
       .max = 1000,
       .tasks = kDpoOnly,
       .label = {"Added SFT loss", "附加 SFT 损失"},
       .help = {"Adds the chosen answers' mean token loss, times this, so that they stay likely. "
                "0: none.",
                "按此权重加上被选回答的平均 token 损失，防止其概率下降。0 表示不加。"}},
      {.key = "dpo.truncation",
       .type = kChoice,
       .initial = "keep_start",
       .choices = {"keep_start", "keep_end"},
       .tasks = kDpoOnly,
       .label = {"Too long pairs", "过长样本的截断"},
       .help =
           {"What is kept of prompt and answer when they are longer than data.seq_len: the "
            "start, or the end.",
            "提示与回答超过 data.seq_len 时保留哪一端：keep_start 保留开头，keep_end 保留结尾。"}},
      {.key = "dpo.reference_free",
       .type = kBoolean,
       .initial = false,
       .tasks = kDpoOnly,
       .label = {"Without reference", "不用参考模型"},
       .help = {"Compares with a uniform model in place of a reference, whose log probabilities "
                "then need not be computed.",
                "以均匀分布代替参考模型，无需计算参考对数概率。"}},
      {.key = "dpo.reference",
       .type = kPath,
       .initial = "",
       .tasks = kDpoOnly,
       .label = {"Reference model", "参考模型"},
       .help =
           {"A run, checkpoint or Hugging Face directory. Empty: the model training starts from. "
            "Its log probabilities are computed once, before the training, and kept on disk.",
            "训练任务、检查点或 Hugging Face 模型目录。留空则用初始权重。"
            "其对数概率在训练前计算一次并存盘。"}},
  };
}

}  // namespace z2::tables
