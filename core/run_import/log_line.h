#pragma once

// Lines of the study project's text log (llm-zero2all, Python's logging with
// "[%(asctime)s - %(levelname)s - %(name)s]: %(message)s").

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace z2 {

// "[2024-06-22 21:19:53,315 - INFO - __main__]: message". Views into the line.
struct FramedLine {
  double time = 0;  // as if the clock had shown UTC; Unix seconds
  std::string_view level;
  std::string_view module;
  std::string_view message;
};
[[nodiscard]] std::optional<FramedLine> parseFramedLine(std::string_view line);

// One number of a step's line: "loss 11.4773", "37.6109s" (no name), "mfu 54.17%" (0.5417, for a
// percentage is a share of 1), "micro_time0: 1.0614s".
struct LoggedNumber {
  std::string_view name;
  double value = 0;  // NaN and infinities as they are
};

// "17 | loss 10.2626 | lr 6.2e-06 | 37.5s | …".
struct StepLine {
  int64_t iteration = 0;
  std::vector<LoggedNumber> numbers;
  std::string_view strange;  // the first part that is no number with a name; empty: all are
};
[[nodiscard]] std::optional<StepLine> parseStepLine(std::string_view message);

// Whether `text` is `pattern`, where each {} stands for some characters up to the pattern's next
// one; they are appended to `holes` (which is cleared first).
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text,
                           std::vector<std::string_view>& holes);

// "13,478,511" and "11.4724"; nothing when a character is left over.
[[nodiscard]] std::optional<int64_t> wholeNumber(std::string_view text);
[[nodiscard]] std::optional<double> realNumber(std::string_view text);

}  // namespace z2
