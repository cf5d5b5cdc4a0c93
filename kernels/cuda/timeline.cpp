#include "kernels/cuda/timeline.h"

#include <algorithm>

#if __has_include(<nvtx3/nvToolsExt.h>)
#include <nvtx3/nvToolsExt.h>
#else  // a toolkit without NVTX: profilers then show kernels alone
static int nvtxRangePushA(const char*) { return 0; }
static int nvtxRangePop() { return 0; }
#endif

#include "kernels/cuda/device.h"

namespace z2::cuda {

namespace {

Z2Status recordNext(Z2Context* context) {
  Timeline& its = context->timeline;
  if (its.used == its.events.size()) {
    cudaEvent_t event = nullptr;
    const Z2Status status = check(context, cudaEventCreate(&event), "an event of the timeline");
    if (status != Z2_OK) return status;
    its.events.push_back(event);
  }
  return check(context, cudaEventRecord(its.events[its.used++], context->stream), "the timeline");
}

}  // namespace

Z2Status beginSpan(Z2Context* context, const char* name) {
  nvtxRangePushA(name);
  return recordNext(context);
}

Z2Status endSpan(Z2Context* context) {
  nvtxRangePop();
  return recordNext(context);
}

Z2Status takeSpans(Z2Context* context, Z2Span* out, int64_t room, int64_t* count) {
  Timeline& its = context->timeline;
  *count = std::min(room, static_cast<int64_t>(its.used / 2));
  its.used = 0;
  Z2Status status = check(context, cudaStreamSynchronize(context->stream), "the timeline");
  const auto since = [&](size_t event) {
    float milliseconds = 0;
    if (status == Z2_OK)
      status = check(context, cudaEventElapsedTime(&milliseconds, its.events[0], its.events[event]),
                     "the timeline");
    return static_cast<double>(milliseconds) / 1e3;
  };
  for (int64_t i = 0; i < *count; ++i) {
    const auto first = static_cast<size_t>(2 * i);
    out[i] = {since(first), since(first + 1)};
  }
  return status;
}

}  // namespace z2::cuda
