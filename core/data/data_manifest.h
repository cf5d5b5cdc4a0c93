#pragma once

// PREFIX.manifest.json: where a token file came from and what it must be, so that a stale
// tokenizer, a changed source or a damaged copy is noticed.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/token_index.h"
#include "core/io/json.h"

namespace z2 {

struct DataSource {
  std::string path;
  uint64_t bytes = 0;
  std::string xxh3;  // XXH3-128
};

struct DataFile {
  uint64_t bytes = 0;
  std::string xxh3;
};

struct DataManifest {
  static constexpr int kSchema = 1;

  std::string task = "pretrain";
  TokenType type = TokenType::kUint16;
  uint64_t documents = 0;
  uint64_t sequences = 0;
  uint64_t tokens = 0;
  uint64_t trainedTokens = 0;   // targets that a loss would count
  std::string tokenizerPath;    // where it was when the data was made; empty: not known
  std::string tokenizerSha256;  // empty: not known (imported data)
  int64_t vocabSize = 0;        // 0: not known
  int32_t endOfText = -1;       // -1: not known
  std::vector<DataSource> sources;
  std::map<std::string, uint64_t> dropped;  // reason → records
  uint64_t truncatedDocuments = 0;
  uint64_t truncatedTokens = 0;
  std::map<std::string, DataFile> files;  // ".bin", ".idx", ".mask"
  Json options = Json::object();          // how it was made

  [[nodiscard]] Json toJson() const;
  [[nodiscard]] static Result<DataManifest> fromJson(const Json& json, std::string_view where);
  // Nothing where PREFIX has no manifest: files of other programs.
  [[nodiscard]] static Result<std::optional<DataManifest>> read(
      const std::filesystem::path& prefix);
};

}  // namespace z2
