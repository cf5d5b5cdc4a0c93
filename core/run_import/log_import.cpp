#include "core/run_import/log_import.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/io/files.h"
#include "core/run_import/log_facts.h"
#include "core/run_import/log_line.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr size_t kMaxKinds = 200;  // of lines that are named in the report

// Names of the log that have another one here.
constexpr std::array<std::pair<std::string_view, std::string_view>, 1> kNames = {{{"", "step_s"}}};

class LogImport {
 public:
  LogImport(const fs::path& file, double utcOffset, RunWriter& writer)
      : file_(file), utcOffset_(utcOffset), writer_(writer) {}

  Result<void> take(std::string_view line);
  LogFacts facts;
  uint64_t lines = 0;
  std::vector<LeftOut> leftOut() const;
  [[nodiscard]] double lastTime() const { return time_; }

 private:
  Result<bool> takeMessage(const FramedLine& line);
  Result<bool> takeStep(const StepLine& step);
  Result<bool> takeEvaluation();
  Result<bool> takeSetup(std::string_view message);
  void takeBatch();
  bool takeSetting(std::string_view line);
  void notUnderstood(std::string_view text);
  void beginSession();
  [[nodiscard]] bool is(std::string_view pattern, std::string_view text) {
    return matches(pattern, text, holes_);
  }
  Result<void> warn(std::string_view text);

  const fs::path& file_;
  const double utcOffset_;
  RunWriter& writer_;
  std::vector<std::string_view> holes_;
  std::map<std::string, LeftOut> kinds_;
  uint64_t unnamed_ = 0;  // lines of kinds beyond the limit
  double time_ = 0;
  int attempt_ = 1;
  bool hasRows_ = false;  // of this attempt
  int64_t step_ = 0;
  std::optional<int64_t> tokensPerStep_;
};

// Lines that differ in their numbers only are one kind.
std::string kindOf(std::string_view text) {
  std::string kind;
  for (const char c : text.substr(0, 200)) {
    const bool isDigit = c >= '0' && c <= '9';
    if (!isDigit)
      kind += c;
    else if (!kind.ends_with('#'))
      kind += '#';
  }
  return kind;
}

void LogImport::notUnderstood(std::string_view text) {
  const std::string kind = kindOf(text);
  const auto known = kinds_.find(kind);
  if (known != kinds_.end()) {
    ++known->second.count;
  } else if (kinds_.size() < kMaxKinds) {
    kinds_[kind] = {.what = std::string(text.substr(0, 200)),
                    .where = fmt::format("{}:{}", file_.filename().native(), lines),
                    .count = 1};
  } else {
    ++unnamed_;
  }
}

std::vector<LeftOut> LogImport::leftOut() const {
  std::vector<LeftOut> all;
  for (const auto& [kind, one] : kinds_) all.push_back(one);
  std::stable_sort(all.begin(), all.end(),
                   [](const LeftOut& a, const LeftOut& b) { return a.count > b.count; });
  if (unnamed_ > 0)
    all.push_back({.what = "lines of further kinds", .where = "", .count = unnamed_});
  return all;
}

// A program that starts says so in many lines; the first one after metrics makes a new attempt.
void LogImport::beginSession() {
  if (!hasRows_) return;
  ++attempt_;
  hasRows_ = false;
}

Result<void> LogImport::warn(std::string_view text) {
  return writer_.addEvent(time_, "warning", {{"text", std::string(text)}, {"attempt", attempt_}});
}

Result<void> LogImport::take(std::string_view line) {
  ++lines;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return {};
  if (const auto framed = parseFramedLine(line)) {
    time_ = framed->time - utcOffset_;
    Z2_TRY(const bool isKnown, takeMessage(*framed));
    if (!isKnown) notUnderstood(line);
    return {};
  }
  if (takeSetting(line)) return {};
  if (line.starts_with("WARNING: ")) return warn(line.substr(9));
  notUnderstood(line);
  return {};
}

bool LogImport::takeSetting(std::string_view line) {
  if (!is("Overriding: {} = {}", line)) return false;
  beginSession();
  const std::string name(holes_[0]);
  const std::string value(holes_[1]);
  if (name == "data_dir") facts.config["data.train"] = value;
  facts.details[name] = value;
  return true;
}

Result<bool> LogImport::takeMessage(const FramedLine& line) {
  if (const auto step = parseStepLine(line.message)) return takeStep(*step);
  if (is("step {}: train loss {}, valid loss {}, {}s", line.message)) return takeEvaluation();
  if (is("save {} checkpoint to {}, {}s", line.message)) {
    if (facts.checkpoints.empty() || facts.checkpoints.back() != step_)
      facts.checkpoints.push_back(step_);
    Z2_TRY_VOID(writer_.addEvent(time_, "checkpoint",
                                 {{"step", step_},
                                  {"kind", std::string(holes_[0])},
                                  {"folder", std::string(holes_[1])},
                                  {"seconds", realNumber(holes_[2]).value_or(0)},
                                  {"attempt", attempt_}}));
    return true;
  }
  Z2_TRY(const bool isSetup, takeSetup(line.message));
  if (line.level != "WARNING" && line.level != "ERROR" && line.level != "CRITICAL") return isSetup;
  Z2_TRY_VOID(warn(line.message));
  return true;
}

Result<bool> LogImport::takeStep(const StepLine& line) {
  const int64_t step = line.iteration + 1;
  if (hasRows_ && step <= step_) beginSession();
  writer_.beginRow(attempt_, step, time_);
  if (tokensPerStep_ && step <= INT64_MAX / *tokensPerStep_)
    writer_.put("tokens", step * *tokensPerStep_);
  std::vector<std::string_view> seen;
  for (const LoggedNumber& number : line.numbers) {
    std::string_view name = number.name;
    for (const auto& [theirs, ours] : kNames)
      if (name == theirs) name = ours;
    // The log says -100 % until it has measured.
    if (name == "mfu" && number.value < 0) continue;
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
    seen.push_back(name);
    writer_.put(name, number.value);
    if (name == "step_s" && tokensPerStep_ && number.value > 0)
      writer_.put("tok_s",
                  static_cast<int64_t>(static_cast<double>(*tokensPerStep_) / number.value + 0.5));
    if (name == "lr" && static_cast<size_t>(line.iteration) == facts.learningRates.size())
      facts.learningRates.push_back(number.value);
  }
  hasRows_ = true;
  step_ = step;
  Z2_TRY_VOID(writer_.endRow());
  return line.strange.empty();
}

Result<bool> LogImport::takeEvaluation() {
  const auto step = wholeNumber(holes_[0]);
  const auto train = realNumber(holes_[1]);
  const auto valid = realNumber(holes_[2]);
  const auto seconds = realNumber(holes_[3]);
  if (!step || !train || !valid || !seconds || *step < 0) return false;
  if (hasRows_ && *step < step_) beginSession();
  writer_.beginRow(attempt_, *step, time_);
  writer_.put("train/loss", *train);
  writer_.put("valid/loss", *valid);
  writer_.put("eval_s", *seconds);
  Z2_TRY_VOID(writer_.endRow());
  hasRows_ = true;
  step_ = *step;
  facts.evaluations.push_back(*step);
  return true;
}

void LogImport::takeBatch() {
  constexpr std::array<const char*, 4> kKeys = {"train.grad_accum_steps", "dist.world_size",
                                                "train.micro_batch_size", "data.seq_len"};
  for (size_t i = 0; i < kKeys.size(); ++i)
    if (const auto number = wholeNumber(holes_[i])) facts.config[kKeys[i]] = *number;
}

// What the program says once, before it trains. The numbers that no key has are kept as details.
Result<bool> LogImport::takeSetup(std::string_view message) {
  const auto keep = [&](const char* name, std::string_view text) {
    const auto number = wholeNumber(text);
    facts.details[name] = number ? Json(*number) : Json(std::string(text));
    return number;
  };
  if (is("tokens per iteration will be: {}", message)) {
    beginSession();
    tokensPerStep_ = keep("tokens_per_step", holes_[0]);
    if (tokensPerStep_ && *tokensPerStep_ <= 0) tokensPerStep_.reset();
  } else if (is("breaks down as: {} grad_accum_steps * {} processes * {} train_batch_size * {} "
                "max_seq_len",
                message)) {
    takeBatch();
  } else if (is("num decayed parameter tensors: {}, with {} parameters", message)) {
    facts.decayedParameters = keep("decayed_parameters", holes_[1]);
  } else if (is("num non-decayed parameter tensors: {}, with {} parameters", message)) {
    facts.otherParameters = keep("non_decayed_parameters", holes_[1]);
  } else if (is("using apex fused AdamW", message)) {
    facts.config["fused.adamw"] = true;
    facts.details["optimizer"] = "apex fused AdamW";
  } else if (is("Loaded {} {}, train_num_samples: {}, valid_num_samples: {}", message)) {
    const std::vector<std::string_view> found = holes_;
    keep("train_samples", found[2]);
    keep("valid_samples", found[3]);
  } else if (is("Estimating loss, split={}, {}_batch_size={}, num_iters={}", message)) {
    if (const auto batches = wholeNumber(holes_[3]); batches && holes_[0] == "valid")
      facts.config["train.eval_batches"] = *batches;
  } else if (is("Skipping {} iters ({} skip_batches_per_device)", message)) {
    const auto skipped = wholeNumber(holes_[0]);
    if (skipped && *skipped > 0)
      Z2_TRY_VOID(writer_.addEvent(time_, "resumed", {{"step", *skipped}, {"attempt", attempt_}}));
  } else if (is("Start training loop", message)) {
    Z2_TRY_VOID(writer_.addEvent(time_, "started", {{"attempt", attempt_}}));
  } else {
    return is("Initializing model and optimizer", message) ||
           is("Initialized  model and optimizer, {}s", message) ||
           is("Wrapping model into DDP container", message) ||
           is("Wrapped  model into DDP container, {}s", message) ||
           is("Skipped  {} iters ({} skip_batches_per_device), {}s", message);
  }
  return true;
}

// Calls `visit` with each line; a last one without a newline counts.
template <typename Visit>
Result<void> eachLine(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    Z2_TRY_VOID(visit(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

}  // namespace

bool looksLikeStudyLog(std::string_view beginning) {
  while (!beginning.empty()) {
    const size_t end = std::min(beginning.find('\n'), beginning.size());
    const std::string_view line = beginning.substr(0, end);
    beginning.remove_prefix(std::min(end + 1, beginning.size()));
    if (parseFramedLine(line)) return true;
  }
  return false;
}

Result<void> importStudyLog(const fs::path& file, double utcOffset, RunWriter& writer,
                            ImportReport& report) {
  Z2_TRY(const MappedFile mapped, MappedFile::open(file));
  LogImport import(file, utcOffset, writer);
  Z2_TRY_VOID(eachLine(mapped.text(), [&](std::string_view line) { return import.take(line); }));
  Z2_TRY_VOID(writer.writeLog(mapped.text()));
  report.lines = import.lines;
  report.leftOut = import.leftOut();
  if (!report.leftOut.empty()) {
    Json named = Json::array();
    for (const LeftOut& one : report.leftOut)
      named.push_back({{"line", one.what}, {"where", one.where}, {"count", one.count}});
    Z2_TRY_VOID(writer.addEvent(import.lastTime(), "not_understood",
                                {{"count", report.leftOutCount()}, {"lines", std::move(named)}}));
  }
  Z2_TRY(KnownConfig known, configFrom(import.facts, writer.lastStep()));
  std::error_code ignored;
  RunOrigin origin{.format = "z2all-log",
                   .files = {fs::absolute(file, ignored).lexically_normal().native()},
                   .time = {},
                   .keys = std::move(known.keys),
                   .details = std::move(import.facts.details),
                   .renamed = {}};
  return writer.finish(known.config, std::move(origin), report);
}

}  // namespace z2
