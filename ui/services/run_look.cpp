#include "ui/services/run_look.h"

#include <ctime>
#include <utility>

#include <sys/stat.h>

#include "ui/base/text.h"
#include "ui/services/run_label.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kSecond = 1'000'000'000;
// A folder that changed so shortly before it was read may have changed once more in the same tick
// of the file system's clock.
constexpr int64_t kTick = 2 * kSecond;

int64_t changeTime(const fs::path& path) {
  struct ::stat status = {};
  if (::stat(path.c_str(), &status) != 0) return 0;
  return status.st_mtim.tv_sec * kSecond + status.st_mtim.tv_nsec;
}

int64_t now() {
  struct ::timespec time = {};
  ::clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec * kSecond + time.tv_nsec;
}

bool isSame(const RunSummary& a, const RunSummary& b) {
  const RunStatus& was = a.report.status;
  const RunStatus& is = b.report.status;
  return was.state == is.state && was.step == is.step && was.steps == is.steps &&
         was.attempt == is.attempt && was.error == is.error && a.loss == b.loss &&
         a.validLoss == b.validLoss && a.tokensPerSecond == b.tokensPerSecond && a.mfu == b.mfu &&
         a.problem == b.problem && a.title == b.title && a.tags == b.tags &&
         a.isArchived == b.isArchived && a.report.lastCheckpoint == b.report.lastCheckpoint &&
         a.report.isResumable == b.report.isResumable && a.spark == b.spark && a.task == b.task;
}

}  // namespace

RunLook::RunLook(fs::path path) : path_(std::move(path)) {}

bool RunLook::mustRead(const Stamp& stamp) const {
  if (isLive_ || stamp != stamp_) return true;
  return readAt_ - stamp.folder < kTick || readAt_ - stamp.checkpoints < kTick;
}

bool RunLook::look() {
  const Stamp stamp = {.folder = changeTime(path_), .checkpoints = changeTime(path_ / "ckpt")};
  if (!mustRead(stamp)) return false;
  const bool isFirst = readAt_ == 0;
  stamp_ = stamp;
  readAt_ = now();
  RunSummary summary = read();
  isLive_ = summary.problem.isEmpty() && isActive(summary.report.status.state);
  const bool isNews = isFirst || !isSame(summary_, summary);
  summary_ = std::move(summary);
  return isNews;
}

RunSummary RunLook::read() {
  RunSummary summary;
  summary.name = toQString(std::string_view(path_.filename().native()));
  summary.path = path_;
  const RunLabel label = readRunLabel(path_);
  summary.title = label.title.isEmpty() ? summary.name : label.title;
  summary.tags = label.tags;
  summary.isArchived = label.isArchived;
  const int64_t configTime = changeTime(path_ / "run.json");
  if (!run_ || configTime != configTime_) {
    run_.reset();
    auto run = RunDirectory::open(path_);
    if (!run) {
      summary.problem = toQString(run.error().text());
      return summary;
    }
    run_.emplace(*std::move(run));
    configTime_ = configTime;
  }
  summary.task = toQString(nameOf(run_->config().task()));
  summary.created = toQString(run_->created());
  auto report = inspectRun(*run_);
  if (!report) {
    summary.problem = toQString(report.error().text());
    return summary;
  }
  summary.report = *std::move(report);
  glance_.look(run_->metrics());
  summary.loss = glance_.loss();
  summary.validLoss = glance_.validLoss();
  summary.tokensPerSecond = glance_.tokensPerSecond();
  summary.mfu = glance_.mfu();
  summary.spark = glance_.spark();
  return summary;
}

}  // namespace z2::ui
