#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/text_encoder.h"

namespace z2 {

// A tokenizer for the tests: each byte is its own id, 256 ends a text.
class ByteEncoder final : public TextEncoder {
 public:
  [[nodiscard]] std::unique_ptr<Session> session() const override {
    return std::make_unique<ByteSession>();
  }
  [[nodiscard]] int64_t vocabSize() const override { return 257; }
  [[nodiscard]] std::optional<int32_t> endOfText() const override { return 256; }
  [[nodiscard]] std::string hash() const override { return "bytes"; }

 private:
  class ByteSession final : public Session {
   public:
    Result<void> encode(std::string_view text, std::vector<int32_t>& out) override {
      for (const char c : text) out.push_back(static_cast<unsigned char>(c));
      return {};
    }
  };
};

}  // namespace z2
