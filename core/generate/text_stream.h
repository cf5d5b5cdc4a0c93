#pragma once

// Generated tokens as text that can be shown while they come.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

// Holds back the bytes of an unfinished character, and text that may become a stop text. Special
// tokens give nothing, but for those of `shown`, which give their spelling. Thread-compatible.
class TextStream {
 public:
  // `stops`: where one of these appears, the text ends before it.
  explicit TextStream(std::shared_ptr<const Tokenizer> tokenizer,
                      std::vector<std::string> stops = {}, std::vector<int32_t> shown = {});

  // The text that the token completes; valid UTF-8, often empty.
  [[nodiscard]] std::string push(int32_t id);
  // What was held back: the end of the answer. Unfinished characters become U+FFFD.
  [[nodiscard]] std::string finish();

  // Whether a stop text came; nothing more is given out then.
  [[nodiscard]] bool hasStopped() const { return hasStopped_; }
  // All that was given out.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  [[nodiscard]] std::string give(size_t bytes);

  std::shared_ptr<const Tokenizer> tokenizer_;
  std::vector<std::string> stops_;
  std::vector<int32_t> shown_;
  std::string held_;
  std::string text_;
  bool hasStopped_ = false;
};

}  // namespace z2
