#include <vector>

#include "core/config/schema.h"
#include "core/config/schema_tables.h"

namespace z2::tables {

namespace {

std::vector<Field> lengthAndBatch() {
  using enum FieldType;
  return {
      {.key = "train.steps",
       .type = kInteger,
       .initial = 1000,
       .unit = "steps",
       .min = 1,
       .max = 1e9,
       .label = {"Steps", "训练步数"},
       .help = {"Optimizer steps of the whole run.", "整个训练的优化器步数。"},
       .isSimple = true,
       .mayChangeOnResume = true},
      {.key = "train.micro_batch_size",
       .type = kInteger,
       .initial = 8,
       .unit = "sequences",
       .min = 1,
       .max = 65'536,
       .label = {"Micro-batch", "单次批大小"},
       .help = {"Sequences computed at once on one device; lower it when memory is short.",
                "单个设备一次计算的序列数；内存或显存不足时调小。"},
       .isSimple = true},
      {.key = "train.grad_accum_steps",
       .type = kInteger,
       .initial = 1,
       .min = 1,
       .max = 65'536,
       .label = {"Gradient accumulation", "梯度累积步数"},
       .help = {"Micro-batches summed into one optimizer step; the result equals one large batch.",
                "多少个小批累加为一次参数更新，结果与一个大批相同。"}},
      {.key = "train.skip_steps",
       .type = kList,
       .initial = Json::array(),
       .unit = "steps",
       .label = {"Skip data", "跳过数据"},
       .help = {"Steps whose data is passed over, such as 1200-1400,2050, numbered as a run that "
                "skips nothing draws them: the cure of a loss spike. Empty: none.",
                "跳过哪些步的数据，例如 1200-1400,2050，按不跳过任何数据时的步号计，"
                "可用于绕过损失尖峰。留空则不跳过。"},
       .mayChangeOnResume = true},
      {.key = "train.eval_only",
       .type = kBoolean,
       .initial = false,
       .label = {"Evaluate only", "仅验证"},
       .help = {"Computes the validation loss once and ends without training.",
                "只计算一次验证损失，不训练。"}},
  };
}

std::vector<Field> machine() {
  using enum FieldType;
  return {
      {.key = "train.dtype",
       .type = kChoice,
       .initial = "fp32",
       .choices = {"fp32", "bf16", "fp16", "fp8"},
       .label = {"Precision", "计算精度"},
       .help = {"Type of weights and activations in computing; master weights stay fp32. bf16 for "
                "GPUs, fp32 for CPUs. fp8: bf16, and the layers' matmuls in 8 bits with a scale "
                "for each tensor; for GPUs from compute capability 8.9 on (H100, RTX 4090).",
                "计算时权重与激活的类型，主权重始终为 fp32。GPU 用 bf16，CPU 用 fp32。fp8：其余用 "
                "bf16，各层的矩阵乘法用 8 位浮点，每个张量一个缩放系数；需要计算能力 8.9 以上的 "
                "GPU（H100、RTX 4090）。"}},
      {.key = "train.recompute",
       .type = kChoice,
       .initial = "auto",
       .choices = {"auto", "none", "norms", "blocks"},
       .label = {"Computed again", "重算"},
       .help = {"What backward computes again instead of keeping it: norms saves about 7 % of the "
                "memory of a large model for less than 1 % of the speed, blocks keeps only what "
                "goes into each layer. auto: norms, and blocks where the memory would not do. Same "
                "bits either way.",
                "反向传播时重新计算而不保存的内容：norms 为大模型省约 7% 显存，速度损失不到 1%；"
                "blocks 只保存每层的输入。auto：用 norms，显存不够时用 blocks。结果逐位相同。"},
       .mayChangeOnResume = true},
      {.key = "train.cuda_graphs",
       .type = kBoolean,
       .initial = true,
       .label = {"CUDA graphs", "CUDA 图"},
       .help =
           {"On a GPU a micro-batch is recorded once and then run as a whole. Same bits either "
            "way; dropout switches it off.",
            "在 GPU 上把一次小批计算录制为图后整体执行；结果逐位相同，使用 dropout 时自动关闭。"},
       .mayChangeOnResume = true},
      {.key = "train.device",
       .type = kChoice,
       .initial = "auto",
       .choices = {"auto", "cpu", "cuda"},
       .label = {"Device", "设备"},
       .help = {"auto takes a GPU when there is one, else the CPU.",
                "auto：有 GPU 就用 GPU，否则用 CPU。"},
       .isSimple = true,
       .mayChangeOnResume = true},
      {.key = "train.threads",
       .type = kInteger,
       .initial = 0,
       .min = 0,
       .max = 1024,
       .label = {"CPU threads", "CPU 线程数"},
       .help = {"Threads for computing on the CPU. 0: one a core.",
                "CPU 计算所用线程数。0 表示每核一个。"},
       .mayChangeOnResume = true},
      {.key = "train.seed",
       .type = kInteger,
       .initial = 1234,
       .min = 0,
       .max = 9e15,
       .label = {"Seed", "随机种子"},
       .help = {"Decides new weights, data order and dropout.",
                "决定随机初始化、数据顺序和 dropout。"}},
      {.key = "train.deterministic",
       .type = kBoolean,
       .initial = true,
       .label = {"Same bits every time", "结果逐位可复现"},
       .help = {"The same run gives the same bits, also after a resume; costs little.",
                "同样的训练得到逐位相同的结果，断点续训后也是如此；开销很小。"},
       .mayChangeOnResume = true},
  };
}

std::vector<Field> reporting() {
  using enum FieldType;
  return {
      {.key = "train.log_interval",
       .type = kInteger,
       .initial = 1,
       .unit = "steps",
       .min = 1,
       .max = 1e6,
       .label = {"Log every", "记录间隔"},
       .help = {"Steps between two rows of metrics.", "每隔多少步记录一行指标。"},
       .mayChangeOnResume = true},
      {.key = "train.eval_interval",
       .type = kInteger,
       .initial = 100,
       .unit = "steps",
       .min = 0,
       .max = 1e9,
       .label = {"Evaluate every", "验证间隔"},
       .help = {"Steps between two evaluations. 0: none.", "每隔多少步验证一次。0 表示不验证。"},
       .mayChangeOnResume = true},
      {.key = "train.eval_batches",
       .type = kInteger,
       .initial = 16,
       .unit = "batches",
       .min = 1,
       .max = 1e6,
       .label = {"Evaluation batches", "验证批数"},
       .help = {"Micro-batches in one evaluation, the same each time.",
                "每次验证使用的小批数，各次相同。"},
       .mayChangeOnResume = true},
      {.key = "train.checkpoint_interval",
       .type = kInteger,
       .initial = 100,
       .unit = "steps",
       .min = 0,
       .max = 1e9,
       .label = {"Checkpoint every", "检查点间隔"},
       .help = {"Steps between two checkpoints; a crash loses at most these. 0: only at the end.",
                "每隔多少步保存一个检查点，崩溃时最多损失这么多步。0 表示只在结束时保存。"},
       .mayChangeOnResume = true},
      {.key = "train.keep_latest",
       .type = kInteger,
       .initial = 2,
       .unit = "checkpoints",
       .min = 1,
       .max = 1000,
       .label = {"Keep latest", "保留最新"},
       .help = {"Newest checkpoints that are kept.", "保留最新的检查点个数。"},
       .mayChangeOnResume = true},
      {.key = "train.keep_best",
       .type = kInteger,
       .initial = 2,
       .unit = "checkpoints",
       .min = 0,
       .max = 1000,
       .label = {"Keep best", "保留最优"},
       .help = {"Checkpoints of the lowest validation loss that are kept as well.",
                "另外保留验证损失最低的检查点个数。"},
       .mayChangeOnResume = true},
  };
}

std::vector<Field> supervision() {
  using enum FieldType;
  return {
      {.key = "train.max_restarts",
       .type = kInteger,
       .initial = 0,
       .min = 0,
       .max = 1000,
       .label = {"Restarts", "自动重启次数"},
       .help = {"How often a crashed or hanging run is restarted from its last good checkpoint. "
                "0: never; a hang is then only reported.",
                "崩溃或卡死后，从最后一个完好的检查点自动重启的次数。0 表示不重启，卡死时仅报告。"},
       .mayChangeOnResume = true},
      {.key = "train.restart_on_nan",
       .type = kBoolean,
       .initial = false,
       .label = {"Restart on NaN", "出现 NaN 时重启"},
       .help = {"A loss that is not a number also restarts the run, within the restarts above.",
                "损失变为 NaN 时也重启，计入上述次数。"},
       .mayChangeOnResume = true},
      {.key = "train.nan_skip_steps",
       .type = kInteger,
       .initial = 0,
       .unit = "steps",
       .min = 0,
       .max = 1e6,
       .label = {"Skip after NaN", "NaN 后跳过"},
       .help = {"After such a restart the data up to the bad step and of this many steps more is "
                "passed over. 0: the same data again.",
                "因 NaN 重启后，跳过直到出错步为止的数据，并再多跳过这么多步。0 表示重用原数据。"},
       .mayChangeOnResume = true},
      {.key = "train.hang_timeout_s",
       .type = kReal,
       .initial = 0.0,
       .unit = "s",
       .min = 0,
       .max = 1e6,
       .label = {"Hang limit", "卡死判定时间"},
       .help = {"Without a sign of life for so long the run counts as hanging. 0: 60 s or five "
                "steps, whichever is longer.",
                "超过这么久没有心跳即视为卡死。0 表示取 60 秒与五步用时中的较大者。"},
       .mayChangeOnResume = true},
  };
}

}  // namespace

std::vector<Field> trainFields() {
  std::vector<Field> all = lengthAndBatch();
  for (auto part : {machine(), reporting(), supervision()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace z2::tables
