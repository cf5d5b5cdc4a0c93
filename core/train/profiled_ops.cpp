#include "core/train/profiled_ops.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "core/io/json.h"
#include "core/model/operations.h"

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
struct Entry {
  // Nothing that the device works on.
  template <auto entry, typename R, typename... Args>
  static R pass(Z2Context* context, Args... args) {
    const Z2Ops& inner = reinterpret_cast<ProfiledOps*>(context)->inner_;
    return (inner.*entry)(inner.context, args...);
  }
  template <Text name, auto entry, typename... Args>
  static Z2Status time(Z2Context* context, Args... args) {
    auto& its = *reinterpret_cast<ProfiledOps*>(context);
    const Z2Ops& inner = its.inner_;
    its.names_.push_back(nameOf(name.letters, args...));
    Z2Status status = inner.beginSpan(inner.context, its.names_.back().c_str());
    if (status == Z2_OK) status = (inner.*entry)(inner.context, args...);
    const Z2Status ended = inner.endSpan(inner.context);
    return status == Z2_OK ? ended : status;
  }

  template <auto entry, typename R, typename... Args>
  static void passOn(Z2Ops& ops, R (*Z2Ops::*)(Z2Context*, Args...)) {
    ops.*entry = pass<entry, R, Args...>;
  }
  template <Text name, auto entry, typename... Args>
  static void measure(Z2Ops& ops, Z2Status (*Z2Ops::*)(Z2Context*, Args...)) {
    ops.*entry = time<name, entry, Args...>;
  }
};

ProfiledOps::ProfiledOps(const Z2Ops& inner) : inner_(inner), ops_(inner) {
  ops_.context = reinterpret_cast<Z2Context*>(this);
#define Z2_PASSED(name) Entry::passOn<&Z2Ops::name>(ops_, &Z2Ops::name)
  Z2_PASSED(lastError);
  Z2_PASSED(deviceInfo);
  Z2_PASSED(allocate);
  Z2_PASSED(release);
  Z2_PASSED(synchronize);
  Z2_PASSED(embeddingBackwardWorkspace);
  Z2_PASSED(rmsNormBackwardWorkspace);
  Z2_PASSED(attentionWorkspace);
  Z2_PASSED(biasBackwardWorkspace);
  Z2_PASSED(crossEntropyWorkspace);
  Z2_PASSED(squaredNormWorkspace);
  Z2_PASSED(rowLinearWorkspace);
  Z2_PASSED(attentionStepWorkspace);
  Z2_PASSED(decodeStepWorkspace);
  Z2_PASSED(beginRecording);
  Z2_PASSED(endRecording);
  Z2_PASSED(replay);
  Z2_PASSED(releaseRecording);
  Z2_PASSED(beginSpan);
  Z2_PASSED(endSpan);
  Z2_PASSED(takeSpans);
#undef Z2_PASSED
#define Z2_TIMED(name) Entry::measure<#name, &Z2Ops::name>(ops_, &Z2Ops::name)
  Z2_TIMED(fillZero);
  Z2_TIMED(copyToDevice);
  Z2_TIMED(copyToHost);
  Z2_TIMED(copyOnDevice);
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
  Z2_TIMED(copyBlock);
  Z2_TIMED(quantise);
  Z2_TIMED(matmulFp8);
  Z2_TIMED(rowLinear);
  Z2_TIMED(attentionStep);
  Z2_TIMED(greedy);
  Z2_TIMED(decodeStep);
#undef Z2_TIMED
}

Result<std::vector<ProfiledOps::Span>> ProfiledOps::take() {
  std::vector<Z2Span> times(names_.size());
  int64_t count = 0;
  Z2_TRY_VOID(checkStatus(
      inner_,
      inner_.takeSpans(inner_.context, times.data(), static_cast<int64_t>(times.size()), &count),
      "takeSpans"));
  std::vector<Span> spans;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i)
    spans.push_back({std::move(names_[i]), times[i].begin, times[i].end});
  names_.clear();
  return spans;
}

std::string traceOf(const std::vector<ProfiledOps::Span>& spans) {
  Json events = Json::array();
  for (const ProfiledOps::Span& span : spans)
    events.push_back({{"name", span.name},
                      {"ph", "X"},
                      {"ts", span.begin * 1e6},
                      {"dur", (span.end - span.begin) * 1e6},
                      {"pid", 0},
                      {"tid", 0}});
  return jsonLine(Json{{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events)}});
}

}  // namespace z2
