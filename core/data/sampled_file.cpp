#include "core/data/sampled_file.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/data/data_manifest.h"
#include "core/data/permutation.h"
#include "core/io/checksum.h"

namespace z2 {

namespace {

constexpr size_t kSampledBytes = size_t{1} << 20;

std::string endsOf(std::span<const std::byte> bytes) {
  const size_t part = std::min(bytes.size(), kSampledBytes);
  return checksumOf(bytes.first(part)) + checksumOf(bytes.last(part)) +
         std::to_string(bytes.size());
}

std::string identityOf(const TokenFile& file, bool hasMask,
                       const std::optional<DataManifest>& manifest) {
  std::string identity = checksumOf(file.indexBytes()) + endsOf(file.tokenBytes());
  const auto addListed = [&](const char* suffix) {
    if (!manifest) return;
    if (const auto entry = manifest->files.find(suffix); entry != manifest->files.end())
      identity += entry->second.xxh3;
  };
  addListed(".bin");
  if (!hasMask) return identity;
  identity += endsOf(std::as_bytes(file.mask(0, file.index().tokens())));
  addListed(".mask");
  return identity;
}

Result<void> checkManifest(const DataManifest& manifest, const std::string& prefix,
                           const std::string& task, int64_t vocabSize) {
  if (manifest.task != task)
    return badInput(prefix,
                    fmt::format("this data was made for {}, not for {}", manifest.task, task),
                    fmt::format("Make it with z2all data tokenize --task {}", task));
  if (manifest.vocabSize > vocabSize)
    return badInput(prefix,
                    fmt::format("this data was made with a vocabulary of {} tokens; the model has "
                                "{}",
                                manifest.vocabSize, vocabSize),
                    fmt::format("Set model.vocab_size to {} or more, or make the data with the "
                                "model's tokenizer",
                                manifest.vocabSize));
  return {};
}

}  // namespace

Result<SampledFile> openSampledFile(const std::filesystem::path& prefix, const std::string& task,
                                    int64_t vocabSize) {
  Z2_TRY(const auto manifest, DataManifest::read(prefix));
  if (manifest) Z2_TRY_VOID(checkManifest(*manifest, prefix.native(), task, vocabSize));
  const bool hasMask = task != "pretrain";
  Z2_TRY(TokenFile file,
         TokenFile::open(prefix, hasMask ? TokenFile::Mask::kRequired : TokenFile::Mask::kIgnored));
  if (file.index().tokens() < 2)
    return badInput(
        prefix.native(),
        fmt::format("the data holds {} tokens; at least two are needed", file.index().tokens()));
  std::string identity = identityOf(file, hasMask, manifest);
  return SampledFile{std::move(file), std::move(identity)};
}

Result<void> readDocument(const TokenFile& file, uint64_t document, uint64_t offset,
                          int64_t vocabSize, std::span<int32_t> out) {
  file.read(file.index().documentStart(document) + offset, out);
  const auto outside =
      std::find_if(out.begin(), out.end(), [&](int32_t id) { return id < 0 || id >= vocabSize; });
  if (outside == out.end()) return {};
  return badInput(withSuffix(file.prefix(), ".bin").native(),
                  fmt::format("token {} of document {} is id {}, outside of the model's "
                              "vocabulary of {}",
                              offset + static_cast<uint64_t>(outside - out.begin()), document,
                              *outside, vocabSize),
                  "Use the tokenizer that made the data, or raise model.vocab_size");
}

uint64_t orderKey(uint64_t seed, size_t set, uint64_t epoch, uint64_t purpose) {
  return mixBits(mixBits(mixBits(seed ^ purpose) ^ set) ^ epoch);
}

}  // namespace z2
