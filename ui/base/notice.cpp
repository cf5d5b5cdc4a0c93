#include "ui/base/notice.h"

#include "ui/base/core_words.h"
#include "ui/base/text.h"

namespace z2::ui {

Notice noticeOf(const Error& error, const QString& meaning) {
  QString what = coreText(error.what);
  if (!error.where.empty()) what = toQString(error.where) + QStringLiteral(": ") + what;
  return {.kind = Notice::Kind::kError,
          .what = what,
          .meaning = meaning,
          .remedy = coreText(error.fix)};
}

}  // namespace z2::ui
