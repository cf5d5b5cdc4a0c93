#include "core/data/token_file.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/base/check.h"

namespace z2 {

namespace {

// The mapping begins on a page and offsets are multiples of the element, so this is aligned.
template <typename T>
void widen(std::span<const std::byte> bytes, uint64_t first, std::span<int32_t> out) {
  const T* source = reinterpret_cast<const T*>(bytes.data()) + first;
  if constexpr (sizeof(T) == 8) {
    std::transform(source, source + out.size(), out.begin(), [](T value) {
      const bool fits = value >= 0 && value <= std::numeric_limits<int32_t>::max();
      return fits ? static_cast<int32_t>(value) : -1;
    });
  } else {
    std::copy(source, source + out.size(), out.begin());
  }
}

}  // namespace

std::filesystem::path withSuffix(const std::filesystem::path& prefix, std::string_view suffix) {
  std::filesystem::path path = prefix;
  path += suffix;
  return path;
}

Result<TokenFile> TokenFile::open(const std::filesystem::path& prefix, Mask mask) {
  TokenFile file;
  file.prefix_ = prefix;
  Z2_TRY(file.idx_, MappedFile::open(withSuffix(prefix, ".idx")));
  Z2_TRY(file.bin_, MappedFile::open(withSuffix(prefix, ".bin")));
  const std::filesystem::path indexPath = withSuffix(prefix, ".idx");
  Z2_TRY(file.index_,
         TokenIndex::parse(file.idx_.bytes(), file.bin_.bytes().size(), indexPath.native()));
  if (mask == Mask::kIgnored) return file;

  const std::filesystem::path maskPath = withSuffix(prefix, ".mask");
  Z2_TRY(file.mask_, MappedFile::open(maskPath));
  if (file.mask_.bytes().size() != file.index_.tokens())
    return corrupt(maskPath.native(), fmt::format("the loss mask has {} bytes for {} tokens",
                                                  file.mask_.bytes().size(), file.index_.tokens()));
  return file;
}

void TokenFile::read(uint64_t first, std::span<int32_t> out) const {
  Z2_CHECK(first <= index_.tokens() && out.size() <= index_.tokens() - first);
  switch (index_.type()) {
    case TokenType::kUint8:
      return widen<uint8_t>(bin_.bytes(), first, out);
    case TokenType::kInt8:
      return widen<int8_t>(bin_.bytes(), first, out);
    case TokenType::kInt16:
      return widen<int16_t>(bin_.bytes(), first, out);
    case TokenType::kUint16:
      return widen<uint16_t>(bin_.bytes(), first, out);
    case TokenType::kInt32:
      return widen<int32_t>(bin_.bytes(), first, out);
    case TokenType::kInt64:
      return widen<int64_t>(bin_.bytes(), first, out);
  }
}

std::span<const uint8_t> TokenFile::mask(uint64_t first, uint64_t count) const {
  const std::span<const std::byte> bytes = mask_.bytes().subspan(first, count);
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}

}  // namespace z2
