#include <vector>

#include "core/config/schema.h"
#include "core/config/schema_tables.h"

namespace z2::tables {

std::vector<Field> dataFields() {
  using enum FieldType;
  return {
      {.key = "tokenizer.path",
       .type = kPath,
       .initial = "",
       .label = {"Tokenizer", "分词器"},
       .help =
           {"Directory or file of the tokenizer that made the data; samples and exports use it.",
            "制作数据所用的分词器（目录或文件），生成样例和导出模型时会用到。"},
       .isSimple = true,
       .mayChangeOnResume = true},
      {.key = "data.train",
       .type = kPath,
       .initial = "",
       .label = {"Training data", "训练数据"},
       .help = {"PREFIX of PREFIX.bin and PREFIX.idx, or several with weights: "
                "0.7:PREFIX,0.3:PREFIX.",
                "PREFIX.bin 与 PREFIX.idx 的公共前缀；也可按权重混合多份：0.7:PREFIX,0.3:PREFIX。"},
       .isSimple = true,
       .isRequired = true},
      {.key = "data.valid",
       .type = kPath,
       .initial = "",
       .label = {"Validation data", "验证数据"},
       .help = {"The same for held-out data. Empty: no evaluation.",
                "留作验证的数据，写法同上。留空则不做验证。"},
       .isSimple = true,
       .mayChangeOnResume = true},
      {.key = "data.seq_len",
       .type = kInteger,
       .initial = 256,
       .unit = "tokens",
       .min = 8,
       .max = 4'194'304,
       .label = {"Sequence length", "序列长度"},
       .help = {"Tokens in one training sequence; at most the model's longest context.",
                "每条训练序列的 token 数，不超过模型的最大上下文长度。"},
       .isSimple = true},
      {.key = "data.packing",
       .type = kChoice,
       .initial = "continuous",
       .sftInitial = "documents",
       .dpoInitial = "documents",
       .choices = {"continuous", "documents", "none"},
       .label = {"Packing", "序列拼接"},
       .help = {"continuous: documents end to end, attention crosses their borders (pretraining); "
                "documents: it never does, and positions restart; none: one sample a row, filled "
                "up (fine-tuning).",
                "continuous：文档首尾相接，注意力可跨越边界（用于预训练）；documents："
                "注意力不跨文档，位置重新计数；none：每行一个样本，其余填充（用于微调）。"}},
      {.key = "data.allow_cut",
       .type = kBoolean,
       .initial = false,
       .tasks = kTuningTasks,
       .label = {"Allow cut samples", "允许截断样本"},
       .help = {"Start although more than 5 % of the samples are longer than data.seq_len; what is "
                "over is not seen.",
                "即使超过 5 % 的样本长于 data.seq_len 也开始训练，超出的部分不参与训练。"},
       .mayChangeOnResume = true},
      {.key = "data.allow_untrained",
       .type = kBoolean,
       .initial = false,
       .tasks = kTuningTasks,
       .label = {"Allow untrained samples", "允许无训练 token 的样本"},
       .help = {"Start although more than 5 % of the samples have no trained token within "
                "data.seq_len; they are left out.",
                "即使超过 5 % 的样本在 data.seq_len 之内没有训练 token 也开始训练，这些样本不参与"
                "训练。"},
       .mayChangeOnResume = true},
  };
}

}  // namespace z2::tables
