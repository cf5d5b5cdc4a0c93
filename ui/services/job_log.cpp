#include "ui/services/job_log.h"

#include <fstream>

#include "ui/base/json_text.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

constexpr uint64_t kBlock = 256 << 10;
constexpr size_t kLongestTalk = 2000;

double numberOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

}  // namespace

bool JobLog::readInto(Job& job) {
  std::ifstream file(path_, std::ios::binary);
  if (!file) return false;
  file.seekg(0, std::ios::end);
  const auto size = static_cast<uint64_t>(std::max<std::streamoff>(0, file.tellg()));
  bool isChanged = false;
  while (offset_ < size) {
    std::string block(std::min(kBlock, size - offset_), '\0');
    file.seekg(static_cast<std::streamoff>(offset_));
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    const auto count = static_cast<size_t>(file.gcount());
    if (count == 0) break;
    offset_ += count;
    rest_.append(block, 0, count);
    size_t begin = 0;
    for (size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
      isChanged |= take(rest_.substr(begin, end - begin), job);
      begin = end + 1;
    }
    rest_.erase(0, begin);
    if (rest_.size() > kBlock) rest_.clear();
  }
  return isChanged;
}

bool JobLog::take(const std::string& line, Job& job) {
  if (line.empty()) return false;
  auto parsed = line.front() == '{' ? parseJson(line, "progress") : Result<Json>(Json());
  if (!parsed || !parsed->is_object()) {
    lastWords_ = line.substr(0, kLongestTalk);
    return false;
  }
  const Json& message = *parsed;
  if (message.contains("error") && message["error"].is_object()) {
    if (error_) return false;  // work in several steps: the first one that failed is the cause
    const Json& error = message["error"];
    error_.emplace();
    error_->what = textAt(error, "what");
    error_->where = textAt(error, "where");
    error_->fix = textAt(error, "fix");
    return false;
  }
  if (!message.contains("progress")) return false;
  job.phase = toQString(textAt(message, "progress"));
  if (!job.phases.contains(job.phase)) job.phases.append(job.phase);
  job.done = numberOf(message, "done");
  const double total = numberOf(message, "total");
  job.fraction.reset();
  if (total > 0) job.fraction = std::min(1.0, job.done / total);
  job.rate = numberOf(message, "rate");
  job.unit = toQString(textAt(message, "unit"));
  const double left = numberOf(message, "eta_s");
  job.secondsLeft.reset();
  if (total > 0 && left >= 0 && job.done > 0) job.secondsLeft = left;
  return true;
}

std::optional<Error> JobLog::failure() const {
  if (error_) return error_;
  if (lastWords_.empty()) return std::nullopt;
  Error error;
  error.what = lastWords_;
  return error;
}

}  // namespace z2::ui
