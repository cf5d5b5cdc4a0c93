// How long the window's thread is kept from answering, and what an open window costs.
//
// live: four runs at work, whose files another process appends to; the page of the runs and the
// page of one of them are left open, and the processor's time is read. pages: a thousand runs; what
// a user does, page by page. A goal of both: no event keeps the thread for more than 16 ms.

#include <cstdio>
#include <optional>
#include <span>
#include <string_view>

#include <sys/resource.h>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include "app/workbench/main_window.h"
#include "app/workbench/translations.h"
#include "tests/bench/window/drive.h"
#include "tests/bench/window/live_runs.h"
#include "tests/bench/window/timed_application.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr double kGoalMs = 16;

struct Options {
  int seconds = 60;  // of idling
  int runs = 1000;
  LiveRuns live;
  bool isLive = true;
  bool isPages = true;
  bool isJson = false;
  std::optional<PageId> page;  // the only one to be looked at
  std::string feed;            // the workspace, in the process that appends
};

const char* const kUsage =
    "z2_window_bench [--mode live|pages] [--page NAME] [--seconds 60] [--runs 1000] [--rate 4]\n"
    "                [--history 20000] [--json]\n";

bool read(std::span<char*> arguments, Options& options) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    if (name == "--json") {
      options.isJson = true;
      continue;
    }
    if (i + 1 == arguments.size()) return false;
    const std::string value = arguments[++i];
    const int number = std::atoi(value.c_str());
    if (name == "--feed") {
      options.feed = value;
    } else if (name == "--mode" && (value == "live" || value == "pages")) {
      options.isLive = value == "live";
      options.isPages = value == "pages";
    } else if (name == "--page") {
      options.page = parsePageId(toQString(value));
      if (!options.page) return false;
    } else if (number <= 0) {
      return false;
    } else if (name == "--seconds") {
      options.seconds = number;
    } else if (name == "--runs") {
      options.runs = number;
    } else if (name == "--rate") {
      options.live.rate = number;
    } else if (name == "--history") {
      options.live.history = number;
    } else {
      return false;
    }
  }
  return true;
}

// Of all threads of this process.
double processorSeconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct Row {
  QString what;
  EventTimes times;
  double corePercent = -1;  // of one core, where it was idle
};

void settle(MainWindow& window, double seconds) {
  waitFor([&] { return window.isSettled(); }, 60);
  idle(seconds);
}

void idleOn(std::vector<Row>& rows, TimedApplication& application, MainWindow& window, PageId page,
            const QStringList& select, int seconds) {
  window.showPage(page, select);
  settle(window, 3);
  static_cast<void>(application.take());
  const double before = processorSeconds();
  idle(seconds);
  const double used = processorSeconds() - before;
  rows.push_back({.what = QStringLiteral("idle, page ") + nameOf(page),
                  .times = application.take(),
                  .corePercent = 100 * used / seconds});
}

std::vector<Row> measureLive(TimedApplication& application, const Options& options) {
  const QTemporaryDir folder;
  const std::filesystem::path workspace = toPath(folder.path()) / "workspace";
  makeLiveRuns(workspace, options.live);
  QProcess feeder;
  feeder.start(QCoreApplication::applicationFilePath(),
               {QStringLiteral("--feed"), pathText(workspace), QStringLiteral("--rate"),
                QString::number(options.live.rate), QStringLiteral("--history"),
                QString::number(options.live.history)});
  Settings settings(folder.filePath(QStringLiteral("window.ini")));
  Workbench workbench(Workspace(workspace), settings);
  MainWindow window(workbench);
  window.resize(1280, 800);
  window.show();
  std::vector<Row> rows;
  const QString run = toQString(liveRunName(0));
  idleOn(rows, application, window, PageId::kRuns, {run}, options.seconds);
  idleOn(rows, application, window, PageId::kRun, {run}, options.seconds);
  feeder.kill();
  feeder.waitForFinished();
  return rows;
}

std::vector<Row> measurePages(TimedApplication& application, const Options& options) {
  const QTemporaryDir folder;
  const std::filesystem::path workspace = toPath(folder.path()) / "workspace";
  makeRestingRuns(workspace, options.runs);
  Settings settings(folder.filePath(QStringLiteral("window.ini")));
  std::vector<Row> rows;
  static_cast<void>(application.take());
  Workbench workbench(Workspace(workspace), settings);
  MainWindow window(workbench);
  window.resize(1280, 800);
  for (const Deed& deed : deeds(window, options.page)) {
    static_cast<void>(application.take());
    deed.act();
    settle(window, 0.5);
    rows.push_back({.what = deed.name, .times = application.take()});
  }
  return rows;
}

void print(const std::vector<Row>& rows) {
  std::printf("%-44s %8s %8s %9s %8s %7s\n", "", "events", "p99, ms", "longest", "> 16 ms",
              "core, %");
  for (const Row& row : rows) {
    const EventTimes& times = row.times;
    std::printf("%-44s %8zu %8.2f %9.2f %8d", qUtf8Printable(row.what), times.events.size(),
                quantile(times.events, 0.99), quantile(times.events, 1),
                countOver(times.events, kGoalMs));
    if (row.corePercent >= 0) std::printf(" %7.2f", row.corePercent);
    std::printf("\n");
    for (auto at = times.longest.cbegin(); at != times.longest.cend(); ++at)
      if (at.value() > kGoalMs)
        std::printf("    %8.2f  %s\n", at.value(), qUtf8Printable(at.key()));
  }
}

void printJson(const std::vector<Row>& rows) {
  QJsonArray all;
  for (const Row& row : rows) {
    QJsonObject slow;
    for (auto at = row.times.longest.cbegin(); at != row.times.longest.cend(); ++at)
      slow.insert(at.key(), at.value());
    QJsonObject object = {{QStringLiteral("what"), row.what},
                          {QStringLiteral("events"), qint64(row.times.events.size())},
                          {QStringLiteral("p99_ms"), quantile(row.times.events, 0.99)},
                          {QStringLiteral("longest_ms"), quantile(row.times.events, 1)},
                          {QStringLiteral("over_16_ms"), countOver(row.times.events, kGoalMs)},
                          {QStringLiteral("slow"), slow}};
    if (row.corePercent >= 0) object.insert(QStringLiteral("core_percent"), row.corePercent);
    all.append(object);
  }
  std::printf("%s", QJsonDocument(all).toJson().constData());
}

}  // namespace

int measure(int argc, char** argv) {
  Options options;
  if (!read(std::span(argv + 1, static_cast<size_t>(argc - 1)), options)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  if (!options.feed.empty()) {
    feedLiveRuns(options.feed, options.live);
    return 0;
  }
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  TimedApplication application(argc, argv);
  Translations translations;
  translations.use(QStringLiteral("en"));
  applyTheme(application, ThemeName::kLight);
  std::vector<Row> rows;
  if (options.isLive) rows = measureLive(application, options);
  if (options.isPages)
    for (Row& row : measurePages(application, options)) rows.push_back(std::move(row));
  options.isJson ? printJson(rows) : print(rows);
  return 0;
}

}  // namespace z2::ui

int main(int argc, char** argv) { return z2::ui::measure(argc, argv); }
