#include <vector>

#include "core/config/schema.h"
#include "core/config/schema_tables.h"

namespace z2::tables {

namespace {

std::vector<Field> learningRate() {
  using enum FieldType;
  return {
      {.key = "optim.lr",
       .type = kReal,
       .initial = 1e-3,
       .sftInitial = 2e-5,
       .dpoInitial = 1e-6,
       .min = 0,
       .max = 10,
       .label = {"Learning rate", "学习率"},
       .help = {"Its peak, after warm-up. Larger models need a smaller one.",
                "预热结束后的最大学习率；模型越大，应越小。"},
       .isSimple = true,
       .mayChangeOnResume = true},
      {.key = "optim.min_lr",
       .type = kReal,
       .initial = 0.0,
       .min = 0,
       .max = 10,
       .label = {"Final learning rate", "最低学习率"},
       .help = {"Where the schedule ends.", "学习率调度最终降到的值。"},
       .mayChangeOnResume = true},
      {.key = "optim.warmup_steps",
       .type = kInteger,
       .initial = 100,
       .unit = "steps",
       .min = 0,
       .max = 1e9,
       .label = {"Warm-up", "预热步数"},
       .help = {"Steps in which the learning rate rises from zero. Not given: 100, or a tenth of a "
                "shorter run.",
                "学习率从零升到最大值所用的步数。未指定时为 100，训练较短则取总步数的十分之一。"}},
      {.key = "optim.schedule",
       .type = kChoice,
       .initial = "cosine",
       .choices = {"cosine", "wsd", "constant"},
       .label = {"Schedule", "学习率调度"},
       .help = {"After warm-up: a half cosine, stable then decay (WSD), or constant.",
                "预热之后：余弦下降；先稳定后衰减（WSD）；或保持不变。"},
       .mayChangeOnResume = true},
      {.key = "optim.stable_steps",
       .type = kInteger,
       .initial = 0,
       .unit = "steps",
       .min = 0,
       .max = 1e9,
       .label = {"Stable steps", "稳定步数"},
       .help = {"WSD: steps at the full learning rate before the decay.",
                "WSD 调度中，衰减前保持最大学习率的步数。"},
       .mayChangeOnResume = true},
  };
}

}  // namespace

std::vector<Field> optimFields() {
  using enum FieldType;
  std::vector<Field> all = learningRate();
  const std::vector<Field> adamW = {
      {.key = "optim.weight_decay",
       .type = kReal,
       .initial = 0.1,
       .sftInitial = 0.0,
       .dpoInitial = 0.0,
       .min = 0,
       .max = 10,
       .label = {"Weight decay", "权重衰减"},
       .help = {"Decoupled (AdamW), on matrices only.", "解耦的权重衰减（AdamW），只作用于矩阵。"},
       .mayChangeOnResume = true},
      {.key = "optim.beta1",
       .type = kReal,
       .initial = 0.9,
       .min = 0,
       .max = 0.9999999,
       .label = {"Beta 1", "Beta 1"},
       .help = {"Memory of the gradient's mean.", "梯度一阶矩的衰减系数。"}},
      {.key = "optim.beta2",
       .type = kReal,
       .initial = 0.95,
       .sftInitial = 0.999,
       .dpoInitial = 0.999,
       .min = 0,
       .max = 0.9999999,
       .label = {"Beta 2", "Beta 2"},
       .help = {"Memory of the gradient's square.", "梯度二阶矩的衰减系数。"}},
      {.key = "optim.eps",
       .type = kReal,
       .initial = 1e-8,
       .min = 0,
       .max = 1,
       .label = {"Epsilon", "Epsilon"},
       .help = {"Added to the root of the second moment.", "加在二阶矩平方根上的小量。"}},
      {.key = "optim.grad_clip",
       .type = kReal,
       .initial = 1.0,
       .min = 0,
       .max = 1e6,
       .label = {"Gradient clip", "梯度裁剪"},
       .help = {"Longest gradient norm; longer ones are scaled down. 0: no clipping.",
                "梯度范数上限，超过则按比例缩小。0 表示不裁剪。"},
       .mayChangeOnResume = true},
  };
  all.insert(all.end(), adamW.begin(), adamW.end());
  return all;
}

}  // namespace z2::tables
