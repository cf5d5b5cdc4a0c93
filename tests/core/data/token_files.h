#pragma once

// Small token files for the tests.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/data/token_file_writer.h"

namespace z2 {

// Writes `documents` as PREFIX.bin, .idx and manifest.
inline void writeTokenFile(const std::filesystem::path& prefix,
                           const std::vector<std::vector<int32_t>>& documents,
                           int64_t vocabSize = 1000, const std::string& task = "pretrain") {
  auto writer = TokenFileWriter::create(prefix, tokenTypeFor(vocabSize));
  ASSERT_TRUE(writer) << writer.error().text();
  for (const auto& document : documents) ASSERT_TRUE(writer->append(document));
  DataManifest manifest;
  manifest.task = task;
  manifest.vocabSize = vocabSize;
  const auto done = writer->commit(manifest);
  ASSERT_TRUE(done) << done.error().text();
}

// Documents of the given lengths whose tokens are 0, 1, 2, … through all of them.
inline std::vector<std::vector<int32_t>> numberedDocuments(const std::vector<int>& lengths) {
  std::vector<std::vector<int32_t>> documents;
  int32_t next = 0;
  for (const int length : lengths) {
    documents.emplace_back();
    for (int i = 0; i < length; ++i) documents.back().push_back(next++);
  }
  return documents;
}

}  // namespace z2
