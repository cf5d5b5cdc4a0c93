#include "core/model_files/gguf/gguf_reader.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "core/model_files/element_conversion.h"
#include "core/model_files/gguf/gguf_names.h"
#include "core/model_files/gguf/q8_0.h"

namespace z2 {

namespace {

constexpr uint32_t kVersion = 3;
constexpr uint32_t kString = 8;
constexpr uint32_t kArray = 9;
constexpr uint64_t kMostDimensions = 4;
constexpr int64_t kMostElements = int64_t{1} << 40;

// Bytes of a metadata value of the types 0 (uint8) to 12 (float64); 0: of no fixed size.
constexpr uint64_t kSizes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

std::optional<GgmlType> typeOf(uint32_t number) {
  for (const GgmlType type : {GgmlType::kF32, GgmlType::kF16, GgmlType::kQ8_0, GgmlType::kBF16})
    if (static_cast<uint32_t>(type) == number) return type;
  return std::nullopt;
}

}  // namespace

// Goes through the header; after the first fault every answer is zero.
class GgufReader::Parser {
 public:
  explicit Parser(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool isGood() const { return isGood_; }
  [[nodiscard]] size_t at() const { return at_; }

  std::span<const std::byte> take(uint64_t count) {
    if (!isGood_ || count > bytes_.size() - at_) {
      isGood_ = false;
      return {};
    }
    at_ += count;
    return bytes_.subspan(at_ - count, count);
  }
  template <typename T>
  T number() {
    T value = 0;
    int shift = 0;
    for (const std::byte byte : take(sizeof(T))) {
      value |= static_cast<T>(static_cast<T>(byte) << shift);
      shift += 8;
    }
    return value;
  }
  std::string text() {
    const std::span<const std::byte> bytes = take(number<uint64_t>());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  void passValue(uint32_t type) {
    if (type == kString) {
      take(number<uint64_t>());
    } else if (type == kArray) {
      const auto itemType = number<uint32_t>();
      auto count = number<uint64_t>();
      if (itemType == kString)
        for (; isGood_ && count > 0; --count) take(number<uint64_t>());
      else
        take(count > bytes_.size() ? UINT64_MAX : count * sizeOf(itemType));
    } else {
      take(sizeOf(type));
    }
  }

 private:
  uint64_t sizeOf(uint32_t type) {
    if (type >= std::size(kSizes) || kSizes[type] == 0) isGood_ = false;
    return isGood_ ? kSizes[type] : 0;
  }

  std::span<const std::byte> bytes_;
  size_t at_ = 0;
  bool isGood_ = true;
};

Result<GgufReader> GgufReader::open(const std::filesystem::path& file) {
  GgufReader reader;
  reader.path_ = file.native();
  Z2_TRY(reader.file_, MappedFile::open(file));
  const std::span<const std::byte> all = reader.file_.bytes();
  const std::string fix = "Write it again";
  Parser parser(all);
  if (!reader.file_.text().starts_with("GGUF"))
    return corrupt(reader.path_, "this is no GGUF", fix);
  parser.take(4);
  if (parser.number<uint32_t>() != kVersion)
    return corrupt(reader.path_, "this is no GGUF of version 3", fix);
  const auto tensors = parser.number<uint64_t>();
  const auto pairs = parser.number<uint64_t>();
  for (uint64_t i = 0; parser.isGood() && i < pairs; ++i) {
    parser.text();
    parser.passValue(parser.number<uint32_t>());
  }
  std::vector<std::pair<std::string, uint64_t>> places;
  for (uint64_t i = 0; parser.isGood() && i < tensors; ++i) {
    std::string name = parser.text();
    Stored stored;
    const auto dimensions = parser.number<uint32_t>();
    int64_t elements = 1;
    if (dimensions == 0 || dimensions > kMostDimensions)
      return corrupt(reader.path_, "tensor \"" + name + "\" has no shape", fix);
    for (uint32_t d = 0; d < dimensions; ++d) {
      const auto size = parser.number<uint64_t>();
      if (size == 0 || size > static_cast<uint64_t>(kMostElements / elements))
        return corrupt(reader.path_, "tensor \"" + name + "\" has no shape", fix);
      elements *= static_cast<int64_t>(size);
      stored.shape.insert(stored.shape.begin(), static_cast<int64_t>(size));
    }
    const auto type = typeOf(parser.number<uint32_t>());
    if (!type || (*type == GgmlType::kQ8_0 && stored.shape.back() % kQ8BlockSize != 0))
      return badInput(reader.path_, "tensor \"" + name + "\" is of a type that is not read",
                      "F32, F16, BF16 and Q8_0 are");
    stored.type = *type;
    places.emplace_back(name, parser.number<uint64_t>());
    reader.tensors_[std::move(name)] = std::move(stored);
  }
  const uint64_t begin = parser.at() + ggufPadding(parser.at());
  for (const auto& [name, offset] : places) {
    Stored& stored = reader.tensors_[name];
    int64_t elements = 1;
    for (const int64_t size : stored.shape) elements *= size;
    const uint64_t bytes = ggmlByteCount(stored.type, elements);
    if (!parser.isGood() || begin > all.size() || offset > all.size() - begin ||
        bytes > all.size() - begin - offset)
      return corrupt(reader.path_, "tensor \"" + name + "\" is cut off", fix);
    stored.bytes = all.subspan(begin + offset, bytes);
  }
  if (!parser.isGood()) return corrupt(reader.path_, "the header ends too early", fix);
  return reader;
}

Result<void> GgufReader::read(const HfTensor& tensor, const LlamaConfig& config,
                              std::span<float> values) const {
  const auto found = tensors_.find(ggufTensorName(tensor.name));
  if (found == tensors_.end())
    return corrupt(path_, "tensor \"" + tensor.name + "\" is missing", "Write it again");
  const Stored& stored = found->second;
  if (stored.shape != tensor.shape)
    return corrupt(path_, "tensor \"" + tensor.name + "\" has another shape", "Write it again");
  switch (stored.type) {
    case GgmlType::kF32:
      widen(DType::kF32, stored.bytes, values);
      break;
    case GgmlType::kF16:
      widen(DType::kF16, stored.bytes, values);
      break;
    case GgmlType::kBF16:
      widen(DType::kBF16, stored.bytes, values);
      break;
    case GgmlType::kQ8_0:
      dequantizeQ8(stored.bytes, values);
      break;
  }
  if (const int64_t heads = permutedHeads(tensor.name, config); heads > 0)
    permuteFromNeighbours(values, tensor.shape, heads);
  return {};
}

}  // namespace z2
