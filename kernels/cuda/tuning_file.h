#pragma once

// Which algorithm of cuBLASLt each product takes on a kind of GPU, in a file: measured once, then
// always the same, so that a later run, and a resumed one, gives the same bits.
//
// One line an entry: key, algorithm in hexadecimal digits, microseconds of it and of the library's
// first choice. Lines are only added, under a lock; of two lines with one key the first counts, so
// processes that measure at the same time agree.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace z2::cuda {

struct TunedAlgorithm {
  std::vector<uint8_t> algorithm;  // cublasLtMatmulAlgo_t as it lies in memory
  double microseconds = 0;
  double firstMicroseconds = 0;  // of the library's first choice
};

class TuningFile {
 public:
  // FOLDER/matmul-DEVICE-cublaslt-VERSION.txt, FOLDER being Z2_TUNING, else zero2all/tuning in
  // XDG_CACHE_HOME or ~/.cache. Z2_TUNING=off, or a folder that cannot be written: not on.
  static TuningFile open(const std::string& device, size_t libraryVersion);

  [[nodiscard]] bool isOn() const { return !path_.empty(); }
  // For people: the file, or why there is none.
  [[nodiscard]] const std::string& description() const { return description_; }
  [[nodiscard]] std::optional<TunedAlgorithm> find(const std::string& key) const;
  // Adds the entry unless the key is there by now; returns the one that counts.
  TunedAlgorithm settle(const std::string& key, const TunedAlgorithm& mine) const;

 private:
  std::string path_;
  std::string description_;
};

}  // namespace z2::cuda
