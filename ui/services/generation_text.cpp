#include "ui/services/generation_text.h"

#include <QCoreApplication>
#include <QLocale>

namespace z2::ui {

namespace {

class GenerationText {
  Q_DECLARE_TR_FUNCTIONS(GenerationText)
 public:
  static QString of(const GenerationEnd& end) {
    QStringList parts = {tr("%Ln tokens", nullptr, end.tokens)};
    if (const double speed = tokensPerSecond(end); speed > 0)
      parts << tr("%1 tokens/s").arg(QLocale().toString(speed, 'f', speed < 100 ? 1 : 0));
    parts << why(end.reason);
    return parts.join(QStringLiteral(" · "));
  }

 private:
  static QString why(const QString& reason) {
    if (reason == QLatin1String("stop")) return tr("the text came to its end");
    if (reason == QLatin1String("length")) return tr("ended at Max tokens");
    if (reason == QLatin1String("context")) return tr("the model's context is full");
    return tr("stopped");
  }
};

}  // namespace

QString endText(const GenerationEnd& end) { return GenerationText::of(end); }

}  // namespace z2::ui
