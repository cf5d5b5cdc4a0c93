// A step of generation over one row: it reads weights and caches once, so memory bounds it.

#include <algorithm>
#include <cmath>

#include "kernels/bench/kernel_bench.h"

namespace z2 {

// Bytes are the weight's; the rows beside it are nothing. Several weights take turns, so that none
// is found in a cache.
Result<void> KernelBench::rowLinears() {
  struct Kind {
    const char* name;
    int64_t out, in;
    bool isGated;
  };
  constexpr int64_t kBytes = int64_t{256} << 20;
  for (const Kind& kind : {Kind{"row_qkv", packed_, C_, false}, Kind{"row_out", C_, Q_, false},
                           Kind{"row_gate_up", 2 * F_, C_, true}, Kind{"row_down", C_, F_, false},
                           Kind{"row_head", V_, C_, false}}) {
    BenchMemory memory(ops_);
    const int64_t bytes = kind.out * kind.in * width_;
    const int64_t turns = std::clamp<int64_t>(kBytes / bytes, 1, 32);
    Z2_TRY(void* x, memory.elements(kind.in, type_));
    Z2_TRY(void* norm, memory.elements(kind.in, type_));
    Z2_TRY(void* out, memory.elements(kind.out, type_));
    Z2_TRY(void* weights, memory.elements(turns * kind.out * kind.in, type_));
    Z2RowLinear a = {.out = out,
                     .x = x,
                     .weight = weights,
                     .bias = nullptr,
                     .normWeight = norm,
                     .M = 1,
                     .N = kind.out,
                     .K = kind.in,
                     .eps = 1e-5f,
                     .swiglu = kind.isGated,
                     .accumulate = 0,
                     .type = type_,
                     .xType = type_,
                     .outType = type_,
                     .workspace = nullptr};
    Z2_TRY(a.workspace, memory.bytes(ops_.rowLinearWorkspace(ops_.context, &a)));
    Z2_TRY(const double seconds, time([&, turn = int64_t{0}]() mutable {
             a.weight = static_cast<const char*>(weights) + turn++ % turns * bytes;
             return ops_.rowLinear(ops_.context, &a);
           }));
    add(kind.name, shapeOf({1, kind.out, kind.in}), seconds, "gb_s",
        static_cast<double>(bytes) / seconds * 1e-9, bandwidth_);
  }
  return {};
}

// A row that is as long as the sequence.
Result<void> KernelBench::attentionStep() {
  const auto& o = options_;
  const int64_t cache = o.length * o.kvHeads * o.headSize;
  Z2_TRY(void* keys, memory_.elements(cache, type_));
  Z2_TRY(void* values, memory_.elements(cache, type_));
  Z2_TRY(void* qkv, memory_.elements(packed_, type_));
  Z2_TRY(void* out, memory_.elements(Q_, type_));
  Z2_TRY(float* cosine, memory_.floats(o.length * o.headSize / 2));
  Z2_TRY(float* sine, memory_.floats(o.length * o.headSize / 2));
  Z2_TRY(int32_t * positions, memory_.indices({static_cast<int32_t>(o.length - 1)}));
  Z2AttentionStep a = {.out = out,
                       .qkv = qkv,
                       .keys = keys,
                       .values = values,
                       .positions = positions,
                       .cosine = cosine,
                       .sine = sine,
                       .B = 1,
                       .Hq = o.heads,
                       .Hkv = o.kvHeads,
                       .D = o.headSize,
                       .capacity = o.length,
                       .scale = 1 / std::sqrt(static_cast<float>(o.headSize)),
                       .type = type_,
                       .workspace = nullptr};
  const size_t bytes = ops_.attentionStepWorkspace(ops_.context, &a);
  Z2_TRY(a.workspace, memory_.bytes(bytes));
  Z2_TRY_VOID(checked(ops_, ops_.fillZero(ops_.context, a.workspace, bytes)));
  return moves("attention_step", shapeOf({1, o.length, o.heads, o.kvHeads, o.headSize}),
               2 * cache * width_, ops_.attentionStep, a);
}

Result<void> KernelBench::greedy() {
  Z2_TRY(float* logits, memory_.floats(V_));
  Z2_TRY(int32_t * chosen, memory_.indices({0}));
  Z2_TRY(int32_t * ids, memory_.indices({0}));
  Z2_TRY(int32_t * positions, memory_.indices({0}));
  return moves("greedy", shapeOf({1, V_}), V_ * 4, ops_.greedy,
               Z2Greedy{.chosen = chosen,
                        .tokens = ids,
                        .positions = positions,
                        .logits = logits,
                        .M = 1,
                        .V = V_});
}

}  // namespace z2
