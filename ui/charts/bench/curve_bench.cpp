// z2_curve_bench: how fast curves are drawn, read and kept; started by `z2all bench curves`. Prints
// one JSON object on standard output. Draws by software, without a display.

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>

#include <QApplication>
#include <QTemporaryDir>

#include "core/io/json.h"
#include "ui/base/text.h"
#include "ui/charts/curve_view.h"
#include "ui/theme/theme.h"

namespace {

using namespace z2;
using namespace z2::ui;

double cpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

struct Timing {
  double wall = 0;
  double cpu = 0;
};

template <typename Work>
Timing timed(const Work& work) {
  const double cpu = cpuSeconds();
  const auto start = std::chrono::steady_clock::now();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          cpuSeconds() - cpu};
}

// The loss of a run: it falls, and it is noisy.
class Walk {
 public:
  explicit Walk(unsigned seed) : random_(seed) {}
  double at(int64_t step) {
    return 2.2 + 8 * std::exp(-static_cast<double>(step) / 5e4) + 0.15 * noise_(random_);
  }

 private:
  std::mt19937 random_;
  std::normal_distribution<double> noise_;
};

class Run {
 public:
  explicit Run(unsigned seed) : walk_(seed) {}
  void grow(int64_t rows) {
    for (int64_t i = 0; i < rows; ++i) {
      ++step_;
      const MetricValue value{names_.numberOf("loss"), walk_.at(step_)};
      source_->add({.seq = static_cast<uint64_t>(step_ - 1),
                    .attempt = 1,
                    .step = step_,
                    .time = 1.7e9 + static_cast<double>(step_) * 0.3,
                    .tokens = static_cast<double>(step_) * 65'536,
                    .values = {&value, 1},
                    .names = &names_});
    }
  }
  std::shared_ptr<CurveSource> source_ =
      std::make_shared<CurveSource>(std::filesystem::path("none"), std::filesystem::path());

 private:
  Walk walk_;
  MetricNames names_;
  int64_t step_ = 0;
};

// Frames of a live chart: before each, 20 rows come to every run.
Json frames(int runs, int64_t points) {
  std::vector<Run> all;
  for (int run = 0; run < runs; ++run) all.emplace_back(static_cast<unsigned>(run));
  ChartGroup group;
  CurveView view(group);
  view.resize(1280, 720);
  std::vector<CurveItem> items;
  size_t bytes = 0;
  for (int run = 0; run < runs; ++run) {
    Run& each = all[static_cast<size_t>(run)];
    each.grow(points);
    bytes += each.source_->curves().bytes();
    each.source_->smooth(0.9, {"loss"});
    items.push_back({.source = each.source_,
                     .metric = "loss",
                     .label = QStringLiteral("run %1").arg(run),
                     .color = curveColor(run),
                     .dashes = curveDashes(run)});
  }
  view.setItems(items);
  view.show();
  QCoreApplication::processEvents();
  std::vector<double> walls;
  std::vector<double> cpus;
  for (int frame = 0; frame < 40; ++frame) {
    for (Run& run : all) run.grow(20);
    const Timing one = timed([&] {
      group.setWhole(*rangeOf(*all.front().source_, XAxis::kStep));
      view.renderNow();
      view.repaint();
    });
    if (frame < 3) continue;  // the first ones fill caches
    walls.push_back(one.wall * 1e3);
    cpus.push_back(one.cpu * 1e3);
  }
  std::sort(walls.begin(), walls.end());
  std::sort(cpus.begin(), cpus.end());
  return {{"runs", runs},
          {"points", points},
          {"curves", "raw and smoothed"},
          {"frame_ms", walls[walls.size() / 2]},
          {"frame_cpu_ms", cpus[cpus.size() / 2]},
          {"frame_ms_max", walls.back()},
          {"bytes_per_point", static_cast<double>(bytes) / static_cast<double>(runs * points)}};
}

void writeMetrics(const std::filesystem::path& file, int metrics, int rows) {
  std::ofstream out(file, std::ios::binary);
  Walk walk(1);
  std::string line;
  for (int row = 0; row < rows; ++row) {
    line = fmt::format("{{\"seq\":{},\"attempt\":1,\"step\":{},\"time\":{:.6f},\"tokens\":{}", row,
                       row + 1, 1.7e9 + row * 0.3, (row + 1) * int64_t{65'536});
    for (int metric = 0; metric < metrics; ++metric)
      fmt::format_to(std::back_inserter(line), ",\"layer{}/norm\":{:.9g}", metric, walk.at(row));
    line += "}\n";
    out << line;
  }
}

Json opening(int metrics, int rows) {
  const QTemporaryDir folder;
  const auto file = toPath(folder.filePath(QStringLiteral("metrics.jsonl")));
  const auto cache = toPath(folder.filePath(QStringLiteral("metrics.cache")));
  writeMetrics(file, metrics, rows);
  const auto bytes = static_cast<double>(std::filesystem::file_size(file));
  const auto open = [&] {
    CurveSource source(file, cache);
    const bool isRead = source.poll().has_value() && source.saveCache().has_value();
    if (!isRead || source.curves().current().rows() != static_cast<uint32_t>(rows))
      std::fprintf(stderr, "the metrics were not read as they were written\n");
  };
  const Timing first = timed([&] {
    CurveSource source(file, {});
    [[maybe_unused]] const auto done = source.poll();
  });
  open();
  const Timing again = timed(open);
  return {{"metrics", metrics},
          {"rows", rows},
          {"mb", bytes / 1e6},
          {"first_s", first.wall},
          {"first_cpu_s", first.cpu},
          {"first_mb_s", bytes / 1e6 / first.wall},
          {"first_mb_per_cpu_s", bytes / 1e6 / first.cpu},
          {"again_s", again.wall},
          {"again_cpu_s", again.cpu}};
}

// Resident memory of 100 runs x 20 metrics x 100k points, from one run's.
Json memory() {
  RunCurves curves;
  MetricNames names;
  std::vector<MetricValue> values;
  Walk walk(3);
  constexpr int kMetrics = 20;
  constexpr int kRows = 100'000;
  for (int metric = 0; metric < kMetrics; ++metric)
    values.push_back({names.numberOf("metric" + std::to_string(metric)), 0});
  for (int row = 0; row < kRows; ++row) {
    for (MetricValue& value : values) value.value = walk.at(row);
    curves.add({.seq = static_cast<uint64_t>(row),
                .attempt = 1,
                .step = row + 1,
                .time = 1.7e9 + row,
                .tokens = row * 1024.0,
                .values = values,
                .names = &names});
  }
  const auto bytes = static_cast<double>(curves.bytes());
  return {{"metrics", kMetrics},
          {"points", kRows},
          {"bytes_per_point", bytes / kMetrics / kRows},
          {"gb_of_100_runs", bytes * 100 / 1e9}};
}

}  // namespace

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  applyTheme(application, ThemeName::kLight);
  const bool isQuick = application.arguments().contains(QStringLiteral("--quick"));
  Json result = {{"frames", Json::array()}};
  result["frames"].push_back(frames(1, isQuick ? 10'000 : 1'000'000));
  result["frames"].push_back(frames(1, isQuick ? 20'000 : 10'000'000));
  result["frames"].push_back(frames(8, isQuick ? 10'000 : 1'000'000));
  result["open"] = opening(100, isQuick ? 2'000 : 400'000);
  result["memory"] = memory();
  std::fputs((jsonLine(result) + "\n").c_str(), stdout);
  return 0;
}
