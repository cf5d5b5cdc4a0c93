#pragma once

// The decoder of a Hugging Face tokenizer: from the spellings of tokens to text.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/split_regex.h"
#include "core/tokenizer/tokenizer_definition.h"

namespace z2 {

// What a token of a byte-level vocabulary adds to a text: its bytes, or its own spelling when a
// character of it stands for no byte.
[[nodiscard]] std::string byteLevelBytes(std::string_view spelling);

// The byte of a "<0xHH>" token.
[[nodiscard]] std::optional<uint8_t> byteFallbackByte(std::string_view spelling);

// Immutable and thread-safe.
class HfDecoder {
 public:
  [[nodiscard]] static Result<HfDecoder> create(std::vector<DecoderStep> steps);

  // Whether ByteLevel is all of it: then the text is the bytes of the tokens in a row.
  [[nodiscard]] bool isByteLevelOnly() const;
  // Without steps tokens are joined by spaces. The text is valid UTF-8.
  [[nodiscard]] std::string decode(std::vector<std::string> tokens) const;
  // What one token adds in the middle of a text, as near as one token can tell.
  [[nodiscard]] std::string bytesInside(std::string_view spelling) const;

 private:
  void apply(size_t index, std::vector<std::string>& tokens) const;
  [[nodiscard]] std::string replaced(size_t index, std::string_view token) const;

  std::vector<DecoderStep> steps_;
  std::vector<std::optional<SplitRegex>> regexes_;
};

}  // namespace z2
