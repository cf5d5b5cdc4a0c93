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

// A sample for supervised fine-tuning: ids and as many mask bytes.
struct MaskedSample {
  std::vector<int32_t> ids;
  std::vector<uint8_t> mask;
};

// Writes PREFIX.bin, .idx, .mask and manifest.
inline void writeSftFile(const std::filesystem::path& prefix,
                         const std::vector<MaskedSample>& samples, int64_t vocabSize = 1000) {
  auto writer = TokenFileWriter::create(prefix, tokenTypeFor(vocabSize), {1, true});
  ASSERT_TRUE(writer) << writer.error().text();
  for (const auto& sample : samples) {
    const auto length = static_cast<int32_t>(sample.ids.size());
    ASSERT_TRUE(writer->append(sample.ids, {&length, 1}, sample.mask));
  }
  DataManifest manifest;
  manifest.task = "sft";
  manifest.vocabSize = vocabSize;
  const auto done = writer->commit(manifest);
  ASSERT_TRUE(done) << done.error().text();
}

struct PreferencePair {
  std::vector<int32_t> prompt;
  MaskedSample chosen;
  MaskedSample rejected;
};

// The same for pairs, three sequences a document.
inline void writeDpoFile(const std::filesystem::path& prefix,
                         const std::vector<PreferencePair>& pairs, int64_t vocabSize = 1000) {
  auto writer = TokenFileWriter::create(prefix, tokenTypeFor(vocabSize), {3, true});
  ASSERT_TRUE(writer) << writer.error().text();
  for (const auto& pair : pairs) {
    std::vector<int32_t> ids = pair.prompt;
    std::vector<uint8_t> mask(ids.size(), 0);
    std::vector<int32_t> lengths = {static_cast<int32_t>(ids.size())};
    for (const MaskedSample* one : {&pair.chosen, &pair.rejected}) {
      ids.insert(ids.end(), one->ids.begin(), one->ids.end());
      mask.insert(mask.end(), one->mask.begin(), one->mask.end());
      lengths.push_back(static_cast<int32_t>(one->ids.size()));
    }
    ASSERT_TRUE(writer->append(ids, lengths, mask));
  }
  DataManifest manifest;
  manifest.task = "dpo";
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
