// Any bytes as a sentencepiece model: an error or a tokenizer that works, never a crash.

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/check.h"
#include "core/tokenizer/sentencepiece_model.h"
#include "core/tokenizer/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto model = z2::parseSentencePieceModel(bytes, "fuzz");
  if (!model) return 0;
  const std::string written = z2::writeSentencePieceModel(*model);
  const auto again = z2::parseSentencePieceModel(written, "written");
  Z2_CHECK(again.has_value());
  Z2_CHECK(z2::writeSentencePieceModel(*again) == written);
  (void)z2::toHfDefinition(*model);
  const auto tokenizer = z2::Tokenizer::create(*std::move(model));
  if (!tokenizer) return 0;
  static z2::EncodeScratch scratch;
  std::vector<int32_t> ids;
  if ((*tokenizer)->encode("The 12 words, 月光\n \xFF<s>", {.allowSpecial = true}, scratch, ids))
    (void)(*tokenizer)->decode(ids);
  return 0;
}
