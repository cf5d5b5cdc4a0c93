// Any bytes as text: a byte-level tokenizer gives them back (broken UTF-8 as U+FFFD), whatever the
// pre-tokenizer.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/check.h"
#include "core/text/utf8.h"
#include "core/tokenizer/tokenizer.h"

namespace {

// The 256 bytes and a few merges.
std::shared_ptr<const z2::Tokenizer> makeTokenizer(std::string_view pattern) {
  z2::BpeModel model;
  for (int b = 0; b < 256; ++b)
    model.tokens.emplace_back(z2::ByteAlphabet::character(static_cast<uint8_t>(b)));
  const auto merge = [&](int32_t left, int32_t right) {
    model.tokens.emplace_back(*model.tokens[static_cast<size_t>(left)] +
                              *model.tokens[static_cast<size_t>(right)]);
    model.merges.push_back({left, right, static_cast<int32_t>(model.tokens.size()) - 1});
    return model.merges.back().result;
  };
  merge(0xE6, 0x9C);
  merge(' ', 't');
  const int32_t he = merge('h', 'e');
  merge('t', he);
  merge(' ', ' ');
  merge('\n', '\n');
  z2::AddedToken end;
  end.id = static_cast<int32_t>(model.tokens.size());
  end.content = "<|endoftext|>";
  end.isNormalized = false;
  end.isSpecial = true;
  auto made = z2::Tokenizer::create(z2::byteLevelDefinition(std::move(model), {end}, pattern));
  Z2_CHECK(made.has_value(), made ? "" : made.error().text());
  return *made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::shared_ptr<const z2::Tokenizer> kTokenizers[] = {makeTokenizer("gpt2"),
                                                                     makeTokenizer("llama3")};
  static z2::EncodeScratch scratch;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string buffer;
  const std::string expected(z2::replaceInvalidUtf8(text, buffer));
  for (const auto& tokenizer : kTokenizers) {
    for (const bool allowSpecial : {false, true}) {
      std::vector<int32_t> ids;
      Z2_CHECK(tokenizer->encode(text, {.allowSpecial = allowSpecial}, scratch, ids).has_value());
      Z2_CHECK(tokenizer->decode(ids) == expected);
    }
  }
  return 0;
}
