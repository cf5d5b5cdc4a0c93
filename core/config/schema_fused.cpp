#include <string_view>
#include <vector>

#include "core/config/schema.h"
#include "core/config/schema_tables.h"

namespace z2::tables {

namespace {

Field fusedSwitch(std::string_view key, Text label, Text help) {
  return {.key = key,
          .type = FieldType::kBoolean,
          .initial = true,
          .label = label,
          .help = help,
          .mayChangeOnResume = true};
}

}  // namespace

std::vector<Field> fusedFields() {
  return {
      fusedSwitch("fused.attention", {"Fused attention", "融合注意力"},
                  {"Attention in one pass. Off: a plain reference that stores the scores.",
                   "一次完成注意力计算。关闭后用存储分数矩阵的朴素实现。"}),
      fusedSwitch("fused.rope", {"Fused RoPE", "融合 RoPE"},
                  {"Rotary embedding in one pass over the packed q, k, v.",
                   "对拼接的 q、k、v 一次完成旋转位置编码。"}),
      fusedSwitch("fused.cross_entropy", {"Fused cross-entropy", "融合交叉熵"},
                  {"Loss by chunks, in place, without logits in fp32.",
                   "分块就地计算损失，不存 fp32 logits。"}),
      fusedSwitch("fused.rms_norm", {"Fused RMSNorm", "融合 RMSNorm"},
                  {"RMSNorm together with the residual addition.", "RMSNorm 与残差相加合并计算。"}),
      fusedSwitch("fused.swiglu", {"Fused SwiGLU", "融合 SwiGLU"},
                  {"SwiGLU in one pass over the packed gate and up.",
                   "对拼接的 gate、up 一次完成 SwiGLU。"}),
      fusedSwitch(
          "fused.adamw", {"Fused AdamW", "融合 AdamW"},
          {"One optimizer pass over the flat buffers.", "在连续缓冲区上一次完成参数更新。"}),
  };
}

}  // namespace z2::tables
