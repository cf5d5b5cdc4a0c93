#include "tests/app/cli/tiny_model.h"

#include <string>

#include <gtest/gtest.h>

namespace z2 {

namespace fs = std::filesystem;

Json characterTokenizer() {
  Json vocabulary = {{"<pad>", 0}, {"<s>", 1}, {"</s>", 2}};
  Json added = Json::array();
  for (const auto& [content, id] : vocabulary.items())
    added.push_back({{"id", id},
                     {"content", content},
                     {"single_word", false},
                     {"lstrip", false},
                     {"rstrip", false},
                     {"normalized", false},
                     {"special", true}});
  for (int id = 3; id < 96; ++id) vocabulary[std::string(1, static_cast<char>(id + 29))] = id;
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"added_tokens", added},
          {"normalizer", nullptr},
          {"pre_tokenizer", nullptr},
          {"post_processor", nullptr},
          {"decoder", {{"type", "Fuse"}}},
          {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", Json::array()}}}};
}

void copyTinyModel(const fs::path& folder) {
  fs::copy(fs::path(Z2_SOURCE_DIR) / "tests/fixtures/hf/llama_gqa", folder,
           fs::copy_options::recursive);
  ASSERT_TRUE(writeJsonFile(folder / "tokenizer.json", characterTokenizer()));
}

}  // namespace z2
