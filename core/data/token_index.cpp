#include "core/data/token_index.h"

#include <cstdint>
#include <cstring>
#include <string>

#include <fmt/format.h>

namespace z2 {

namespace {

constexpr int64_t kUint16Vocabulary = 65'500;
constexpr std::string_view kRemedy = "Make the data again, or copy it again from where it came";

// The arrays begin at byte 34, so nothing in them is aligned.
template <typename T>
T load(const std::byte* bytes, uint64_t index) {
  T value;
  std::memcpy(&value, bytes + index * sizeof(T), sizeof(T));
  return value;
}

bool isTokenType(uint8_t code) {
  return (code >= 1 && code <= 5) || code == static_cast<uint8_t>(TokenType::kUint16);
}

}  // namespace

uint64_t sizeOf(TokenType type) {
  switch (type) {
    case TokenType::kUint8:
    case TokenType::kInt8:
      return 1;
    case TokenType::kInt16:
    case TokenType::kUint16:
      return 2;
    case TokenType::kInt32:
      return 4;
    case TokenType::kInt64:
      return 8;
  }
  return 8;
}

std::string_view nameOf(TokenType type) {
  switch (type) {
    case TokenType::kUint8:
      return "uint8";
    case TokenType::kInt8:
      return "int8";
    case TokenType::kInt16:
      return "int16";
    case TokenType::kInt32:
      return "int32";
    case TokenType::kInt64:
      return "int64";
    case TokenType::kUint16:
      return "uint16";
  }
  return "";
}

TokenType tokenTypeFor(int64_t vocabSize) {
  return vocabSize < kUint16Vocabulary ? TokenType::kUint16 : TokenType::kInt32;
}

Result<TokenIndex> TokenIndex::parse(std::span<const std::byte> bytes, uint64_t binBytes,
                                     std::string_view where) {
  const std::string place(where);
  if (bytes.size() < kHeaderBytes)
    return corrupt(place,
                   fmt::format("the index has {} bytes; its header alone takes {}", bytes.size(),
                               kHeaderBytes),
                   std::string(kRemedy));
  if (std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0)
    return badInput(place, "this is no Megatron index: it does not begin with MMIDIDX");
  const std::byte* header = bytes.data() + kMagic.size();
  if (const auto version = load<uint64_t>(header, 0); version != kVersion)
    return badInput(place, fmt::format("index version {} is not known; version 1 is", version));
  const auto code = static_cast<uint8_t>(header[8]);
  if (!isTokenType(code))
    return badInput(place, fmt::format("elements of type code {} are no tokens", code));

  TokenIndex index;
  index.type_ = static_cast<TokenType>(code);
  index.sequences_ = load<uint64_t>(header + 9, 0);
  const auto entries = load<uint64_t>(header + 9, 1);
  const uint64_t left = bytes.size() - kHeaderBytes;
  // Compared by division first, so that a lying count cannot overflow the sum.
  if (index.sequences_ > left / 12 || entries > (left - index.sequences_ * 12) / 8)
    return corrupt(place,
                   fmt::format("the index claims {} sequences and {} documents but has {} bytes",
                               index.sequences_, entries, bytes.size()),
                   std::string(kRemedy));
  const uint64_t rest = left - index.sequences_ * 12 - entries * 8;
  if (rest != 0 && rest != index.sequences_)
    return corrupt(place, fmt::format("{} bytes follow the index", rest), std::string(kRemedy));
  if (entries == 0) return corrupt(place, "the list of documents is empty", std::string(kRemedy));
  index.documents_ = entries - 1;
  index.lengths_ = bytes.data() + kHeaderBytes;
  index.offsets_ = index.lengths_ + index.sequences_ * 4;
  index.firsts_ = index.offsets_ + index.sequences_ * 8;
  Z2_TRY_VOID(index.check(where, binBytes));
  return index;
}

Result<void> TokenIndex::check(std::string_view where, uint64_t binBytes) {
  const std::string place(where);
  const uint64_t elementBytes = sizeOf(type_);
  if (binBytes % elementBytes != 0)
    return corrupt(place,
                   fmt::format("the token file has {} bytes, which is no multiple of {} ({})",
                               binBytes, elementBytes, nameOf(type_)),
                   std::string(kRemedy));
  const uint64_t available = binBytes / elementBytes;
  for (uint64_t i = 0; i < sequences_; ++i) {
    const auto length = load<int32_t>(lengths_, i);
    if (length < 0 || static_cast<uint64_t>(length) > available - tokens_)
      return corrupt(place,
                     fmt::format("sequence {} has {} tokens, but {} are left in the token file", i,
                                 length, available - tokens_),
                     std::string(kRemedy));
    if (load<uint64_t>(offsets_, i) != tokens_ * elementBytes)
      return corrupt(place,
                     fmt::format("sequence {} is said to begin at byte {} instead of {}", i,
                                 load<uint64_t>(offsets_, i), tokens_ * elementBytes),
                     std::string(kRemedy));
    tokens_ += static_cast<uint64_t>(length);
  }
  if (tokens_ != available)
    return corrupt(
        place, fmt::format("the index names {} tokens, the token file has {}", tokens_, available),
        std::string(kRemedy));
  uint64_t previous = 0;
  for (uint64_t i = 0; i <= documents_; ++i) {
    const auto first = load<uint64_t>(firsts_, i);
    if (first < previous || first > sequences_ || (i == 0 && first != 0))
      return corrupt(place, fmt::format("document {} is said to begin at sequence {}", i, first),
                     std::string(kRemedy));
    previous = first;
  }
  if (previous != sequences_)
    return corrupt(place,
                   fmt::format("the documents end at sequence {} of {}", previous, sequences_),
                   std::string(kRemedy));
  return {};
}

uint64_t TokenIndex::startOf(uint64_t sequence) const {
  return sequence == sequences_ ? tokens_ : load<uint64_t>(offsets_, sequence) / sizeOf(type_);
}

uint64_t TokenIndex::sequenceStart(uint64_t i) const { return startOf(i); }

uint64_t TokenIndex::sequenceTokens(uint64_t i) const { return load<uint32_t>(lengths_, i); }

uint64_t TokenIndex::documentFirstSequence(uint64_t i) const { return load<uint64_t>(firsts_, i); }

uint64_t TokenIndex::documentStart(uint64_t i) const { return startOf(load<uint64_t>(firsts_, i)); }

uint64_t TokenIndex::documentTokens(uint64_t i) const {
  return startOf(load<uint64_t>(firsts_, i + 1)) - documentStart(i);
}

uint64_t TokenIndex::documentAt(uint64_t position) const {
  // The last document that begins at or before the position; empty ones share its place and come
  // before it.
  uint64_t low = 0;
  uint64_t high = documents_;
  while (high - low > 1) {
    const uint64_t middle = low + (high - low) / 2;
    if (documentStart(middle) <= position)
      low = middle;
    else
      high = middle;
  }
  return low;
}

}  // namespace z2
