// Any bytes as a tokenizer.json: an error or a tokenizer that works, never a crash; and what was
// accepted is written so that it reads the same.

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/check.h"
#include "core/tokenizer/hf_json.h"
#include "core/tokenizer/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto definition = z2::parseHfTokenizer(text, "fuzz");
  if (!definition) return 0;
  const std::string written = z2::writeHfTokenizer(*definition);
  const auto again = z2::parseHfTokenizer(written, "written");
  Z2_CHECK(again.has_value(), again ? "" : again.error().text());
  Z2_CHECK(z2::writeHfTokenizer(*again) == written);
  const auto tokenizer = z2::Tokenizer::create(*std::move(definition));
  if (!tokenizer) return 0;
  static z2::EncodeScratch scratch;
  std::vector<int32_t> ids;
  if ((*tokenizer)->encode("The 12 words, 月光\n <s>", {.allowSpecial = true}, scratch, ids))
    (void)(*tokenizer)->decode(ids);
  return 0;
}
