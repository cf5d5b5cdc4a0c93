#pragma once

// What a workspace has to make a run of: data, tokenizers, and runs whose speed is known.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <QString>

#include "core/data/data_manifest.h"
#include "core/io/json.h"

namespace z2::ui {

struct DataSet {
  std::filesystem::path prefix;
  QString name;  // below the workspace's data/
  DataManifest manifest;
  bool hasValidation = false;  // PREFIX.valid is there as well
  QString problem;             // a manifest that cannot be read: why
};

struct TokenizerEntry {
  std::filesystem::path path;
  QString name;
  std::string hash;  // as data's manifests name it
  int64_t vocabulary = 0;
};

// A run of this machine that measured itself.
struct PastRun {
  QString name;
  Json config;  // "key": value
  double tokensPerSecond = 0;
  double flopsPerToken = 0;
};

struct WorkspaceStock {
  std::vector<DataSet> data;  // for training; PREFIX.valid of another is not among them
  std::vector<TokenizerEntry> tokenizers;
  std::vector<PastRun> runs;                  // newest first
  std::vector<std::filesystem::path> models;  // of models/
  QString gpuName;
  double gpuMemory = 0;  // bytes; 0: no GPU that can be used
};

// Reads many small files; for a worker thread.
[[nodiscard]] WorkspaceStock lookAtStock(const std::filesystem::path& workspace);
// The hash of the tokenizer at `path`; empty when there is none.
[[nodiscard]] std::string tokenizerHash(const std::filesystem::path& path);

}  // namespace z2::ui
