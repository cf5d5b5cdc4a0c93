#include "kernels/cpu/peak.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>
#include <string>

#include <sched.h>

namespace z2 {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// Long beside the clock's resolution, short beside a scheduler's slice: some bursts are never
// interrupted, however busy the machine is.
constexpr int kRounds = 20'000;
// A core that slept needs a moment until it runs at full speed.
constexpr double kSecondsWithoutGain = 5e-3;
constexpr double kMostSeconds = 0.1;

// Ten sums hide the latency of each other. Returns the operations done; `out` holds their sum, so
// that none can be left out.
template <typename Vector>
inline __attribute__((always_inline)) double multiplyAndAdd(float* out) {
  constexpr int kLanes = sizeof(Vector) / sizeof(float);
  Vector a = {}, b = {}, c = {}, d = {}, e = {}, f = {}, g = {}, h = {}, i = {}, j = {};
  const Vector factor = a + 0.5F, term = a + out[0];
  for (int round = 0; round < kRounds; ++round) {
    a = a * factor + term, b = b * factor + term, c = c * factor + term, d = d * factor + term;
    e = e * factor + term, f = f * factor + term, g = g * factor + term, h = h * factor + term;
    i = i * factor + term, j = j * factor + term;
    // Each round is done as written.
    __asm__("" : "+v"(a), "+v"(b), "+v"(c), "+v"(d), "+v"(e));
    __asm__("" : "+v"(f), "+v"(g), "+v"(h), "+v"(i), "+v"(j));
  }
  const Vector sum = a + b + c + d + e + f + g + h + i + j;
  out[0] = sum[0] / 20;
  return 2.0 * 10 * kRounds * kLanes;
}

typedef float F4 __attribute__((vector_size(16)));
typedef float F8 __attribute__((vector_size(32)));
typedef float F16 __attribute__((vector_size(64)));

double burst128(float* out) { return multiplyAndAdd<F4>(out); }
__attribute__((target("avx2,fma"))) double burst256(float* out) { return multiplyAndAdd<F8>(out); }
__attribute__((target("avx512f"))) double burst512(float* out) { return multiplyAndAdd<F16>(out); }

using Burst = double (*)(float*);

Burst widestBurst() {
  if (__builtin_cpu_supports("avx512f")) return burst512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return burst256;
  return burst128;
}

double fastestBurst(Burst burst) {
  float value = 1;
  double best = 0;
  const auto start = Clock::now();
  auto gained = start, end = start;
  while (Seconds(end - gained).count() < kSecondsWithoutGain &&
         Seconds(end - start).count() < kMostSeconds) {
    const auto begin = Clock::now();
    const double operations = burst(&value);
    end = Clock::now();
    const double rate = operations / Seconds(end - begin).count();
    if (rate > best * 1.001) gained = end;
    best = std::max(best, rate);
  }
  return best;
}

// Cores that this process may use; threads of one core count once.
int coresAllowed() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
  std::set<std::string> cores;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    const std::string name = std::to_string(cpu);
    std::ifstream file("/sys/devices/system/cpu/cpu" + name + "/topology/thread_siblings_list");
    std::string siblings;
    std::getline(file, siblings);
    cores.insert(siblings.empty() ? name : siblings);
  }
  return std::max(1, static_cast<int>(cores.size()));
}

}  // namespace

double measurePeakFlops(int threads) {
  return fastestBurst(widestBurst()) * std::min(threads, coresAllowed());
}

}  // namespace z2
