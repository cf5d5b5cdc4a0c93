#pragma once

// What core says, in the language of the window. Core speaks English; its sentences stand with
// their Chinese in resources/core_words, with %1 where core puts a name or a number.

#include <string_view>

#include <QString>

namespace z2::ui {

// In the window's language: a sentence, or several as Error::text joins them ("where: what. fix").
// What is not known stays as it is. Any thread.
[[nodiscard]] QString coreText(std::string_view english);
// In Chinese, whatever the window's language.
[[nodiscard]] QString coreTextInChinese(std::string_view english);

// Whether a sentence of core stands in resources/core_words, whatever the language.
[[nodiscard]] bool isKnownToCoreText(std::string_view english);

}  // namespace z2::ui
