#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

TEST(CpuOps, IsACompleteTableOfTheRightVersion) {
  EXPECT_EQ(ops().version, uint32_t{Z2_OPS_VERSION});
  EXPECT_EQ(ops().size, sizeof(Z2Ops));
  void* const* entries = reinterpret_cast<void* const*>(&ops());
  for (size_t i = 1; i < sizeof(Z2Ops) / sizeof(void*); ++i) EXPECT_NE(entries[i], nullptr) << i;
}

TEST(CpuOps, LaterCallsReturnTheSameTable) { EXPECT_EQ(&cpuOps(7), &ops()); }

TEST(CpuOps, MemoryIsAlignedAndCopied) {
  void* memory = nullptr;
  for (const size_t bytes : {size_t{0}, size_t{1}, size_t{4097}, size_t{9} << 20}) {
    expectOk(ops().allocate(ops().context, bytes, &memory));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 256, 0u);
    expectOk(ops().fillZero(ops().context, memory, bytes));
    expectOk(ops().release(ops().context, memory));
  }
  expectOk(ops().allocate(ops().context, 8, &memory));
  const double sent = 2.5;
  double received = 0;
  expectOk(ops().copyToDevice(ops().context, memory, &sent, sizeof sent));
  expectOk(ops().copyToHost(ops().context, &received, memory, sizeof received));
  EXPECT_EQ(received, 2.5);
  expectOk(ops().release(ops().context, memory));
}

TEST(CpuOps, TooMuchMemoryIsAStatus) {
  void* memory = nullptr;
  EXPECT_EQ(ops().allocate(ops().context, size_t{1} << 60, &memory), Z2_NO_MEMORY);
  EXPECT_NE(std::string(ops().lastError(ops().context)).find("memory"), std::string::npos);
}

TEST(CpuOps, DeviceInfoNamesTheMachine) {
  Z2DeviceInfo info = {};
  expectOk(ops().deviceInfo(ops().context, &info));
  EXPECT_NE(std::string(info.name).find("2 threads"), std::string::npos) << info.name;
  EXPECT_GT(info.memoryBytes, info.freeBytes);
  EXPECT_GT(info.freeBytes, 0);
}

TEST(CpuOps, ThePeakIsMeasuredOnce) {
  Z2DeviceInfo info = {};
  expectOk(ops().deviceInfo(ops().context, &info));
  Z2DeviceInfo again = {};
  expectOk(ops().deviceInfo(ops().context, &again));
  for (const Z2DType type : {Z2_F32, Z2_BF16, Z2_F16}) {
    EXPECT_GT(info.peakTflops[type], 1e-4);
    EXPECT_EQ(info.peakTflops[type], again.peakTflops[type]);
  }
}

TEST(CpuOps, AWrongArgumentIsNamed) {
  const Buffer table = normalBuffer(8, 1);
  const Buffer out(2);
  const int32_t token = 4;
  const Z2EmbeddingForward a = {.out = out.data(),
                                .table = table.data(),
                                .tokens = &token,
                                .N = 1,
                                .C = 2,
                                .V = 4,
                                .outType = Z2_F32,
                                .tableType = Z2_F32};
  EXPECT_EQ(ops().embeddingForward(ops().context, &a), Z2_INVALID);
  EXPECT_STREQ(ops().lastError(ops().context), "embeddingForward: token 0 is 4, outside 0 .. 3");
}

// The threads of LibTorch and of the kernels are one pool only when one OpenMP runtime is loaded.
TEST(CpuOps, OneOpenMpRuntimeIsLoaded) {
  std::set<std::string> runtimes;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("libgomp") == std::string::npos && line.find("libomp") == std::string::npos &&
        line.find("libiomp") == std::string::npos) {
      continue;
    }
    runtimes.insert(line.substr(line.find('/')));
  }
  EXPECT_EQ(runtimes.size(), 1u);
}

}  // namespace
}  // namespace z2::test
