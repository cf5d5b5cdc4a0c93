#include "core/data/import/foreign_tokens.h"

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "core/base/check.h"

namespace z2 {

namespace {

constexpr uint64_t kLlmCHeaderBytes = 1024;
constexpr int32_t kLlmCUint16Magic = 20240520;
constexpr int32_t kLlmCUint32Magic = 20240801;

uint32_t wordAt(std::span<const std::byte> bytes, uint64_t index) {
  uint32_t word = 0;
  std::memcpy(&word, bytes.data() + index * sizeof(word), sizeof(word));
  return word;
}

}  // namespace

Result<ForeignTokens> ForeignTokens::openHeaderless(const std::filesystem::path& path) {
  ForeignTokens tokens;
  Z2_TRY(tokens.file_, MappedFile::open(path));
  const uint64_t bytes = tokens.file_.bytes().size();
  if (bytes % 2 != 0)
    return corrupt(path.native(),
                   fmt::format("{} bytes are no whole number of uint16 tokens", bytes));
  tokens.size_ = bytes / 2;
  return tokens;
}

Result<ForeignTokens> ForeignTokens::openLlmC(const std::filesystem::path& path) {
  ForeignTokens tokens;
  Z2_TRY(tokens.file_, MappedFile::open(path));
  const auto bytes = tokens.file_.bytes();
  if (bytes.size() < kLlmCHeaderBytes)
    return badInput(path.native(), "the file is too short for llm.c's header of 1024 bytes");
  const auto magic = static_cast<int32_t>(wordAt(bytes, 0));
  const uint32_t version = wordAt(bytes, 1);
  if (magic == kLlmCUint16Magic && version == 1)
    tokens.elementBytes_ = 2;
  else if (magic == kLlmCUint32Magic && version == 7)
    tokens.elementBytes_ = 4;
  else
    return badInput(path.native(),
                    fmt::format("magic {} version {} is no token file of llm.c", magic, version),
                    "Known are 20240520 version 1 and 20240801 version 7");
  tokens.headerBytes_ = kLlmCHeaderBytes;
  tokens.size_ = wordAt(bytes, 2);
  if (tokens.size_ * tokens.elementBytes_ != bytes.size() - kLlmCHeaderBytes)
    return corrupt(path.native(),
                   fmt::format("the header claims {} tokens, the file has {} bytes "
                               "of them",
                               tokens.size_, bytes.size() - kLlmCHeaderBytes),
                   "Copy the file again from where it came");
  return tokens;
}

void ForeignTokens::read(uint64_t first, std::span<int32_t> out) const {
  Z2_CHECK(first <= size_ && out.size() <= size_ - first);
  const std::byte* source = file_.bytes().data() + headerBytes_ + first * elementBytes_;
  for (int32_t& id : out) {
    if (elementBytes_ == 2) {
      uint16_t value = 0;
      std::memcpy(&value, source, sizeof(value));
      id = value;
    } else {
      uint32_t value = 0;
      std::memcpy(&value, source, sizeof(value));
      const bool fits = value <= static_cast<uint32_t>(std::numeric_limits<int32_t>::max());
      id = fits ? static_cast<int32_t>(value) : -1;
    }
    source += elementBytes_;
  }
}

Result<uint64_t> checkSampleIndex(const std::filesystem::path& path,
                                  std::span<const uint64_t> fileTokens) {
  Z2_TRY(const MappedFile file, MappedFile::open(path));
  const auto bytes = file.bytes();
  if (bytes.size() % 8 != 0)
    return corrupt(path.native(),
                   fmt::format("{} bytes are no whole number of samples", bytes.size()));
  std::vector<uint64_t> starts = {0};
  for (const uint64_t tokens : fileTokens) starts.push_back(starts.back() + tokens);
  uint64_t distance = 0;
  uint64_t previous = 0;
  for (uint64_t i = 0; i < bytes.size() / 8; ++i) {
    const uint64_t number = wordAt(bytes, i * 2);
    const uint64_t offset = wordAt(bytes, i * 2 + 1);
    const bool isInside = number < fileTokens.size() && offset < fileTokens[number];
    const uint64_t start = isInside ? starts[number] + offset : 0;
    if (i == 1 && isInside && start > previous) distance = start - previous;
    if (!isInside || (i == 0 && start != 0) || (i > 0 && start != previous + distance) ||
        (i > 0 && distance == 0))
      return badInput(path.native(),
                      fmt::format("sample {} (file {}, token {}) does not fit the token files", i,
                                  number, offset),
                      "Name all .bin files of the index, in the order it was built with");
    previous = start;
  }
  return distance;
}

}  // namespace z2
