#include "tests/core/model_files/gguf/gguf_reader.h"

#include <bit>
#include <stdexcept>
#include <utility>

namespace z2 {

namespace {

class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  std::string_view take(size_t count) {
    if (count > bytes_.size() - at_) throw std::out_of_range("the file ends here");
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }
  template <typename T>
  T number() {
    T value = 0;
    const std::string_view bytes = take(sizeof(T));
    for (size_t i = 0; i < sizeof(T); ++i)
      value |= static_cast<T>(static_cast<T>(static_cast<uint8_t>(bytes[i])) << (8 * i));
    return value;
  }
  std::string text() { return std::string(take(number<uint64_t>())); }
  Json value(uint32_t type) {
    switch (type) {
      case 0:
        return number<uint8_t>();
      case 4:
        return number<uint32_t>();
      case 5:
        return static_cast<int32_t>(number<uint32_t>());
      case 6:
        return std::bit_cast<float>(number<uint32_t>());
      case 7:
        return number<uint8_t>() != 0;
      case 8:
        return text();
      case 9:
        break;
      default:
        throw std::out_of_range("no such type");
    }
    const auto itemType = number<uint32_t>();
    Json items = Json::array();
    for (auto left = number<uint64_t>(); left > 0; --left) items.push_back(value(itemType));
    return items;
  }
  void align() { take((32 - at_ % 32) % 32); }
  [[nodiscard]] size_t at() const { return at_; }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
};

size_t byteCount(const ReadTensor& tensor) {
  size_t elements = 1;
  for (const uint64_t size : tensor.dimensions) elements *= size;
  return tensor.type == 8 ? elements / 32 * 34 : elements * (tensor.type == 0 ? 4 : 2);
}

}  // namespace

ReadGguf readGguf(std::string_view bytes) {
  Cursor cursor(bytes);
  if (cursor.take(4) != "GGUF" || cursor.number<uint32_t>() != 3)
    throw std::out_of_range("no GGUF 3");
  const auto tensors = cursor.number<uint64_t>();
  const auto pairs = cursor.number<uint64_t>();
  ReadGguf read;
  for (uint64_t i = 0; i < pairs; ++i) {
    std::string key = cursor.text();
    const auto type = cursor.number<uint32_t>();
    read.metadata[std::move(key)] = cursor.value(type);
  }
  std::vector<std::pair<std::string, uint64_t>> places;
  for (uint64_t i = 0; i < tensors; ++i) {
    std::string name = cursor.text();
    ReadTensor tensor;
    tensor.dimensions.resize(cursor.number<uint32_t>());
    for (uint64_t& size : tensor.dimensions) size = cursor.number<uint64_t>();
    tensor.type = cursor.number<uint32_t>();
    places.emplace_back(name, cursor.number<uint64_t>());
    read.tensors[name] = tensor;
  }
  cursor.align();
  for (const auto& [name, offset] : places) {
    if (offset % 32 != 0) throw std::out_of_range("a tensor is not aligned");
    ReadTensor& tensor = read.tensors[name];
    tensor.bytes = bytes.substr(cursor.at() + offset, byteCount(tensor));
    if (tensor.bytes.size() != byteCount(tensor)) throw std::out_of_range("a tensor is cut off");
  }
  return read;
}

}  // namespace z2
