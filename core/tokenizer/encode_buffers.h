#pragma once

// What EncodeScratch holds. Internal to core/tokenizer.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/added_token_matcher.h"
#include "core/tokenizer/hf_normalizer.h"
#include "core/tokenizer/merger.h"
#include "core/tokenizer/piece_cache.h"
#include "core/tokenizer/pretokenizer.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/unigram_model.h"

namespace z2 {

struct EncodeScratch::Buffers {
  // Whose pieces the cache holds. Shared ownership keeps the address from being used again.
  std::shared_ptr<const char> owner;
  PieceCache cache;
  PretokenizerScratch pretokenizer;
  HfNormalizer::Workspace normalizer;
  MergeWorkspace merges;
  std::vector<AddedTokenMatcher::Section> rawSections;
  std::vector<AddedTokenMatcher::Section> sections;
  std::vector<std::string_view> pieces;
  std::vector<int32_t> symbols;
  std::vector<UnigramPath> unigramPaths;
  std::vector<UnigramPiece> unigramPieces;
  std::string repaired;
  std::string spelled;
};

}  // namespace z2
