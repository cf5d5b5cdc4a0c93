#pragma once

// The newest figures of a metrics.jsonl and the shape of its loss, for tables of many runs: a long
// file is sampled once, and then only what was appended is read.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace z2::ui {

class MetricsGlance {
 public:
  // Looks at what is new. Whether anything was.
  bool look(const std::filesystem::path& file);

  [[nodiscard]] std::optional<double> loss() const { return loss_; }
  [[nodiscard]] std::optional<double> validLoss() const { return validLoss_; }
  [[nodiscard]] std::optional<double> tokensPerSecond() const { return tokensPerSecond_; }
  [[nodiscard]] std::optional<double> mfu() const { return mfu_; }
  // Means of the loss over equal parts of the steps so far; at most 64.
  [[nodiscard]] std::vector<float> spark() const;

 private:
  struct Part {
    double sum = 0;
    int64_t count = 0;
  };

  void forget();
  void readFrom(int file, uint64_t offset, uint64_t end);
  void sample(int file, uint64_t size);
  void takeLine(std::string_view line);
  void addLoss(int64_t step, double loss);

  uint64_t inode_ = 0;
  uint64_t read_ = 0;  // bytes up to the last line's end that was taken
  std::optional<double> loss_, validLoss_, tokensPerSecond_, mfu_;
  std::vector<Part> parts_;  // part i: steps [i · stepsPerPart_, …)
  int64_t stepsPerPart_ = 1;
};

}  // namespace z2::ui
