#include "ui/pages/data/data_summary.h"

#include <algorithm>
#include <fstream>
#include <system_error>

#include "core/io/json.h"
#include "ui/base/json_text.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kManifest = ".manifest.json";
constexpr std::string_view kValid = ".valid";
constexpr int kDeepest = 1;
constexpr size_t kMostDropped = 500;
constexpr uint64_t kLongestDocument = 20'000;  // tokens of it that are shown

std::vector<fs::path> prefixesIn(const fs::path& folder) {
  std::vector<fs::path> prefixes;
  std::error_code failure;
  for (fs::recursive_directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (entry.depth() >= kDeepest) entry.disable_recursion_pending();
    const std::string name = entry->path().filename().native();
    if (!name.ends_with(kManifest) || name.starts_with('.')) continue;
    prefixes.push_back(entry->path().parent_path() /
                       name.substr(0, name.size() - kManifest.size()));
  }
  std::sort(prefixes.begin(), prefixes.end());
  return prefixes;
}

bool isValidPartOf(const fs::path& prefix, const std::vector<fs::path>& all) {
  const std::string& text = prefix.native();
  if (!text.ends_with(kValid)) return false;
  const fs::path whole = text.substr(0, text.size() - kValid.size());
  return std::binary_search(all.begin(), all.end(), whole);
}

double sizeOf(const DataManifest& manifest) {
  double bytes = 0;
  for (const auto& [suffix, file] : manifest.files) bytes += static_cast<double>(file.bytes);
  return bytes;
}

std::vector<DataDetail::Dropped> readDropped(const fs::path& path) {
  std::vector<DataDetail::Dropped> dropped;
  std::ifstream file(path);
  std::string line;
  while (dropped.size() < kMostDropped && std::getline(file, line)) {
    const auto record = parseJson(line, path.native());
    if (!record || !record->is_object()) continue;
    const auto number = record->find("line");
    const QString at = number != record->end() && number->is_number()
                           ? QString::number(number->get<int64_t>())
                           : QString();
    const QString name = toQString(fs::path(textAt(*record, "file")).filename().native());
    const std::string detail = textAt(*record, "detail");
    dropped.push_back(
        {.place = name + QLatin1Char(':') + at,
         .reason = toQString(textAt(*record, "reason") + (detail.empty() ? "" : ": " + detail)),
         .begins = toQString(textAt(*record, "begins"))});
  }
  return dropped;
}

void findTokenizer(const std::string& hash, const fs::path& folder, DataDetail& detail) {
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end;
       !hash.empty() && !failure && entry != end; entry.increment(failure)) {
    auto tokenizer = Tokenizer::open(entry->path());
    if (!tokenizer || (*tokenizer)->hash() != hash) continue;
    detail.tokenizer = *std::move(tokenizer);
    detail.tokenizerName = toQString(entry->path().filename().native());
    return;
  }
}

}  // namespace

QList<DataSummary> readDataFolder(const fs::path& folder) {
  QList<DataSummary> found;
  const std::vector<fs::path> prefixes = prefixesIn(folder);
  for (const fs::path& prefix : prefixes) {
    if (isValidPartOf(prefix, prefixes)) continue;
    // "poems/poems" is the data "poems".
    const fs::path relative = prefix.lexically_relative(folder);
    const bool isOwnFolder = relative.parent_path() == relative.filename();
    DataSummary summary{.name = pathText(isOwnFolder ? relative.filename() : relative),
                        .prefix = prefix,
                        .manifest = {},
                        .valid = {}};
    auto manifest = DataManifest::read(prefix);
    if (manifest && *manifest) {
      summary.manifest = **std::move(manifest);
      summary.bytes = sizeOf(summary.manifest);
    } else {
      summary.problem = manifest ? QString() : toQString(manifest.error().text());
    }
    auto valid = DataManifest::read(withSuffix(prefix, kValid));
    if (valid && *valid) {
      summary.valid = **std::move(valid);
      summary.bytes += sizeOf(*summary.valid);
    }
    found.append(std::move(summary));
  }
  return found;
}

DataDetail readDetail(const DataSummary& summary, const fs::path& tokenizers) {
  DataDetail detail;
  auto file = TokenFile::open(summary.prefix);
  if (!file) {
    detail.problem = toQString(file.error().text());
    return detail;
  }
  detail.file = std::make_shared<const TokenFile>(*std::move(file));
  detail.lengths = lengthHistogram(detail.file->index());
  findTokenizer(summary.manifest.tokenizerSha256, tokenizers, detail);
  detail.dropped = readDropped(withSuffix(summary.prefix, ".dropped.jsonl"));
  return detail;
}

DocumentPieces readDocument(const TokenFile& file, const Tokenizer* tokenizer, uint64_t number) {
  DocumentPieces document;
  if (number >= file.index().documents()) return document;
  document.tokens = file.index().documentTokens(number);
  std::vector<int32_t> ids(std::min(document.tokens, kLongestDocument));
  file.read(file.index().documentStart(number), ids);
  if (tokenizer != nullptr) {
    document.pieces = piecesOf(*tokenizer, ids);
    return document;
  }
  for (const int32_t id : ids) document.pieces.push_back({.id = id, .text = QStringLiteral("·")});
  return document;
}

}  // namespace z2::ui
