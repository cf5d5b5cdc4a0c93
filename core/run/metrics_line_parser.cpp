#include "core/run/metrics_line_parser.h"

#include <cstring>
#include <string>

#include <simdjson.h>

namespace z2 {

namespace {

namespace ondemand = simdjson::ondemand;

// The first names, which every parser knows by these numbers.
enum Member : uint32_t { kSeq, kAttempt, kStep, kTime, kTokens };

constexpr uint32_t kUnpredictable = UINT32_MAX;

// A number, or NaN for null. Neither for what is no number; that is left where it stands.
enum class Taken { kYes, kNo, kBroken };
Taken takeNumber(ondemand::value& value, double& number) {
  ondemand::json_type type;
  if (value.type().get(type)) return Taken::kBroken;
  if (type == ondemand::json_type::number)
    return value.get_double().get(number) ? Taken::kBroken : Taken::kYes;
  if (type != ondemand::json_type::null) return Taken::kNo;
  bool isNull = false;
  number = std::numeric_limits<double>::quiet_NaN();
  return value.is_null().get(isNull) || !isNull ? Taken::kBroken : Taken::kYes;
}

// False: of another type than the record needs.
bool takeInteger(Member member, ondemand::value& value, ParsedLine& line) {
  if (member == kSeq) return value.get_uint64().get(line.seq) == simdjson::SUCCESS;
  int64_t integer = 0;
  if (value.get_int64().get(integer)) return false;
  if (member == kStep) line.step = integer;
  if (member == kAttempt) line.attempt = static_cast<int>(integer);
  return true;
}

}  // namespace

struct MetricsLineParser::Json {
  ondemand::parser parser;
};

MetricsLineParser::MetricsLineParser() : json_(std::make_unique<Json>()) {
  for (const char* name : {"seq", "attempt", "step", "time", "tokens"}) names_.numberOf(name);
}
MetricsLineParser::~MetricsLineParser() = default;
MetricsLineParser::MetricsLineParser(MetricsLineParser&&) noexcept = default;
MetricsLineParser& MetricsLineParser::operator=(MetricsLineParser&&) noexcept = default;

void MetricsLineParser::parse(std::string_view text) {
  lines_.clear();
  values_.clear();
  for (size_t start = 0; start < text.size();) {
    const size_t end = text.find('\n', start);
    ParsedLine line{.text = text.substr(start, end - start)};
    line.firstValue = static_cast<uint32_t>(values_.size());
    line.isRecord = parseRecord(line, text.size() + kPadding - start);
    if (!line.isRecord) values_.resize(line.firstValue);
    line.values = static_cast<uint32_t>(values_.size()) - line.firstValue;
    lines_.push_back(line);
    start = end + 1;
  }
}

// Lines of a file have the same members in the same order: compare before looking up.
bool MetricsLineParser::isExpected(size_t position, const char* key, const char* lineEnd) const {
  if (position >= order_.size() || order_[position] == kUnpredictable) return false;
  const std::string& name = names_[order_[position]];
  return name.size() < static_cast<size_t>(lineEnd - key) && key[name.size()] == '"' &&
         std::memcmp(key, name.data(), name.size()) == 0;
}

bool MetricsLineParser::parseRecord(ParsedLine& line, size_t readable) {
  ondemand::document document;
  const char* const lineEnd = line.text.data() + line.text.size();
  if (json_->parser.iterate(line.text.data(), line.text.size(), readable).get(document))
    return false;
  ondemand::object object;
  if (document.get_object().get(object)) return false;
  uint32_t seen = 0;  // a bit for each of seq, attempt, step
  size_t position = 0;
  for (auto member : object) {
    ondemand::field field;
    if (std::move(member).get(field)) return false;
    uint32_t metric = 0;
    if (isExpected(position, field.key().raw(), lineEnd)) {
      metric = order_[position];
    } else {
      std::string_view name;
      if (field.unescaped_key().get(name)) return false;
      metric = names_.numberOf(name);
      order_.resize(position);
      // A name with escapes is not what stands in the file: it cannot be compared.
      const bool isPlain = name.find_first_of("\\\"") == std::string_view::npos;
      order_.push_back(isPlain ? metric : kUnpredictable);
    }
    ++position;
    ondemand::value value = field.value();
    if (metric <= kStep) {
      if (!takeInteger(static_cast<Member>(metric), value, line)) return false;
      seen |= 1U << metric;
      continue;
    }
    double number = 0;
    const Taken taken = takeNumber(value, number);
    if (taken == Taken::kBroken) return false;
    if (taken == Taken::kNo) continue;
    if (metric == kTime) {
      line.time = number;
      continue;
    }
    if (metric == kTokens) line.tokens = number;
    values_.push_back({metric, number});
  }
  // Two records that a torn write left on one line are no record.
  const char* rest = nullptr;
  const bool isAtEnd = document.current_location().get(rest) != simdjson::SUCCESS;
  constexpr uint32_t kNeeded = 1U << kSeq | 1U << kAttempt | 1U << kStep;
  return isAtEnd && (seen & kNeeded) == kNeeded;
}

}  // namespace z2
