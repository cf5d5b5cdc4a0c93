#include "ui/services/processor_speed.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

namespace z2::ui {

namespace {

// Of a core's fp32 peak (two 8-wide multiply-adds a cycle) what training of small models reaches:
// 2,000 tokens/s of 10 million parameters on two Zen 3 cores (docs/benchmarks.md).
constexpr double kFlopsPerCycle = 32;
constexpr double kUsualShare = 0.7;
constexpr double kUsualHertz = 2.5e9;

}  // namespace

double guessProcessorFlops() {
  double hertz = kUsualHertz;
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("cpu MHz")) {
      const double read = std::atof(line.c_str() + line.find(':') + 1) * 1e6;
      if (read > 0) hertz = read;
      break;
    }
  return hertz * kFlopsPerCycle * kUsualShare * std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace z2::ui
