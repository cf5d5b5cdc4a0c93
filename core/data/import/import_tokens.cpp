#include "core/data/import/import_tokens.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/progress.h"
#include "core/data/import/foreign_tokens.h"
#include "core/data/token_file.h"
#include "core/data/token_file_writer.h"
#include "core/io/checksum.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t kBlockTokens = uint64_t{1} << 18;
// A document without an end is cut here; the lengths of an index are int32.
constexpr size_t kMaxDocumentTokens = size_t{1} << 26;

// One input: bare tokens, or a Megatron file with documents of its own.
struct Source {
  fs::path path;
  std::optional<ForeignTokens> bare;
  std::optional<TokenFile> megatron;

  [[nodiscard]] uint64_t tokens() const { return bare ? bare->size() : megatron->index().tokens(); }
  void read(uint64_t first, std::span<int32_t> out) const {
    bare ? bare->read(first, out) : megatron->read(first, out);
  }
};

Result<Source> openSource(const fs::path& path, ForeignFormat format) {
  Source source{path, std::nullopt, std::nullopt};
  if (format == ForeignFormat::kMegatron) {
    fs::path prefix = path;
    if (prefix.extension() == ".bin" || prefix.extension() == ".idx") prefix.replace_extension();
    Z2_TRY(TokenFile file, TokenFile::open(prefix));
    source.path = withSuffix(prefix, ".bin");
    source.megatron = std::move(file);
    return source;
  }
  Z2_TRY(source.bare, format == ForeignFormat::kLlmC ? ForeignTokens::openLlmC(path)
                                                     : ForeignTokens::openHeaderless(path));
  return source;
}

Result<std::vector<Source>> openSources(const ImportOptions& options) {
  std::vector<Source> sources;
  std::vector<fs::path> sampleIndexes;
  for (const fs::path& path : options.files) {
    if (options.format == ForeignFormat::kSampleIndex && path.extension() == ".ibin") {
      sampleIndexes.push_back(path);
      continue;
    }
    Z2_TRY(Source source, openSource(path, options.format));
    sources.push_back(std::move(source));
  }
  if (sources.empty()) return usageError("no token file was given", "Name the .bin files too");
  std::vector<uint64_t> sizes;
  for (const Source& source : sources) sizes.push_back(source.tokens());
  for (const fs::path& path : sampleIndexes) Z2_TRY_VOID(checkSampleIndex(path, sizes));
  return sources;
}

// Calls visit(first, ids) for blocks of all tokens of the source.
template <typename Visit>
Result<void> eachBlock(const Source& source, Visit visit) {
  std::vector<int32_t> block;
  for (uint64_t first = 0; first < source.tokens(); first += kBlockTokens) {
    if (stopRequested()) return interrupted("stopped; nothing was written");
    block.resize(std::min(kBlockTokens, source.tokens() - first));
    source.read(first, block);
    Z2_TRY_VOID(visit(first, std::span<const int32_t>(block)));
  }
  return {};
}

// The largest id + 1, after a look at every token.
Result<int64_t> checkIds(const std::vector<Source>& sources, int64_t vocabSize) {
  const int64_t limit = vocabSize > 0 ? vocabSize : int64_t{1} << 31;
  int64_t needed = 1;
  for (const Source& source : sources)
    Z2_TRY_VOID(
        eachBlock(source, [&](uint64_t first, std::span<const int32_t> ids) -> Result<void> {
          for (size_t i = 0; i < ids.size(); ++i) {
            if (ids[i] < 0 || ids[i] >= limit)
              return badInput(source.path.native(),
                              fmt::format("token {} is id {}, outside of the vocabulary of {}",
                                          first + i, ids[i], limit),
                              "Name the tokenizer that made the file");
            needed = std::max(needed, int64_t{ids[i]} + 1);
          }
          return {};
        }));
  return needed;
}

Result<void> writeBare(const Source& source, std::optional<int32_t> endOfText,
                       TokenFileWriter& writer) {
  std::vector<int32_t> document;
  const auto write = [&](uint64_t, std::span<const int32_t> ids) -> Result<void> {
    for (const int32_t id : ids) {
      document.push_back(id);
      if (id != endOfText && document.size() < kMaxDocumentTokens) continue;
      Z2_TRY_VOID(writer.append(document));
      document.clear();
    }
    return {};
  };
  Z2_TRY_VOID(eachBlock(source, write));
  return document.empty() ? Result<void>{} : writer.append(document);
}

Result<void> writeMegatron(const Source& source, TokenFileWriter& writer) {
  const TokenIndex& index = source.megatron->index();
  std::vector<int32_t> document;
  for (uint64_t i = 0; i < index.documents(); ++i) {
    if (stopRequested()) return interrupted("stopped; nothing was written");
    for (uint64_t done = 0; done < index.documentTokens(i) || done == 0;) {
      const uint64_t left = index.documentTokens(i) - done;
      document.resize(std::min<uint64_t>(left, kMaxDocumentTokens));
      source.read(index.documentStart(i) + done, document);
      Z2_TRY_VOID(writer.append(document));
      done += document.size();
      if (document.empty()) break;
    }
  }
  return {};
}

Result<void> refuseExisting(const ImportOptions& options) {
  if (options.isOverwriting) return {};
  for (const char* suffix : {".bin", ".idx", ".manifest.json", ".bin.part"}) {
    std::error_code failure;
    const fs::path path = withSuffix(options.output, suffix);
    if (fs::exists(path, failure))
      return badInput(path.native(), "this file is there already",
                      "Choose another --output, or give --overwrite");
  }
  return {};
}

}  // namespace

Result<DataManifest> importTokens(const ImportOptions& options) {
  Z2_TRY_VOID(refuseExisting(options));
  Z2_TRY(const std::vector<Source> sources, openSources(options));
  Z2_TRY(const int64_t needed, checkIds(sources, options.vocabSize));
  const int64_t vocabSize = std::max(options.vocabSize, needed);
  if (const fs::path folder = options.output.parent_path(); !folder.empty())
    Z2_TRY_VOID(makeFolders(folder));
  Z2_TRY(TokenFileWriter writer, TokenFileWriter::create(options.output, tokenTypeFor(vocabSize)));

  const auto write = [&]() -> Result<void> {
    DataManifest manifest;
    manifest.vocabSize = vocabSize;
    manifest.tokenizerSha256 = options.tokenizerSha256;
    manifest.endOfText = options.endOfText.value_or(-1);
    for (const Source& source : sources) {
      Z2_TRY_VOID(source.bare ? writeBare(source, options.endOfText, writer)
                              : writeMegatron(source, writer));
      Z2_TRY(std::string checksum, checksumOfFile(source.path));
      std::error_code failure;
      const uint64_t bytes = fs::file_size(source.path, failure);
      if (failure) return systemError(failure.value(), "reading", source.path.native());
      manifest.sources.push_back({source.path.native(), bytes, std::move(checksum)});
    }
    return writer.commit(std::move(manifest));
  };
  if (auto outcome = write(); !outcome) {
    TokenFileWriter::discard(options.output);
    return tl::unexpected(std::move(outcome).error());
  }
  Z2_TRY(std::optional<DataManifest> written, DataManifest::read(options.output));
  return std::move(*written);
}

}  // namespace z2
