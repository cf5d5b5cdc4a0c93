#pragma once

// What a tokenizer is, in words.

#include <filesystem>
#include <memory>

#include <QList>
#include <QPair>
#include <QString>

#include "core/tokenizer/tokenizer.h"

namespace z2::ui {

// One tokenizer of the workspace as the list shows it.
struct TokenizerSummary {
  QString name;
  std::filesystem::path path;
  std::shared_ptr<const Tokenizer> tokenizer = {};  // null when it cannot be read
  double bytes = 0;                                 // of its files
  QString files = {};                               // "tokenizer.json 1.2 MB, …"
  QString problem = {};
};
// Reads every folder of `folder`; takes a moment: not in the GUI thread.
[[nodiscard]] QList<TokenizerSummary> readTokenizers(const std::filesystem::path& folder);

[[nodiscard]] QString kindText(const Tokenizer& tokenizer);  // "Byte-level BPE", …
[[nodiscard]] QString normalizerText(const Tokenizer& tokenizer);
[[nodiscard]] QString pretokenizerText(const Tokenizer& tokenizer);
[[nodiscard]] QList<QPair<QString, QString>> factsOf(const TokenizerSummary& summary);

}  // namespace z2::ui
