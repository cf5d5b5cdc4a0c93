#include <vector>

#include "core/config/schema.h"
#include "core/config/schema_tables.h"

namespace z2::tables {

namespace {

std::vector<Field> ranks() {
  using enum FieldType;
  return {
      {.key = "dist.backend",
       .type = kChoice,
       .initial = "auto",
       .choices = {"auto", "gloo", "nccl"},
       .label = {"Collectives", "通信后端"},
       .help = {"auto: NCCL between GPUs, Gloo between CPUs.",
                "auto：GPU 之间用 NCCL，CPU 之间用 Gloo。"},
       .mayChangeOnResume = true},
      {.key = "dist.world_size",
       .type = kInteger,
       .initial = 1,
       .unit = "ranks",
       .min = 1,
       .max = 65'536,
       .label = {"Ranks", "进程总数"},
       .help = {"Processes that train one model together, each with its own part of the batch.",
                "共同训练一个模型的进程数，各处理批中的一部分。"}},
      {.key = "dist.ranks_per_node",
       .type = kInteger,
       .initial = 0,
       .unit = "ranks",
       .min = 0,
       .max = 1024,
       .label = {"Ranks per node", "每节点进程数"},
       .help = {"0: all of them on this machine.", "0 表示全部在本机。"},
       .mayChangeOnResume = true},
      {.key = "dist.master_addr",
       .type = kText,
       .initial = "127.0.0.1",
       .label = {"Meeting address", "主节点地址"},
       .help = {"Host where the ranks meet.", "各进程会合的主机地址。"},
       .mayChangeOnResume = true},
      {.key = "dist.master_port",
       .type = kInteger,
       .initial = 0,
       .min = 0,
       .max = 65'535,
       .label = {"Meeting port", "主节点端口"},
       .help = {"0: a free one is chosen.", "0 表示自动选择空闲端口。"},
       .mayChangeOnResume = true},
  };
}

std::vector<Field> overlapAndBuckets() {
  using enum FieldType;
  return {
      {.key = "dist.zero",
       .type = kInteger,
       .initial = 0,
       .min = 0,
       .max = 1,
       .label = {"ZeRO stage", "ZeRO 级别"},
       .help = {"1: the optimizer's state is shared out over the ranks. 0: each holds all of it.",
                "1：优化器状态分摊到各进程；0：每个进程各存一份。"}},
      {.key = "dist.overlap_grad_reduce",
       .type = kBoolean,
       .initial = true,
       .label = {"Overlap gradient reduction", "梯度归约重叠"},
       .help = {"Sums gradients while the backward pass still runs.", "反向计算的同时归约梯度。"},
       .mayChangeOnResume = true},
      {.key = "dist.overlap_param_gather",
       .type = kBoolean,
       .initial = true,
       .label = {"Overlap parameter gathering", "参数收集重叠"},
       .help = {"ZeRO: gathers parameters while the next forward pass begins.",
                "ZeRO：下一次前向计算开始的同时收集参数。"},
       .mayChangeOnResume = true},
      {.key = "dist.overlap_optim_step",
       .type = kBoolean,
       .initial = false,
       .label = {"Overlap optimizer step", "优化器更新重叠"},
       .help = {"Updates a bucket as soon as its gradients are complete.",
                "某个桶的梯度一完成即更新其参数。"},
       .mayChangeOnResume = true},
      {.key = "dist.bucket_mb",
       .type = kReal,
       .initial = 25.0,
       .unit = "MB",
       .min = 0.001,
       .max = 65'536,
       .label = {"Bucket", "通信桶大小"},
       .help = {"Size of the pieces in which gradients are sent.", "梯度分块通信的块大小。"}},
      {.key = "dist.comm_hook",
       .type = kText,
       .initial = "all_reduce",
       .choices = {"all_reduce", "fp16", "bf16", "powersgd"},
       .label = {"Communication hook", "通信压缩"},
       .help = {"How gradients travel: all_reduce, fp16 or bf16 compressed, powersgd, or the name "
                "of your own.",
                "梯度传输方式：all_reduce、fp16、bf16 压缩、powersgd，或自定义名称。"}},
  };
}

std::vector<Field> powerSgd() {
  using enum FieldType;
  return {
      {.key = "dist.powersgd.rank",
       .type = kInteger,
       .initial = 1,
       .min = 1,
       .max = 4096,
       .label = {"PowerSGD rank", "PowerSGD 秩"},
       .help = {"Rank of the gradients' approximation.", "梯度低秩近似的秩。"}},
      {.key = "dist.powersgd.start_step",
       .type = kInteger,
       .initial = 1000,
       .unit = "steps",
       .min = 0,
       .max = 1e9,
       .label = {"PowerSGD from step", "PowerSGD 起始步"},
       .help = {"Gradients travel uncompressed before it.", "此步之前梯度不压缩。"}},
      {.key = "dist.powersgd.min_compression_rate",
       .type = kReal,
       .initial = 2.0,
       .min = 1,
       .max = 1e6,
       .label = {"PowerSGD least gain", "PowerSGD 最低压缩比"},
       .help = {"Matrices that would shrink by less are sent whole.",
                "压缩比低于此值的矩阵不压缩。"}},
      {.key = "dist.powersgd.warm_start",
       .type = kBoolean,
       .initial = true,
       .label = {"PowerSGD warm start", "PowerSGD 热启动"},
       .help = {"Starts each step from the last step's factors.", "以上一步的因子作为初值。"}},
      {.key = "dist.powersgd.error_feedback",
       .type = kBoolean,
       .initial = true,
       .label = {"PowerSGD error feedback", "PowerSGD 误差反馈"},
       .help = {"Adds what compression lost to the next step's gradient.",
                "将压缩损失补入下一步的梯度。"}},
  };
}

}  // namespace

std::vector<Field> distFields() {
  std::vector<Field> all = ranks();
  for (auto part : {overlapAndBuckets(), powerSgd()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace z2::tables
