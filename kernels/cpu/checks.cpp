#include "kernels/cpu/checks.h"

#include <initializer_list>

namespace z2 {
namespace {

// Collects the first objection to one operation's arguments.
class Checker {
 public:
  explicit Checker(const char* operation) : operation_(operation) {}

  Checker& require(bool condition, const std::string& otherwise) {
    if (!condition && problem_.empty()) problem_ = std::string(operation_) + ": " + otherwise;
    return *this;
  }
  Checker& sizes(std::initializer_list<int64_t> values) {
    for (const int64_t value : values) {
      require(value >= 0 && value < (int64_t{1} << 40),
              "a size is " + std::to_string(value) + ", it must be 0 or more");
    }
    return *this;
  }
  Checker& pointers(std::initializer_list<const void*> values) {
    for (const void* value : values) require(value != nullptr, "a pointer that it needs is null");
    return *this;
  }
  Checker& types(std::initializer_list<Z2DType> values) {
    for (const Z2DType value : values) {
      require(value >= Z2_F32 && value <= Z2_F16,
              "element type " + std::to_string(value) + " is unknown");
    }
    return *this;
  }
  Checker& codeTypes(std::initializer_list<Z2DType> values) {
    for (const Z2DType value : values) {
      require(value == Z2_E4M3 || value == Z2_E5M2,
              "code type " + std::to_string(value) + " is unknown");
    }
    return *this;
  }
  // Of a result [N, C].
  Checker& codes(const Z2Codes& to, int64_t N, int64_t C) {
    return codeTypes({to.type})
        .pointers({to.scale})
        .require(C % 16 == 0 && (to.transposed == nullptr || N % 16 == 0),
                 "sizes must be multiples of 16");
  }
  Checker& codes(const Z2Codes* to, int64_t N, int64_t C) {
    return to == nullptr ? *this : codes(*to, N, C);
  }
  Checker& dropout(const Z2Dropout& value) {
    return require(value.probability >= 0 && value.probability < 1,
                   "the dropout probability must lie in [0, 1)");
  }
  // Run only when nothing was wrong so far: it reads memory.
  Checker& indices(const char* what, const int32_t* values, int64_t n, int64_t from, int64_t to) {
    if (!problem_.empty()) return *this;
    for (int64_t i = 0; i < n; ++i) {
      if (values[i] >= from && values[i] < to) continue;
      return require(false, std::string(what) + " " + std::to_string(i) + " is " +
                                std::to_string(values[i]) + ", outside " + std::to_string(from) +
                                " .. " + std::to_string(to - 1));
    }
    return *this;
  }
  Checker& heads(int64_t Hq, int64_t Hkv, int64_t D) {
    require(Hkv > 0 && Hq > 0 && Hq % Hkv == 0,
            "the number of query heads, " + std::to_string(Hq) +
                ", must be a multiple of the number of key/value heads, " + std::to_string(Hkv));
    return require(D > 0 && D % 2 == 0 && D <= kMaxHeadSize,
                   "the head size is " + std::to_string(D) + ", it must be even and at most " +
                       std::to_string(kMaxHeadSize));
  }
  [[nodiscard]] std::string result() { return std::move(problem_); }
  [[nodiscard]] bool isFine() const { return problem_.empty(); }

 private:
  const char* operation_;
  std::string problem_;
};

template <typename Args>
void checkDocuments(Checker& checker, const Args& a) {
  if (a.documentStart == nullptr || !checker.isFine()) return;
  for (int64_t n = 0; n < a.B * a.T; ++n) {
    const int32_t start = a.documentStart[n];
    if (start >= 0 && start <= n % a.T) continue;
    checker.require(false, "documentStart " + std::to_string(n) + " is " + std::to_string(start) +
                               ", outside 0 .. " + std::to_string(n % a.T));
    return;
  }
}

}  // namespace

std::string check(const Z2EmbeddingForward& a) {
  return Checker("embeddingForward")
      .sizes({a.N, a.C, a.V})
      .types({a.outType, a.tableType})
      .pointers({a.out, a.table, a.tokens})
      .indices("token", a.tokens, a.N, 0, a.V)
      .result();
}

std::string check(const Z2EmbeddingBackward& a) {
  return Checker("embeddingBackward")
      .sizes({a.N, a.C, a.V})
      .types({a.dOutType})
      .pointers({a.dTable, a.dOut, a.tokens})
      .indices("token", a.tokens, a.N, 0, a.V)
      .result();
}

std::string check(const Z2RmsNormForward& a) {
  return Checker("rmsNormForward")
      .sizes({a.N, a.C})
      .types({a.type, a.residualType})
      .pointers({a.rstd, a.residualIn, a.weight})
      .require((a.out == nullptr) == (a.codes != nullptr), "it needs out, or codes in its place")
      .codes(a.codes, a.N, a.C)
      .require(a.delta == nullptr || a.residualOut != nullptr,
               "residualOut is null though delta is given")
      .dropout(a.dropout)
      .result();
}

std::string check(const Z2RmsNormBackward& a) {
  return Checker("rmsNormBackward")
      .sizes({a.N, a.C})
      .types({a.type, a.residualType})
      .pointers({a.dResidual, a.dWeight, a.dOut, a.residual, a.weight, a.rstd, a.workspace})
      .codes(a.codes, a.N, a.C)
      .dropout(a.dropout)
      .result();
}

std::string check(const Z2Rope& a) {
  return Checker("rope")
      .sizes({a.N, a.P})
      .heads(a.Hq, a.Hkv, a.D)
      .types({a.type})
      .pointers({a.qkv, a.cosine, a.sine, a.positions})
      .require(a.bias == nullptr || a.inverse == 0, "a bias goes with the forward rotation only")
      .indices("position", a.positions, a.N, 0, a.P)
      .result();
}

std::string check(const Z2AttentionForward& a) {
  Checker checker("attentionForward");
  checker.sizes({a.B, a.T})
      .heads(a.Hq, a.Hkv, a.D)
      .types({a.type})
      .pointers({a.out, a.lse, a.qkv, a.workspace})
      .dropout(a.dropout);
  checkDocuments(checker, a);
  return checker.result();
}

std::string check(const Z2AttentionBackward& a) {
  Checker checker("attentionBackward");
  checker.sizes({a.B, a.T})
      .heads(a.Hq, a.Hkv, a.D)
      .types({a.type})
      .pointers({a.dQkv, a.dOut, a.out, a.lse, a.qkv, a.workspace})
      .require(a.rope == nullptr || (a.rope->qkv == a.dQkv && a.rope->inverse != 0),
               "rope must be the inverse rotation of dQkv")
      .dropout(a.dropout);
  checkDocuments(checker, a);
  return checker.result();
}

std::string check(const Z2AttentionCached& a) {
  return Checker("attentionCached")
      .sizes({a.B, a.T, a.capacity})
      .heads(a.Hq, a.Hkv, a.D)
      .types({a.type})
      .pointers({a.out, a.q, a.keys, a.values, a.length})
      .require(a.qStride >= a.Hq * a.D, "qStride is smaller than the queries of a position")
      .indices("length", a.length, a.B, a.T, a.capacity + 1)
      .result();
}

std::string check(const Z2SwigluForward& a) {
  return Checker("swigluForward")
      .sizes({a.N, a.F})
      .types({a.type})
      .pointers({a.gateUp})
      .require((a.out == nullptr) == (a.codes != nullptr), "it needs out, or codes in its place")
      .codes(a.codes, a.N, a.F)
      .result();
}

std::string check(const Z2SwigluBackward& a) {
  return Checker("swigluBackward")
      .sizes({a.N, a.F})
      .types({a.type})
      .pointers({a.dOut, a.gateUp})
      .require((a.dGateUp == nullptr) == (a.codes != nullptr),
               "it needs dGateUp, or codes in its place")
      .require((a.codes == nullptr) == (a.outCodes == nullptr), "it needs codes of both results")
      .codes(a.codes, a.N, 2 * a.F)
      .codes(a.outCodes, a.N, a.F)
      .require(a.out == nullptr || a.out != a.dOut, "out must not be dOut")
      .result();
}

std::string check(const Z2Matmul& a) {
  return Checker("matmul")
      .sizes({a.M, a.N, a.K})
      .types({a.type, a.outType})
      .pointers({a.out, a.a, a.b})
      .require(a.beta == 0 || a.beta == 1, "beta must be 0 or 1")
      .result();
}

std::string check(const Z2BiasBackward& a) {
  return Checker("biasBackward")
      .sizes({a.M, a.N})
      .types({a.type})
      .pointers({a.dBias, a.dOut})
      .result();
}

std::string check(const Z2CrossEntropy& a) {
  return Checker("crossEntropy")
      .sizes({a.N})
      .require(a.V > 0, "the vocabulary is empty")
      .types({a.type})
      .pointers({a.logits, a.loss, a.targets})
      .require(a.fused != 0 || a.workspace != nullptr, "fused 0 needs a workspace")
      .indices("target", a.targets, a.N, INT32_MIN, a.V)
      .result();
}

std::string check(const Z2SquaredNorm& a) {
  return Checker("squaredNorm").sizes({a.n}).pointers({a.out, a.x, a.workspace}).result();
}

std::string check(const Z2AdamW& a) {
  return Checker("adamw")
      .sizes({a.n})
      .types({a.weightType})
      .pointers({a.master, a.m, a.v, a.grad, a.squaredNorm})
      .require(a.step >= 1, "steps count from 1")
      .result();
}

std::string check(const Z2Convert& a) {
  return Checker("convert")
      .sizes({a.n})
      .types({a.outType, a.inType})
      .pointers({a.out, a.in})
      .require(a.out != a.in || a.outType == a.inType, "in place it cannot change the type")
      .result();
}

std::string check(const Z2Add& a) {
  return Checker("add")
      .sizes({a.n})
      .types({a.type, a.typeB})
      .pointers({a.out, a.a, a.b})
      .dropout(a.dropout)
      .result();
}

std::string check(const Z2DropoutApply& a) {
  return Checker("dropout")
      .sizes({a.n})
      .types({a.outType, a.inType})
      .pointers({a.out, a.in})
      .require(a.out != a.in || a.outType == a.inType, "in place it cannot change the type")
      .dropout(a.dropout)
      .result();
}

std::string check(const Z2CopyBlock& a) {
  return Checker("copyBlock")
      .sizes({a.M, a.N})
      .types({a.outType, a.inType})
      .pointers({a.out, a.in})
      .require(a.outStride >= a.N && a.inStride >= a.N, "a stride is shorter than the block's rows")
      .result();
}

std::string check(const Z2Quantise& a) {
  return Checker("quantise")
      .sizes({a.N, a.C})
      .types({a.type})
      .pointers({a.in})
      .codes(a.out, a.N, a.C)
      .result();
}

std::string check(const Z2MatmulFp8& a) {
  return Checker("matmulFp8")
      .sizes({a.M, a.N, a.K})
      .types({a.outType})
      .codeTypes({a.typeA, a.typeB})
      .pointers({a.out, a.a, a.b, a.scaleA, a.scaleB})
      .require(a.N % 16 == 0 && a.K % 16 == 0, "N and K must be multiples of 16")
      .require(a.typeA == Z2_E4M3 || a.typeB == Z2_E4M3, "one factor must be of type E4M3")
      .require(a.beta == 0 || (a.beta == 1 && a.outType == Z2_F32),
               "beta must be 0, or 1 with an output in fp32")
      .require(a.bias == nullptr || a.outType != Z2_F32, "a bias needs an output of 16 bits")
      .result();
}

std::string check(const Z2RowLinear& a) {
  return Checker("rowLinear")
      .sizes({a.M, a.N, a.K})
      .types({a.type, a.xType, a.outType})
      .pointers({a.out, a.x, a.weight, a.workspace})
      .require(a.out != a.x, "out must not be x")
      .require(a.normWeight != nullptr || a.xType == a.type, "xType must be type without a norm")
      .require(a.swiglu == 0 || (a.N % 2 == 0 && a.outType == a.type),
               "swiglu needs an even N and outType as type")
      .result();
}

std::string check(const Z2AttentionStep& a) {
  return Checker("attentionStep")
      .sizes({a.B, a.capacity})
      .heads(a.Hq, a.Hkv, a.D)
      .types({a.type})
      .pointers({a.out, a.qkv, a.keys, a.values, a.positions, a.cosine, a.sine, a.workspace})
      .indices("position", a.positions, a.B, 0, a.capacity)
      .result();
}

// The parts check what they are given; here what they do not see.
std::string check(const Z2DecodeStep& a) {
  return Checker("decodeStep")
      .sizes({a.B, a.L, a.capacity})
      .heads(a.Hq, a.Hkv, a.D)
      .types({a.type, a.residualType})
      .require(a.residualType == a.type || a.residualType == Z2_F32,
               "residualType must be type or fp32")
      .require(a.L == 0 || a.layers != nullptr, "there are no layers")
      .pointers({a.logits, a.tokens, a.positions, a.embedding, a.finalNorm, a.head, a.workspace})
      .result();
}

std::string check(const Z2Greedy& a) {
  return Checker("greedy")
      .sizes({a.M})
      .require(a.V > 0, "the vocabulary is empty")
      .pointers({a.chosen, a.tokens, a.positions, a.logits})
      .result();
}

}  // namespace z2
