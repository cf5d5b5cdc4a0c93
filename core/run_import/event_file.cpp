#include "core/run_import/event_file.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/io/tf_record.h"
#include "core/io/wire_format.h"

namespace z2 {

namespace {

constexpr size_t kMaxText = size_t{64} << 10;  // longer ones are cut

// DataType of TensorFlow's types.proto.
enum class TensorType : uint64_t {
  kFloat = 1,
  kDouble = 2,
  kInt32 = 3,
  kUint8 = 4,
  kInt16 = 5,
  kInt8 = 6,
  kString = 7,
  kInt64 = 9,
  kBool = 10,
  kBfloat16 = 14,
  kUint16 = 17,
  kHalf = 19,
  kUint32 = 22,
  kUint64 = 23,
};

double fromHalf(uint16_t bits) {
  const int exponent = bits >> 10 & 0x1F;
  const double fraction = (bits & 0x3FF) / 1024.0;
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == 31) return fraction == 0 ? sign * HUGE_VAL : std::nan("");
  return sign *
         (exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15));
}

double fromBfloat16(uint16_t bits) { return std::bit_cast<float>(uint32_t{bits} << 16); }

template <typename T>
std::optional<double> onlyOne(std::string_view content) {
  if (content.size() != sizeof(T)) return std::nullopt;
  T value = 0;
  std::memcpy(&value, content.data(), sizeof(value));
  return static_cast<double>(value);
}

std::optional<double> fromContent(TensorType type, std::string_view content) {
  if (type == TensorType::kHalf || type == TensorType::kBfloat16) {
    if (content.size() != 2) return std::nullopt;
    uint16_t bits = 0;
    std::memcpy(&bits, content.data(), sizeof(bits));
    return type == TensorType::kHalf ? fromHalf(bits) : fromBfloat16(bits);
  }
  switch (type) {
    case TensorType::kFloat:
      return onlyOne<float>(content);
    case TensorType::kDouble:
      return onlyOne<double>(content);
    case TensorType::kInt32:
      return onlyOne<int32_t>(content);
    case TensorType::kInt64:
      return onlyOne<int64_t>(content);
    case TensorType::kUint8:
    case TensorType::kBool:
      return onlyOne<uint8_t>(content);
    case TensorType::kInt8:
      return onlyOne<int8_t>(content);
    case TensorType::kInt16:
      return onlyOne<int16_t>(content);
    case TensorType::kUint16:
      return onlyOne<uint16_t>(content);
    case TensorType::kUint32:
      return onlyOne<uint32_t>(content);
    case TensorType::kUint64:
      return onlyOne<uint64_t>(content);
    default:
      return std::nullopt;
  }
}

// The numbers of one of the repeated fields, packed (as proto3 writes them) or one by one.
class Numbers {
 public:
  void take(const WireReader& reader, uint32_t size) {
    if (!reader.isBytes()) {
      add(reader.number());
    } else if (size == 0) {
      takeVarints(reader.bytes());
    } else {
      if (reader.bytes().size() % size != 0) isBroken_ = true;
      for (size_t i = 0; i + size <= reader.bytes().size(); i += size) {
        uint64_t bits = 0;
        std::memcpy(&bits, reader.bytes().data() + i, size);
        add(bits);
      }
    }
  }
  [[nodiscard]] bool isOne() const { return count_ == 1 && !isBroken_; }
  [[nodiscard]] uint64_t bits() const { return bits_; }

 private:
  void add(uint64_t bits) {
    bits_ = bits;
    ++count_;
  }
  void takeVarints(std::string_view bytes) {
    uint64_t value = 0;
    int shift = 0;
    for (const char c : bytes) {
      if (shift > 63) isBroken_ = true;
      if (isBroken_) return;
      value |= uint64_t{static_cast<uint8_t>(c) & 0x7FU} << shift;
      shift += 7;
      if (static_cast<uint8_t>(c) >= 0x80) continue;
      add(value);
      value = 0;
      shift = 0;
    }
    if (shift != 0) isBroken_ = true;
  }

  uint64_t bits_ = 0;
  uint64_t count_ = 0;
  bool isBroken_ = false;
};

struct Tensor {
  TensorType type{};
  std::string_view content;
  Numbers numbers;
  std::vector<std::string_view> texts;
  bool isBroken = false;

  [[nodiscard]] std::optional<double> scalar() const {
    if (!content.empty()) return fromContent(type, content);
    if (!numbers.isOne()) return std::nullopt;
    const uint64_t bits = numbers.bits();
    switch (type) {
      case TensorType::kFloat:
        return std::bit_cast<float>(static_cast<uint32_t>(bits));
      case TensorType::kDouble:
        return std::bit_cast<double>(bits);
      case TensorType::kHalf:
        return fromHalf(static_cast<uint16_t>(bits));
      case TensorType::kBfloat16:
        return fromBfloat16(static_cast<uint16_t>(bits));
      case TensorType::kUint32:
      case TensorType::kUint64:
        return static_cast<double>(bits);
      case TensorType::kString:
        return std::nullopt;
      default:
        return static_cast<double>(static_cast<int64_t>(bits));
    }
  }
};

Tensor parseTensor(std::string_view message) {
  Tensor tensor;
  WireReader reader(message);
  while (reader.next()) {
    switch (reader.field()) {
      case 1:
        tensor.type = static_cast<TensorType>(reader.number());
        break;
      case 4:
        tensor.content = reader.bytes();
        break;
      case 5:
        tensor.numbers.take(reader, 4);
        break;
      case 6:
        tensor.numbers.take(reader, 8);
        break;
      case 8:
        if (tensor.texts.size() < 16) tensor.texts.push_back(reader.bytes());
        break;
      case 7:
      case 10:
      case 11:
      case 13:
      case 16:
      case 17:
        tensor.numbers.take(reader, 0);
        break;
      default:
        break;
    }
  }
  tensor.isBroken = reader.isBroken();
  return tensor;
}

// SummaryMetadata: the plug-in's name.
bool findPlugin(std::string_view message, std::string& plugin) {
  WireReader reader(message);
  while (reader.next()) {
    if (reader.field() != 1) continue;
    WireReader data(reader.bytes());
    while (data.next())
      if (data.field() == 1) plugin = data.bytes();
    if (data.isBroken()) return false;
  }
  return !reader.isBroken();
}

// Summary.Value.
struct Value {
  std::string_view tag;
  std::optional<float> simple;
  std::optional<Tensor> tensor;
  std::string plugin;
  const char* kind = "values of an unknown kind";
  bool isBroken = false;
};

Value parseValue(std::string_view message) {
  Value value;
  WireReader reader(message);
  bool isSound = true;
  while (reader.next()) {
    switch (reader.field()) {
      case 1:
        value.tag = reader.bytes();
        break;
      case 2:
        value.simple = reader.asFloat();
        break;
      case 4:
        value.kind = "images";
        break;
      case 5:
        value.kind = "histograms";
        break;
      case 6:
        value.kind = "sounds";
        break;
      case 8:
        value.tensor = parseTensor(reader.bytes());
        isSound = isSound && !value.tensor->isBroken;
        break;
      case 9:
        isSound = findPlugin(reader.bytes(), value.plugin) && isSound;
        break;
      default:
        break;
    }
  }
  value.isBroken = reader.isBroken() || !isSound;
  return value;
}

class EventReader {
 public:
  explicit EventReader(EventFile& file) : file_(file) {}

  // False: the message is broken.
  bool take(std::string_view message) {
    double time = 0;
    int64_t step = 0;
    std::vector<std::string_view> summaries;
    WireReader reader(message);
    while (reader.next()) {
      if (reader.field() == 1) time = reader.asDouble();
      if (reader.field() == 2) step = reader.asInt64();
      if (reader.field() == 5 && reader.isBytes()) summaries.push_back(reader.bytes());
    }
    if (reader.isBroken()) return false;
    if (!std::isfinite(time)) time = 0;
    for (const std::string_view summary : summaries)
      if (!takeSummary(summary, time, step)) return false;
    return true;
  }

 private:
  bool takeSummary(std::string_view summary, double time, int64_t step) {
    WireReader reader(summary);
    while (reader.next()) {
      if (reader.field() != 1 || !reader.isBytes()) continue;
      Value value = parseValue(reader.bytes());
      if (value.isBroken) return false;
      takeValue(value, time, step);
    }
    return !reader.isBroken();
  }

  void takeValue(const Value& value, double time, int64_t step) {
    // The plug-in stands with the first value of a tag only.
    std::string& plugin = plugins_[std::string(value.tag)];
    if (!value.plugin.empty()) plugin = value.plugin;
    if (value.simple) {
      file_.scalars.push_back({.tag = tagOf(value.tag),
                               .isFloat = true,
                               .step = step,
                               .time = time,
                               .value = *value.simple});
      return;
    }
    if (value.tensor && (plugin.empty() || plugin == "scalars")) {
      if (const auto scalar = value.tensor->scalar()) {
        file_.scalars.push_back({.tag = tagOf(value.tag),
                                 .isFloat = value.tensor->type == TensorType::kFloat,
                                 .step = step,
                                 .time = time,
                                 .value = *scalar});
        return;
      }
    }
    if (value.tensor && plugin == "text" && !value.tensor->texts.empty()) {
      file_.texts.push_back({.tag = std::string(value.tag),
                             .step = step,
                             .time = time,
                             .text = std::string(value.tensor->texts.front().substr(0, kMaxText))});
      return;
    }
    const std::string kind = !value.tensor ? value.kind : plugin.empty() ? "tensors" : plugin;
    ++file_.other[fmt::format("{}: {}", kind, value.tag)];
  }

  uint32_t tagOf(std::string_view name) {
    const auto known = indices_.find(name);
    if (known != indices_.end()) return known->second;
    const auto index = static_cast<uint32_t>(file_.tags.size());
    file_.tags.emplace_back(name);
    indices_.emplace(name, index);
    return index;
  }

  EventFile& file_;
  std::map<std::string, uint32_t, std::less<>> indices_;
  std::map<std::string, std::string> plugins_;
};

Error noEvent(std::string_view where, uint64_t offset) {
  return {
      .code = ErrorCode::kCorrupt,
      .what = fmt::format("the record at byte {} is no event, although its checksum fits", offset),
      .where = std::string(where),
      .fix = {}};
}

}  // namespace

Result<EventFile> readEventFile(std::string_view bytes, std::string_view where, bool passesDamage) {
  EventFile file;
  EventReader events(file);
  TfRecordReader records(bytes, where);
  while (true) {
    auto next = records.next();
    if (next && !*next) break;
    if (next && events.take(records.record())) {
      ++file.records;
      continue;
    }
    Error error = next ? noEvent(where, records.recordStart()) : std::move(next).error();
    if (passesDamage) {
      file.damage = error.text();
      return file;
    }
    error.fix = "Copy the file again, or take what stands before the damage with --pass-damage";
    return tl::unexpected(std::move(error));
  }
  file.tornBytes = bytes.size() - records.offset();
  return file;
}

}  // namespace z2
