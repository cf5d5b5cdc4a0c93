#include "core/data/data_manifest.h"

#include <exception>
#include <filesystem>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/data/token_file.h"

namespace z2 {

namespace {

Result<TokenType> typeNamed(const std::string& name, std::string_view where) {
  for (const TokenType type : {TokenType::kUint16, TokenType::kInt32, TokenType::kInt64,
                               TokenType::kInt16, TokenType::kUint8, TokenType::kInt8})
    if (nameOf(type) == name) return type;
  return badInput(std::string(where), fmt::format("dtype \"{}\" is not known", name));
}

// Throws what nlohmann throws for a missing or wrong field; fromJson catches it.
DataManifest fieldsOf(const Json& json) {
  DataManifest manifest;
  manifest.task = json.at("task").get<std::string>();
  manifest.documents = json.at("documents").get<uint64_t>();
  manifest.sequences = json.at("sequences").get<uint64_t>();
  manifest.tokens = json.at("tokens").get<uint64_t>();
  manifest.trainedTokens = json.at("trained_tokens").get<uint64_t>();
  manifest.tokenizerPath = json.value("tokenizer", "");  // not in older ones
  manifest.tokenizerSha256 = json.at("tokenizer_sha256").get<std::string>();
  manifest.vocabSize = json.at("vocab_size").get<int64_t>();
  manifest.endOfText = json.at("end_of_text").get<int32_t>();
  for (const Json& source : json.at("sources"))
    manifest.sources.push_back({source.at("path").get<std::string>(),
                                source.at("bytes").get<uint64_t>(),
                                source.at("xxh3").get<std::string>()});
  for (const auto& [reason, count] : json.at("dropped").items())
    manifest.dropped[reason] = count.get<uint64_t>();
  manifest.truncatedDocuments = json.at("truncated_documents").get<uint64_t>();
  manifest.truncatedTokens = json.at("truncated_tokens").get<uint64_t>();
  for (const auto& [suffix, file] : json.at("files").items())
    manifest.files[suffix] = {file.at("bytes").get<uint64_t>(), file.at("xxh3").get<std::string>()};
  manifest.options = json.at("options");
  return manifest;
}

}  // namespace

Json DataManifest::toJson() const {
  Json json = {{"schema", kSchema},
               {"task", task},
               {"documents", documents},
               {"sequences", sequences},
               {"tokens", tokens},
               {"trained_tokens", trainedTokens},
               {"dtype", nameOf(type)},
               {"tokenizer", tokenizerPath},
               {"tokenizer_sha256", tokenizerSha256},
               {"vocab_size", vocabSize},
               {"end_of_text", endOfText}};
  json["sources"] = Json::array();
  for (const DataSource& source : sources)
    json["sources"].push_back(
        {{"path", source.path}, {"bytes", source.bytes}, {"xxh3", source.xxh3}});
  json["dropped"] = Json::object();
  for (const auto& [reason, count] : dropped) json["dropped"][reason] = count;
  json["truncated_documents"] = truncatedDocuments;
  json["truncated_tokens"] = truncatedTokens;
  json["files"] = Json::object();
  for (const auto& [suffix, file] : files)
    json["files"][suffix] = {{"bytes", file.bytes}, {"xxh3", file.xxh3}};
  json["options"] = options;
  return json;
}

Result<DataManifest> DataManifest::fromJson(const Json& json, std::string_view where) {
  try {
    if (const int schema = json.at("schema").get<int>(); schema != kSchema)
      return badInput(std::string(where), fmt::format("manifest schema {} is not known", schema),
                      "Use the version of z2all that made this data, or make it again");
    DataManifest manifest = fieldsOf(json);
    Z2_TRY(manifest.type, typeNamed(json.at("dtype").get<std::string>(), where));
    return manifest;
  } catch (const std::exception& failure) {
    return badInput(std::string(where), fmt::format("this manifest is off: {}", failure.what()),
                    "Make the data again, or delete the manifest to read it as foreign data");
  }
}

Result<std::optional<DataManifest>> DataManifest::read(const std::filesystem::path& prefix) {
  const std::filesystem::path path = withSuffix(prefix, ".manifest.json");
  std::error_code failure;
  if (!std::filesystem::exists(path, failure)) return std::nullopt;
  Z2_TRY(const Json json, readJsonFile(path));
  Z2_TRY(DataManifest manifest, fromJson(json, path.native()));
  return std::optional(std::move(manifest));
}

}  // namespace z2
