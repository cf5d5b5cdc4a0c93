#include "core/instruct/task_journal.h"

#include <exception>
#include <string>
#include <utility>

namespace z2 {

namespace {

constexpr int kSchema = 1;

}  // namespace

Result<TaskJournal> TaskJournal::read(const std::filesystem::path& file) {
  TaskJournal journal;
  try {
    Z2_TRY_VOID(forEachRecord(file, [&](const Json& line, const std::string& where) {
      return journal.take(line).map_error([&](Error error) {
        error.where = where;
        return error;
      });
    }));
  } catch (const std::exception& failure) {
    return corrupt(file.native(), failure.what(),
                   "Give another --output, or remove this file and the data beside it");
  }
  return journal;
}

// Throws what nlohmann throws; read catches it.
Result<void> TaskJournal::take(const Json& line) {
  if (line.contains("settings")) {
    if (line.at("schema") != kSchema)
      return corrupt({}, "this journal is of another version of the program",
                     "Give another --output");
    settings = line.at("settings");
    return {};
  }
  if (line.contains("closed")) {
    lastRequest.reset();
    return {};
  }
  if (!done.insert(line.at("request").get<uint64_t>()).second)
    return corrupt({}, "this request stands in the journal twice", "Give another --output");
  ++totals.requests;
  totals.attempts += line.at("attempts").get<uint64_t>();
  totals.promptTokens += line.at("prompt_tokens").get<int64_t>();
  totals.completionTokens += line.at("completion_tokens").get<int64_t>();
  if (!line.at("has_usage").get<bool>()) ++totals.withoutUsage;
  if (!line.at("kept").is_array() || !line.at("dropped").is_array())
    return corrupt({}, "this request has no list of tasks", "Give another --output");
  lastRequest = line;
  return {};
}

void TaskJournal::count(const RequestOutcome& outcome) {
  done.insert(outcome.request);
  ++totals.requests;
  totals.attempts += static_cast<uint64_t>(outcome.attempts);
  totals.promptTokens += outcome.promptTokens;
  totals.completionTokens += outcome.completionTokens;
  if (!outcome.hasUsage) ++totals.withoutUsage;
}

Json TaskJournal::settingsLine(const Json& settings) {
  return {{"schema", kSchema}, {"settings", settings}};
}

Json TaskJournal::requestLine(const RequestOutcome& outcome, uint64_t keptAt, uint64_t droppedAt) {
  Json line = {{"request", outcome.request},
               {"attempts", outcome.attempts},
               {"prompt_tokens", outcome.promptTokens},
               {"completion_tokens", outcome.completionTokens},
               {"has_usage", outcome.hasUsage},
               {"kept_at", keptAt},
               {"dropped_at", droppedAt},
               {"kept", Json::array()},
               {"dropped", Json::array()}};
  for (const InstructionTask& task : outcome.kept) line["kept"].push_back(task.toJson());
  for (const DroppedTask& task : outcome.dropped) line["dropped"].push_back(task.toJson());
  return line;
}

Json TaskJournal::closedLine() { return {{"closed", true}}; }

}  // namespace z2
