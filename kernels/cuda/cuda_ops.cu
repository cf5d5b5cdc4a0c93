// The plug-in's one export: the table of a CUDA device.

#include "kernels/cuda/cudnn_attention.h"
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/matmuls.h"

#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace z2::cuda {

namespace {

constexpr size_t kStagingBytes = size_t{16} << 20;

const char* lastError(Z2Context* context) { return context->error.c_str(); }

// Dense tensor-core rates by data sheet, in TFLOP/s, for what MFU is divided by. Unknown: 0.
double peakTflops(const cudaDeviceProp& properties, Z2DType type) {
  const std::string name = properties.name;
  const auto is = [&](const char* part) { return name.find(part) != std::string::npos; };
  if (type == Z2_F32) return is("H100") || is("H200") ? 66.9 : is("A100") || is("A800") ? 19.5 : 0;
  if (is("H100 PCIe")) return 756;
  if (is("H100") || is("H200") || is("H800")) return 989.4;
  if (is("A100") || is("A800")) return 312;
  if (is("4090")) return 165.2;
  if (is("3090")) return 71;
  return 0;
}

Z2Status deviceInfo(Z2Context* context, Z2DeviceInfo* info) {
  cudaDeviceProp properties{};
  Z2Status status =
      check(context, cudaGetDeviceProperties(&properties, context->device), "device properties");
  if (status != Z2_OK) return status;
  size_t free = 0, total = 0;
  status = check(context, cudaMemGetInfo(&free, &total), "device memory");
  if (status != Z2_OK) return status;
  std::snprintf(info->name, sizeof(info->name), "%.127s", properties.name);
  for (const Z2DType type : {Z2_F32, Z2_BF16, Z2_F16})
    info->peakTflops[type] = peakTflops(properties, type);
  info->memoryBytes = static_cast<int64_t>(total);
  info->freeBytes = static_cast<int64_t>(free);
  info->canRecord = 1;
  const Matmuls::Measured measured = context->matmuls->measured();
  info->measured = measured.count, info->measuring = measured.seconds;
  return Z2_OK;
}

Z2Status allocate(Z2Context* context, size_t bytes, void** out) {
  const Z2Status status = check(context, cudaMalloc(out, bytes), "allocating device memory");
  if (status == Z2_NO_MEMORY)
    context->error = "the device is out of memory: " + std::to_string(bytes >> 20) + " MiB asked";
  return status;
}

Z2Status release(Z2Context* context, void* memory) {
  return check(context, cudaFree(memory), "releasing device memory");
}

Z2Status fillZero(Z2Context* context, void* memory, size_t bytes) {
  return check(context, cudaMemsetAsync(memory, 0, bytes, context->stream), "filling with zero");
}

Z2Status copy(Z2Context* context, void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
  return check(context, cudaMemcpyAsync(to, from, bytes, kind, context->stream), "copying");
}

Z2Status synchronize(Z2Context* context) {
  return check(context, cudaStreamSynchronize(context->stream), "waiting for the device");
}

// Small copies go through page-locked memory in turn, so that they do not wait for the device; where
// it ends, the device is waited for and it begins again.
Z2Status copyToDevice(Z2Context* context, void* device, const void* host, size_t bytes) {
  Staging& staging = context->staging;
  if (staging.memory != nullptr && bytes <= kStagingBytes / 8) {
    if (staging.used + bytes > kStagingBytes) {
      if (const Z2Status status = synchronize(context); status != Z2_OK) return status;
      staging.used = 0;
    }
    void* place = staging.memory + staging.used;
    std::memcpy(place, host, bytes);
    staging.used += (bytes + 255) / 256 * 256;
    return copy(context, device, place, bytes, cudaMemcpyHostToDevice);
  }
  return copy(context, device, host, bytes, cudaMemcpyHostToDevice);
}

Z2Status copyToHost(Z2Context* context, void* host, const void* device, size_t bytes) {
  const Z2Status status = copy(context, host, device, bytes, cudaMemcpyDeviceToHost);
  return status == Z2_OK ? synchronize(context) : status;
}

Z2Status copyOnDevice(Z2Context* context, void* to, const void* from, size_t bytes) {
  return copy(context, to, from, bytes, cudaMemcpyDeviceToDevice);
}

Z2Status beginRecording(Z2Context* context) {
  return check(context,
               cudaStreamBeginCapture(context->stream, cudaStreamCaptureModeThreadLocal),
               "recording");
}

Z2Status endRecording(Z2Context* context, Z2Recording** out) {
  *out = nullptr;
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  cudaError_t outcome = cudaStreamEndCapture(context->stream, &graph);
  if (outcome == cudaSuccess) outcome = cudaGraphInstantiate(&executable, graph, 0);
  if (graph != nullptr) cudaGraphDestroy(graph);
  if (outcome == cudaSuccess) *out = reinterpret_cast<Z2Recording*>(executable);
  return check(context, outcome, "recording");
}

Z2Status replay(Z2Context* context, Z2Recording* recording) {
  return check(context,
               cudaGraphLaunch(reinterpret_cast<cudaGraphExec_t>(recording), context->stream),
               "running a recording");
}

Z2Status releaseRecording(Z2Context* context, Z2Recording* recording) {
  return check(context, cudaGraphExecDestroy(reinterpret_cast<cudaGraphExec_t>(recording)),
               "releasing a recording");
}

// A device's table and everything that it owns; made once, alive as long as the process.
struct Device {
  Z2Context context;
  std::unique_ptr<Matmuls> matmuls;
  std::unique_ptr<CudnnAttention> cudnn;
  Z2Ops ops{};
};

Z2Ops makeTable(Z2Context* context) {
  Z2Ops ops{};
  ops.version = Z2_OPS_VERSION;
  ops.size = sizeof(Z2Ops);
  ops.context = context;
  ops.lastError = lastError;
  ops.deviceInfo = deviceInfo;
  ops.allocate = allocate;
  ops.release = release;
  ops.fillZero = fillZero;
  ops.copyToDevice = copyToDevice;
  ops.copyToHost = copyToHost;
  ops.copyOnDevice = copyOnDevice;
  ops.synchronize = synchronize;
  ops.embeddingBackwardWorkspace = embeddingBackwardWorkspace;
  ops.rmsNormBackwardWorkspace = rmsNormBackwardWorkspace;
  ops.attentionWorkspace = attentionWorkspace;
  ops.biasBackwardWorkspace = biasBackwardWorkspace;
  ops.crossEntropyWorkspace = crossEntropyWorkspace;
  ops.squaredNormWorkspace = squaredNormWorkspace;
  ops.embeddingForward = embeddingForward;
  ops.embeddingBackward = embeddingBackward;
  ops.rmsNormForward = rmsNormForward;
  ops.rmsNormBackward = rmsNormBackward;
  ops.rope = rope;
  ops.attentionForward = attentionForward;
  ops.attentionBackward = attentionBackward;
  ops.attentionCached = attentionCached;
  ops.swigluForward = swigluForward;
  ops.swigluBackward = swigluBackward;
  ops.matmul = matmul;
  ops.biasBackward = biasBackward;
  ops.crossEntropy = crossEntropy;
  ops.squaredNorm = squaredNorm;
  ops.adamw = adamw;
  ops.convert = convert;
  ops.add = add;
  ops.dropout = dropoutApply;
  ops.beginRecording = beginRecording;
  ops.endRecording = endRecording;
  ops.replay = replay;
  ops.releaseRecording = releaseRecording;
  ops.copyBlock = copyBlock;
  ops.quantise = quantise;
  ops.matmulFp8 = matmulFp8;
  ops.rowLinearWorkspace = rowLinearWorkspace;
  ops.attentionStepWorkspace = attentionStepWorkspace;
  ops.rowLinear = rowLinear;
  ops.attentionStep = attentionStep;
  ops.greedy = greedy;
  ops.decodeStepWorkspace = decodeStepWorkspace;
  ops.decodeStep = decodeStep;
  ops.beginSpan = beginSpan;
  ops.endSpan = endSpan;
  ops.takeSpans = takeSpans;
  return ops;
}

// Why there is no table, or an empty string.
std::string open(int32_t number, Device& device) {
  int count = 0;
  if (const cudaError_t outcome = cudaGetDeviceCount(&count); outcome != cudaSuccess)
    return std::string("no usable NVIDIA driver: ") + cudaGetErrorString(outcome);
  if (number < 0 || number >= count)
    return "there is no GPU number " + std::to_string(number) + "; this machine has " +
           std::to_string(count);
  cudaDeviceProp properties{};
  if (cudaSetDevice(number) != cudaSuccess ||
      cudaGetDeviceProperties(&properties, number) != cudaSuccess ||
      cudaStreamCreateWithFlags(&device.context.stream, cudaStreamNonBlocking) != cudaSuccess)
    return std::string("the GPU could not be opened: ") + cudaGetErrorString(cudaGetLastError());
  device.context.device = number;
  device.context.multiprocessors = properties.multiProcessorCount;
  device.context.isHopper = properties.major == 9 && properties.minor == 0;
  device.context.hasFp8 = properties.major * 10 + properties.minor >= 89;
  void* staging = nullptr;  // without it copies wait
  if (cudaMallocHost(&staging, kStagingBytes) == cudaSuccess)
    device.context.staging.memory = static_cast<char*>(staging);
  else
    cudaGetLastError();
  std::string reason;
  device.matmuls = Matmuls::open(&device.context, reason);
  device.context.matmuls = device.matmuls.get();
  std::string noCudnn;
  device.cudnn = CudnnAttention::open(&device.context, noCudnn);
  device.context.cudnn = device.cudnn.get();
  device.ops = makeTable(&device.context);
  return reason;
}

}  // namespace

}  // namespace z2::cuda

extern "C" __attribute__((visibility("default"))) Z2Status z2OpenOps(int32_t number,
                                                                     const Z2Ops** out,
                                                                     char* reason,
                                                                     size_t reasonSize) {
  static std::mutex mutex;
  static std::map<int32_t, std::unique_ptr<z2::cuda::Device>> devices;
  const std::lock_guard<std::mutex> lock(mutex);
  auto place = devices.find(number);
  if (place == devices.end()) {
    auto device = std::make_unique<z2::cuda::Device>();
    const std::string why = z2::cuda::open(number, *device);
    if (!why.empty()) {
      std::snprintf(reason, reasonSize, "%s", why.c_str());
      return Z2_FAILED;
    }
    place = devices.emplace(number, std::move(device)).first;
  }
  *out = &place->second->ops;
  return Z2_OK;
}
