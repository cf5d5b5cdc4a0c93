#include "core/io/safetensors_header.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "core/io/json.h"
#include "core/io/limits.h"

namespace z2 {

namespace {

constexpr std::string_view kMetadata = "__metadata__";

std::optional<uint64_t> multiply(uint64_t a, uint64_t b) {
  uint64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

// Receives the parser's events. Each returns false to end the parsing; `problem` then says why.
class HeaderEvents final : public nlohmann::json_sax<Json> {
 public:
  SafetensorsHeaderJson header;
  std::string problem;

  bool null() override { return refuse("has null where a value is needed"); }
  bool boolean(bool) override { return refuse("has true or false where it must not"); }
  bool number_integer(number_integer_t) override { return refuse("has a negative number"); }
  bool number_float(number_float_t, const string_t&) override {
    return refuse("has a number that is not a whole number below 2^64");
  }
  bool binary(binary_t&) override { return refuse("has binary data"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (list_ == nullptr) return refuse("has a number where it must not");
    if (list_ == &entry_.shape && list_->size() == limits::kTensorRank)
      return refuse(fmt::format("has more than {} dimensions", limits::kTensorRank));
    if (list_ == &offsets_ && list_->size() == 2)
      return refuse("has more than two numbers in \"data_offsets\"");
    list_->push_back(value);
    return true;
  }

  bool string(string_t& value) override {
    if (depth_ == 2 && isInMetadata_) {
      header.metadata[key_] = std::move(value);
      return true;
    }
    if (depth_ != 2 || key_ != "dtype") return refuse("has a text where it must not");
    const std::optional<StoredType> type = parseStoredType(value);
    if (!type) return refuse(fmt::format("has the unknown type \"{}\"", value));
    entry_.type = *type;
    return true;
  }

  bool start_object(std::size_t) override {
    if (list_ != nullptr || depth_ >= 2) return refuse("is nested too deeply");
    if (++depth_ == 2) {
      entry_ = {};
      entry_.name = name_;
      offsets_.clear();
      keys_.clear();
    }
    return true;
  }

  bool key(string_t& value) override {
    if (depth_ == 1) return beginName(value);
    if (!keys_.insert(value).second) return refuse(fmt::format("has \"{}\" twice", value));
    if (!isInMetadata_ && value != "dtype" && value != "shape" && value != "data_offsets")
      return refuse(fmt::format("has the unknown field \"{}\"", value));
    key_ = std::move(value);
    return true;
  }

  bool end_object() override { return --depth_ == 0 || isInMetadata_ || endEntry(); }

  bool start_array(std::size_t) override {
    if (depth_ != 2 || isInMetadata_ || list_ != nullptr || key_ == "dtype")
      return refuse("has a list where it must not");
    list_ = key_ == "shape" ? &entry_.shape : &offsets_;
    return true;
  }

  bool end_array() override {
    list_ = nullptr;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    problem = fmt::format("the header is not valid JSON (at byte {} of it)", position);
    return false;
  }

 private:
  bool beginName(std::string& name) {
    name_ = std::move(name);
    isInMetadata_ = name_ == kMetadata;
    if (name_.empty()) return refuse("has no name");
    if (name_.size() > limits::kTensorNameBytes) {
      name_.resize(40);
      name_ += "…";
      return refuse(fmt::format("has a name longer than {} bytes", limits::kTensorNameBytes));
    }
    if (!names_.insert(name_).second) return refuse("is listed twice");
    if (names_.size() > limits::kTensors)
      return refuse(fmt::format("is one of more than {}", limits::kTensors));
    return true;
  }

  bool endEntry() {
    if (keys_.size() != 3) return refuse("lacks one of \"dtype\", \"shape\", \"data_offsets\"");
    if (offsets_.size() != 2) return refuse("needs two numbers in \"data_offsets\"");
    entry_.begin = offsets_[0];
    entry_.end = offsets_[1];
    if (entry_.begin > entry_.end) return refuse("ends before it begins");
    uint64_t bytes = sizeOf(entry_.type);
    for (const uint64_t extent : entry_.shape) {
      const std::optional<uint64_t> product = multiply(bytes, extent);
      if (!product) return refuse("has a shape whose size overflows 64 bits");
      bytes = *product;
    }
    if (bytes != entry_.end - entry_.begin)
      return refuse(fmt::format("has {} bytes where its shape and type need {}",
                                entry_.end - entry_.begin, bytes));
    header.entries.push_back(std::move(entry_));
    return true;
  }

  bool refuse(std::string_view reason) {
    if (depth_ == 0) {
      problem = "the header is not a JSON object";
    } else if (isInMetadata_) {
      problem = fmt::format("\"{}\" {}", kMetadata, reason);
    } else {
      problem = fmt::format("tensor \"{}\" {}", name_, reason);
    }
    return false;
  }

  int depth_ = 0;
  bool isInMetadata_ = false;
  std::string name_;
  std::string key_;
  SafetensorsEntry entry_;
  std::vector<uint64_t> offsets_;
  std::vector<uint64_t>* list_ = nullptr;  // the array being filled: entry_.shape or offsets_
  std::set<std::string> keys_;             // of the object being read
  std::unordered_set<std::string> names_;
};

}  // namespace

Result<SafetensorsHeaderJson> readSafetensorsHeader(std::string_view json, std::string_view where) {
  HeaderEvents events;
  if (!Json::sax_parse(json, &events))
    return badInput(std::string(where), events.problem,
                    "The file is damaged or not a safetensors file; fetch or write it again");
  return std::move(events.header);
}

}  // namespace z2
