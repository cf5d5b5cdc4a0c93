#pragma once

// The texts of the window in one language at a time: ours, and Qt's own (buttons of dialogs).

#include <QTranslator>

namespace z2::ui {

class Translations {
 public:
  // "en" or "zh_CN". Widgets hear QEvent::LanguageChange.
  void use(const QString& language);

 private:
  QTranslator own_;
  QTranslator qt_;
};

}  // namespace z2::ui
