#pragma once

// What the window tells its user above the page: an error, a warning, or good news.

#include <functional>

#include <QString>

#include "core/base/error.h"

namespace z2::ui {

struct Notice {
  enum class Kind { kGood, kWarning, kError };
  Kind kind = Kind::kError;
  QString what;                       // what happened
  QString meaning;                    // what it means for the work: what was kept, what stopped
  QString remedy;                     // what to do
  QString actionText = {};            // a button, where the program can do it; else empty
  std::function<void()> action = {};  // called in the GUI thread
};

// `meaning`: a sentence of the caller, who knows the work.
[[nodiscard]] Notice noticeOf(const Error& error, const QString& meaning);

}  // namespace z2::ui
