#pragma once

// Buffered standard output of commands that print much, with its errors told.

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace z2::cli {

// Thread-compatible. What is not flushed is lost with the object.
class LineOutput {
 public:
  LineOutput();

  // Where to append; call endLine() when a line is whole.
  [[nodiscard]] std::string& text() { return text_; }
  [[nodiscard]] Result<void> endLine();
  [[nodiscard]] Result<void> flush();

 private:
  std::string text_;
};

}  // namespace z2::cli
