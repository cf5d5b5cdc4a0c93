// What the Data page says of a set of data.

#include <QLocale>

#include "ui/base/core_words.h"
#include "ui/base/plural.h"
#include "ui/base/text.h"
#include "ui/pages/data/data_page.h"

namespace z2::ui {

QList<QPair<QString, QString>> DataPage::factsOf(const DataSummary& summary) const {
  const DataManifest& manifest = summary.manifest;
  QStringList dropped;
  for (const auto& [reason, count] : manifest.dropped)
    dropped.append(coreText(reason) + QStringLiteral(": ") + number(count));
  QStringList sources;
  for (const DataSource& source : manifest.sources)
    sources.append(toQString(source.path) + QStringLiteral("  ") +
                   byteSize(static_cast<double>(source.bytes)));
  const double mean = manifest.documents == 0 ? 0
                                              : static_cast<double>(manifest.tokens) /
                                                    static_cast<double>(manifest.documents);
  const QString tokenizer =
      detail_.tokenizer != nullptr ? detail_.tokenizerName
      : manifest.tokenizerSha256.empty()
          ? tr("not known")
          : tr("not in the workspace; its SHA-256 is %1").arg(toQString(manifest.tokenizerSha256));
  QList<QPair<QString, QString>> facts = {
      {tr("Documents"), number(manifest.documents)},
      {tr("Tokens"), number(manifest.tokens)},
      {tr("Tokens in a document"), tr("%1 on average").arg(QLocale().toString(mean, 'f', 1))}};
  if (summary.hasSamples() && manifest.tokens > 0)
    facts.append({tr("Trained tokens"),
                  number(manifest.trainedTokens) + QStringLiteral(" · ") +
                      QLocale().toString(100 * static_cast<double>(manifest.trainedTokens) /
                                             static_cast<double>(manifest.tokens),
                                         'f', 1) +
                      QStringLiteral(" %")});
  if (summary.valid)
    facts.append(
        {tr("For validation"), tr("%1 documents", nullptr, pluralOf(summary.valid->documents))
                                       .arg(number(summary.valid->documents)) +
                                   QStringLiteral(" · ") +
                                   tr("%1 tokens", nullptr, pluralOf(summary.valid->tokens))
                                       .arg(number(summary.valid->tokens))});
  facts.append(
      {tr("Left out"), dropped.isEmpty() ? tr("nothing") : dropped.join(QStringLiteral("\n"))});
  if (manifest.truncatedDocuments > 0)
    facts.append(
        {tr("Cut"),
         tr("%1 documents, by %2 tokens in all", nullptr, pluralOf(manifest.truncatedDocuments))
             .arg(number(manifest.truncatedDocuments), number(manifest.truncatedTokens))});
  facts.append({tr("Tokenizer"), tokenizer});
  facts.append({tr("Stored as"),
                toQString(nameOf(manifest.type)) + QStringLiteral(", ") + byteSize(summary.bytes)});
  facts.append({tr("Made from"), sources.join(QLatin1Char('\n'))});
  facts.append({tr("Folder"), pathText(summary.prefix.parent_path())});
  if (const auto bin = manifest.files.find(".bin"); bin != manifest.files.end())
    facts.append({tr("XXH3 of its tokens"), toQString(bin->second.xxh3)});
  return facts;
}

}  // namespace z2::ui
