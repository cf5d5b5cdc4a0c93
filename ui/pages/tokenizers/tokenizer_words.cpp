#include "ui/pages/tokenizers/tokenizer_words.h"

#include <algorithm>
#include <system_error>

#include <QCoreApplication>
#include <QLocale>

#include "ui/base/text.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

// lupdate reads the context from here.
class TokenizerWords {
  Q_DECLARE_TR_FUNCTIONS(TokenizerWords)
 public:
  static QString kind(const Tokenizer& tokenizer);
  static QString normalizer(const Tokenizer& tokenizer);
  static QString normalizerStep(const NormalizerStep& step);
  static QString pretokenizer(const Tokenizer& tokenizer);
  static QString pretokenizerStep(const PretokenizerStep& step);
  static QList<QPair<QString, QString>> facts(const TokenizerSummary& summary);
};

QString idText(const Tokenizer& tokenizer, const std::optional<int32_t>& id) {
  if (!id) return QStringLiteral("–");
  return toQString(tokenizer.tokenString(*id)) + QStringLiteral("  ") + QString::number(*id);
}

QString TokenizerWords::kind(const Tokenizer& tokenizer) {
  const std::string_view type = tokenizer.type();
  if (type == "bbpe") return tr("Byte-level BPE");
  if (type == "bpe") return tr("BPE");
  if (type == "spm-bpe") return tr("SentencePiece BPE");
  if (type == "spm-unigram") return tr("SentencePiece unigram");
  return toQString(type);
}

QString TokenizerWords::normalizerStep(const NormalizerStep& step) {
  using Kind = NormalizerStep::Kind;
  switch (step.kind) {
    case Kind::kNfc:
      return tr("Unicode NFC");
    case Kind::kNfd:
      return tr("Unicode NFD");
    case Kind::kNfkc:
      return tr("Unicode NFKC");
    case Kind::kNfkd:
      return tr("Unicode NFKD");
    case Kind::kLowercase:
      return tr("lower case");
    case Kind::kStrip:
      return tr("white space at the ends removed");
    case Kind::kPrepend:
      return tr("“%1” put before the text").arg(toQString(step.content));
    case Kind::kReplaceString:
    case Kind::kReplaceRegex:
      return tr("“%1” becomes “%2”").arg(toQString(step.pattern), toQString(step.content));
  }
  return {};
}

QString TokenizerWords::normalizer(const Tokenizer& tokenizer) {
  QStringList parts;
  if (const auto* definition = tokenizer.definition())
    for (const NormalizerStep& step : definition->normalizer) parts.append(normalizerStep(step));
  if (const auto* model = tokenizer.sentencePiece()) {
    if (model->normalizerName != "identity") parts.append(toQString(model->normalizerName));
    if (model->addsDummyPrefix) parts.append(tr("a space put before the text"));
    if (model->removesExtraWhitespaces) parts.append(tr("repeated spaces become one"));
  }
  return parts.isEmpty() ? tr("None: the text stays as it is") : parts.join(QStringLiteral(" · "));
}

QString TokenizerWords::pretokenizerStep(const PretokenizerStep& step) {
  using Kind = PretokenizerStep::Kind;
  switch (step.kind) {
    case Kind::kSplitRegex: {
      for (const std::string_view name : kPatternNames)
        if (namedPattern(name) == step.pattern)
          return tr("cut by the pattern of %1").arg(toQString(name));
      return tr("cut by the pattern %1").arg(toQString(step.pattern));
    }
    case Kind::kSplitString:
      return tr("cut at “%1”").arg(toQString(step.pattern));
    case Kind::kByteLevel:
      return step.usesRegex ? tr("cut by the pattern of GPT-2, then bytes") : tr("bytes");
    case Kind::kDigits:
      return step.splitsEachDigit ? tr("each digit alone") : tr("numbers apart");
    case Kind::kMetaspace:
      return tr("spaces become %1").arg(toQString(step.pattern));
    case Kind::kWhitespace:
      return tr("words and signs apart");
    case Kind::kWhitespaceSplit:
      return tr("cut at white space");
    case Kind::kPunctuation:
      return tr("punctuation apart");
  }
  return {};
}

QString TokenizerWords::pretokenizer(const Tokenizer& tokenizer) {
  QStringList parts;
  if (const auto* definition = tokenizer.definition())
    for (const PretokenizerStep& step : definition->pretokenizer)
      parts.append(pretokenizerStep(step));
  if (const auto* model = tokenizer.sentencePiece()) {
    parts.append(tr("cut before each space"));
    if (model->splitsDigits) parts.append(tr("each digit alone"));
    if (model->hasByteFallback) parts.append(tr("rare characters become bytes"));
  }
  return parts.isEmpty() ? tr("None: the text is one piece to merge in")
                         : parts.join(QStringLiteral(" · "));
}

QList<QPair<QString, QString>> TokenizerWords::facts(const TokenizerSummary& summary) {
  const Tokenizer& tokenizer = *summary.tokenizer;
  QStringList special;
  for (const SpecialToken& token : tokenizer.specialTokens()) {
    if (special.size() == 40) {
      special.append(tr("… and %1 more").arg(tokenizer.specialTokens().size() - 40));
      break;
    }
    special.append(toQString(token.content) + QStringLiteral("  ") + QString::number(token.id));
  }
  const QString merges = tokenizer.mergeCount() == 0
                             ? QStringLiteral("–")
                             : QLocale().toString(static_cast<qulonglong>(tokenizer.mergeCount()));
  return {{tr("Kind"), kind(tokenizer)},
          {tr("Pieces"), QLocale().toString(tokenizer.vocabSize())},
          {tr("Merges"), merges},
          {tr("Before splitting"), normalizer(tokenizer)},
          {tr("Splitting"), pretokenizer(tokenizer)},
          {tr("Special tokens"),
           special.isEmpty() ? QStringLiteral("–") : special.join(QStringLiteral("\n"))},
          {tr("Begins a text"), idText(tokenizer, tokenizer.bosId())},
          {tr("Ends a document"), idText(tokenizer, tokenizer.endOfTextId())},
          {tr("Files"), summary.files},
          {tr("Folder"), pathText(summary.path)},
          {tr("SHA-256"), toQString(tokenizer.hash())}};
}

}  // namespace

QString kindText(const Tokenizer& tokenizer) { return TokenizerWords::kind(tokenizer); }
QString normalizerText(const Tokenizer& tokenizer) { return TokenizerWords::normalizer(tokenizer); }
QString pretokenizerText(const Tokenizer& tokenizer) {
  return TokenizerWords::pretokenizer(tokenizer);
}
QList<QPair<QString, QString>> factsOf(const TokenizerSummary& summary) {
  return TokenizerWords::facts(summary);
}

QList<TokenizerSummary> readTokenizers(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure))
    if (!entry->path().filename().native().starts_with('.')) paths.push_back(entry->path());
  std::sort(paths.begin(), paths.end());
  QList<TokenizerSummary> found;
  for (const fs::path& path : paths) {
    TokenizerSummary summary{.name = toQString(path.filename().native()), .path = path};
    auto tokenizer = Tokenizer::open(path);
    if (tokenizer)
      summary.tokenizer = *std::move(tokenizer);
    else
      summary.problem = toQString(tokenizer.error().text());
    QStringList files;
    std::error_code ignored;
    for (fs::directory_iterator entry(path, ignored), end; !ignored && entry != end;
         entry.increment(ignored)) {
      if (!entry->is_regular_file(ignored)) continue;
      const auto size = static_cast<double>(entry->file_size(ignored));
      summary.bytes += size;
      files.append(toQString(entry->path().filename().native()) + QStringLiteral("  ") +
                   byteSize(size));
    }
    files.sort();
    summary.files = files.join(QLatin1Char('\n'));
    found.append(std::move(summary));
  }
  return found;
}

}  // namespace z2::ui
