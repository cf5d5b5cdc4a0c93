#include "core/train/profiled_ops.h"

#include <algorithm>
#include <chrono>
#include <cstddef>

#include <fmt/format.h>

namespace z2 {

namespace {

// A name as a template's argument.
template <size_t size>
struct Text {
  char letters[size];
  consteval Text(const char (&text)[size]) { std::copy_n(text, size, letters); }
};

template <typename... Args>
std::string nameOf(const char* operation, const Args&...) {
  return operation;
}

// A layer's three products are told apart by what only one of them does.
std::string nameOf(const char* operation, const Z2Matmul* const& a) {
  const char* const use = a->transposeA != 0   ? "weight gradients"
                          : a->transposeB != 0 ? "forward"
                                               : "data gradients";
  return fmt::format("{}, {}", operation, use);
}

}  // namespace

std::string nameOf(const char* operation, const Z2MatmulFp8* const& a) {
  return fmt::format("{}, {}", operation,
                     a->beta != 0 ? "weight gradients" : "forward and data gradients");
}

// Entries of the table whose context is the ProfiledOps itself.
struct TimedEntry {
  template <Text name, auto entry, typename R, typename... Args>
  static R run(Z2Context* context, Args... args) {
    auto& its = *reinterpret_cast<ProfiledOps*>(context);
    const auto start = std::chrono::steady_clock::now();
    const R result = (its.inner_.*entry)(its.inner_.context, args...);
    its.inner_.synchronize(its.inner_.context);
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    its.seconds_[nameOf(name.letters, args...)] += spent.count();
    return result;
  }

  template <Text name, auto entry, typename R, typename... Args>
  static void install(Z2Ops& ops, R (*Z2Ops::*)(Z2Context*, Args...)) {
    ops.*entry = run<name, entry, R, Args...>;
  }
};

ProfiledOps::ProfiledOps(const Z2Ops& inner) : inner_(inner), ops_(inner) {
  ops_.context = reinterpret_cast<Z2Context*>(this);
#define Z2_TIMED(name) TimedEntry::install<#name, &Z2Ops::name>(ops_, &Z2Ops::name)
  Z2_TIMED(lastError);
  Z2_TIMED(deviceInfo);
  Z2_TIMED(allocate);
  Z2_TIMED(release);
  Z2_TIMED(fillZero);
  Z2_TIMED(copyToDevice);
  Z2_TIMED(copyToHost);
  Z2_TIMED(copyOnDevice);
  Z2_TIMED(synchronize);
  Z2_TIMED(embeddingBackwardWorkspace);
  Z2_TIMED(rmsNormBackwardWorkspace);
  Z2_TIMED(attentionWorkspace);
  Z2_TIMED(biasBackwardWorkspace);
  Z2_TIMED(crossEntropyWorkspace);
  Z2_TIMED(squaredNormWorkspace);
  Z2_TIMED(embeddingForward);
  Z2_TIMED(embeddingBackward);
  Z2_TIMED(rmsNormForward);
  Z2_TIMED(rmsNormBackward);
  Z2_TIMED(rope);
  Z2_TIMED(attentionForward);
  Z2_TIMED(attentionBackward);
  Z2_TIMED(attentionCached);
  Z2_TIMED(swigluForward);
  Z2_TIMED(swigluBackward);
  Z2_TIMED(matmul);
  Z2_TIMED(biasBackward);
  Z2_TIMED(crossEntropy);
  Z2_TIMED(squaredNorm);
  Z2_TIMED(adamw);
  Z2_TIMED(convert);
  Z2_TIMED(add);
  Z2_TIMED(dropout);
  Z2_TIMED(beginRecording);
  Z2_TIMED(endRecording);
  Z2_TIMED(replay);
  Z2_TIMED(releaseRecording);
  Z2_TIMED(copyBlock);
  Z2_TIMED(amax);
  Z2_TIMED(quantise);
  Z2_TIMED(matmulFp8);
  Z2_TIMED(rowLinearWorkspace);
  Z2_TIMED(attentionStepWorkspace);
  Z2_TIMED(rowLinear);
  Z2_TIMED(attentionStep);
  Z2_TIMED(greedy);
  Z2_TIMED(decodeStepWorkspace);
  Z2_TIMED(decodeStep);
#undef Z2_TIMED
}

}  // namespace z2
