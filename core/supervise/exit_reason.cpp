#include "core/supervise/exit_reason.h"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "core/io/files.h"
#include "core/train/exit_codes.h"

namespace z2 {

namespace {

constexpr int kCannotStartCode = 127;

std::string withTail(std::string words, const ExitEvidence& evidence) {
  if (!evidence.ownWords.empty()) return words + ": " + evidence.ownWords;
  if (!evidence.logTail.empty()) return words + ". Its last words: " + evidence.logTail;
  return words;
}

std::string wordsOr(const ExitEvidence& evidence, std::string_view otherwise) {
  if (!evidence.ownWords.empty()) return evidence.ownWords;
  return withTail(std::string(otherwise), evidence);
}

ExitReason explainSignal(const ExitEvidence& evidence) {
  const int signal = evidence.end.signal;
  if (evidence.wasAskedToStop && signal == SIGTERM)
    return {ExitKind::kStopped, "it was stopped before it had anything to save"};
  std::string words = "the engine was ended by " + evidence.end.text();
  if (signal == SIGKILL && evidence.wasOutOfMemory)
    words += ": the machine ran out of memory. Lower train.micro_batch_size or data.seq_len";
  else if (signal == SIGKILL)
    words += ": somebody, or the system for lack of memory, killed it";
  else if (signal == SIGBUS)
    words += ": a file it had mapped was cut short, or the disk is full";
  else
    words = withTail(std::move(words), evidence);
  return {ExitKind::kCrash, std::move(words)};
}

}  // namespace

std::string_view nameOf(ExitKind kind) {
  switch (kind) {
    case ExitKind::kFinished:
      return "finished";
    case ExitKind::kStopped:
      return "stopped";
    case ExitKind::kKilled:
      return "killed";
    case ExitKind::kBadInput:
      return "bad input";
    case ExitKind::kEnvironment:
      return "environment";
    case ExitKind::kNan:
      return "nan";
    case ExitKind::kCrash:
      return "crash";
    case ExitKind::kHang:
      return "hang";
  }
  return "";
}

RunState stateAfter(ExitKind kind) {
  switch (kind) {
    case ExitKind::kFinished:
      return RunState::kFinished;
    case ExitKind::kStopped:
    case ExitKind::kKilled:
      return RunState::kStopped;
    case ExitKind::kBadInput:
    case ExitKind::kEnvironment:
    case ExitKind::kNan:
      return RunState::kFailed;
    case ExitKind::kCrash:
    case ExitKind::kHang:
      return RunState::kCrashed;
  }
  return RunState::kCrashed;
}

ExitReason explainExit(const ExitEvidence& evidence) {
  if (!evidence.end.code) return explainSignal(evidence);
  if (*evidence.end.code == kCannotStartCode)
    return {ExitKind::kEnvironment, wordsOr(evidence, "the engine could not be started")};
  switch (static_cast<TrainerExit>(*evidence.end.code)) {
    case TrainerExit::kFinished:
      return {ExitKind::kFinished, ""};
    case TrainerExit::kStopped:
      return {ExitKind::kStopped, ""};
    case TrainerExit::kUsage:
    case TrainerExit::kBadInput:
      return {ExitKind::kBadInput, wordsOr(evidence, "the engine refused its input")};
    case TrainerExit::kEnvironment:
      return {ExitKind::kEnvironment, wordsOr(evidence, "the engine lacks something it needs")};
    case TrainerExit::kNotANumber:
      return {ExitKind::kNan,
              wordsOr(evidence, "the loss is not a number any more (NaN). Lower optim.lr")};
    case TrainerExit::kCrashed:
      break;
  }
  return {ExitKind::kCrash, withTail("the engine ended with " + evidence.end.text(), evidence)};
}

long outOfMemoryKills() {
  std::ifstream file("/proc/vmstat");
  std::string name;
  long count = 0;
  while (file >> name >> count)
    if (name == "oom_kill") return count;
  return 0;
}

std::string lastLines(const std::filesystem::path& file, uint64_t fromByte, int count) {
  const auto mapped = MappedFile::open(file);
  if (!mapped || mapped->bytes().size() <= fromByte) return {};
  std::string_view text = mapped->text().substr(fromByte);
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  size_t start = text.size();
  for (int i = 0; i < count && start != std::string_view::npos && start > 0; ++i)
    start = text.rfind('\n', start - 1);
  return std::string(start == std::string_view::npos ? text : text.substr(start + (start > 0)));
}

}  // namespace z2
