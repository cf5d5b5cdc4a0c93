#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/cli/bench_commands.h"
#include "core/base/piped_process.h"
#include "core/base/process.h"

namespace z2::cli {

namespace {

struct BenchArguments {
  bool isQuick = false;
  bool isJson = false;
};

void print(const Json& result) {
  for (const Json& row : result["frames"])
    fmt::print(
        "{} run(s) x {} points, raw and smoothed: {:.1f} ms a frame ({:.1f} ms CPU), {:.1f} "
        "bytes a point\n",
        row["runs"].get<int>(), row["points"].get<int64_t>(), row["frame_ms"].get<double>(),
        row["frame_cpu_ms"].get<double>(), row["bytes_per_point"].get<double>());
  const Json& open = result["open"];
  fmt::print(
      "open {} metrics x {} rows ({:.0f} MB): {:.2f} s, {:.0f} MB/s ({:.0f} MB per CPU "
      "second); again {:.3f} s\n",
      open["metrics"].get<int>(), open["rows"].get<int>(), open["mb"].get<double>(),
      open["first_s"].get<double>(), open["first_mb_s"].get<double>(),
      open["first_mb_per_cpu_s"].get<double>(), open["again_s"].get<double>());
  const Json& memory = result["memory"];
  fmt::print("memory of {} metrics x {} points: {:.1f} bytes a point, 100 such runs {:.2f} GB\n",
             memory["metrics"].get<int>(), memory["points"].get<int>(),
             memory["bytes_per_point"].get<double>(), memory["gb_of_100_runs"].get<double>());
}

// Qt stays out of this program: one beside it draws.
Result<void> bench(const BenchArguments& arguments) {
  Z2_TRY(const std::filesystem::path program, findSibling("z2_curve_bench"));
  std::vector<std::string> options;
  if (arguments.isQuick) options.emplace_back("--quick");
  Z2_TRY(PipedProcess child, PipedProcess::spawn(program, options));
  std::string line;
  std::string last;
  while (child.readLine(line) == LineReader::Outcome::kLine) last = line;
  const ProcessEnd end = child.wait();
  if (end.code != 0)
    return environmentError(program.native(), "the measurement ended with " + end.text(),
                            "Run it by hand to see what it says");
  Z2_TRY(const Json result, parseJson(last, program.native()));
  if (arguments.isJson)
    printJson(result);
  else
    print(result);
  return {};
}

}  // namespace

void addBenchCurves(CLI::App& group, Chosen& chosen) {
  CLI::App& command = *group.add_subcommand(
      "curves", "The window's charts: frames, opening of metrics, memory of points");
  auto arguments = std::make_shared<BenchArguments>();
  command.add_flag("--quick", arguments->isQuick, "A hundredth of the points, for a first look");
  command.add_flag("--json", arguments->isJson, "Print one JSON object");
  onChosen(command, chosen, [arguments] { return bench(*arguments); });
}

}  // namespace z2::cli
