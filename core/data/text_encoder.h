#pragma once

// What the data pipeline needs of a tokenizer.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace z2 {

// Thread-safe; each thread takes a session of its own.
class TextEncoder {
 public:
  class Session {
   public:
    virtual ~Session() = default;
    // Appends the ids of the text. Special tokens are never read out of it.
    [[nodiscard]] virtual Result<void> encode(std::string_view text, std::vector<int32_t>& out) = 0;
  };

  virtual ~TextEncoder() = default;
  [[nodiscard]] virtual std::unique_ptr<Session> session() const = 0;
  [[nodiscard]] virtual int64_t vocabSize() const = 0;
  [[nodiscard]] virtual std::optional<int32_t> endOfText() const = 0;
  [[nodiscard]] virtual std::string hash() const = 0;
};

}  // namespace z2
