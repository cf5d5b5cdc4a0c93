#pragma once

// Unicode normalization forms and lower case, with the data of the `tokenizers` library.
// All take and give valid UTF-8.

#include <string>
#include <string_view>

namespace z2 {

enum class NormalizationForm { kNfc, kNfd, kNfkc, kNfkd };

// Returns `text` itself when it is plainly in the form already, else a view of `buffer`; `text`
// may not lie in `buffer`.
[[nodiscard]] std::string_view normalizeUnicode(std::string_view text, NormalizationForm form,
                                                std::string& buffer);

// Character by character: a final sigma is not treated apart, as in Rust's char::to_lowercase.
[[nodiscard]] std::string lowerCase(std::string_view text);

}  // namespace z2
