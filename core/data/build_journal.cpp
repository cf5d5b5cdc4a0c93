#include "core/data/build_journal.h"

#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include <unistd.h>

#include "core/data/token_file.h"

namespace z2 {

namespace {

constexpr int kSchema = 2;

// Throws what nlohmann throws; read catches it.
BuildState stateOf(const Json& json) {
  BuildState state;
  const Json& at = json.at("position");
  state.position.file = at.at("file").get<uint64_t>();
  state.position.inFile = {at.at("offset").get<uint64_t>(), at.at("line").get<uint64_t>(),
                           at.at("record").get<uint64_t>()};
  state.position.recordsBefore = at.at("records_before").get<uint64_t>();
  const auto counts = [&](const char* name) {
    const Json& part = json.at(name);
    return TokenFileWriter::State{part.at("documents").get<uint64_t>(),
                                  part.at("tokens").get<uint64_t>(),
                                  part.at("trained_tokens").get<uint64_t>()};
  };
  state.train = counts("train");
  state.valid = counts("valid");
  state.droppedBytes = json.at("dropped_bytes").get<uint64_t>();
  for (const auto& [reason, count] : json.at("dropped").items())
    state.dropped[reason] = count.get<uint64_t>();
  state.truncatedDocuments = json.at("truncated_documents").get<uint64_t>();
  state.truncatedTokens = json.at("truncated_tokens").get<uint64_t>();
  return state;
}

}  // namespace

BuildJournal::BuildJournal(const std::filesystem::path& prefix, Json identity)
    : path_(withSuffix(prefix, ".journal.json")), identity_(std::move(identity)) {}

bool BuildJournal::exists() const {
  std::error_code failure;
  return std::filesystem::exists(path_, failure);
}

std::optional<BuildState> BuildJournal::read(std::string& reason) const {
  const auto json = readJsonFile(path_);
  if (!json) {
    reason = "its journal cannot be read";
    return std::nullopt;
  }
  try {
    const Json& identity = json->at("identity");
    for (const auto& [key, value] : identity_.items())
      if (!identity.contains(key) || identity.at(key) != value) {
        reason = "\"" + key + "\" is another now";
        return std::nullopt;
      }
    return stateOf(*json);
  } catch (const std::exception&) {
    reason = "its journal is of another version";
    return std::nullopt;
  }
}

Result<void> BuildJournal::write(const BuildState& state) const {
  Json json = {{"schema", kSchema}, {"identity", identity_}};
  const RecordPosition& inFile = state.position.inFile;
  json["position"] = {{"file", state.position.file},
                      {"offset", inFile.offset},
                      {"line", inFile.line},
                      {"record", inFile.record},
                      {"records_before", state.position.recordsBefore}};
  const auto put = [&](const char* name, const TokenFileWriter::State& part) {
    json[name] = {{"documents", part.documents},
                  {"tokens", part.tokens},
                  {"trained_tokens", part.trainedTokens}};
  };
  put("train", state.train);
  put("valid", state.valid);
  json["dropped_bytes"] = state.droppedBytes;
  json["dropped"] = Json::object();
  for (const auto& [reason, count] : state.dropped) json["dropped"][reason] = count;
  json["truncated_documents"] = state.truncatedDocuments;
  json["truncated_tokens"] = state.truncatedTokens;
  return writeJsonFile(path_, json);
}

void BuildJournal::remove() const { ::unlink(path_.c_str()); }

}  // namespace z2
