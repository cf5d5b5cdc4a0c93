#include "core/data/parquet_plugin/arrow_rows.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include <arrow/array.h>
#include <arrow/array/array_dict.h>
#include <arrow/scalar.h>
#include <arrow/type.h>

namespace z2 {

namespace {

void appendString(std::string_view text, std::string& json) {
  constexpr char kHex[] = "0123456789abcdef";
  json += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (c == '\n') {
      json += "\\n";
    } else if (byte < 0x20) {
      json += "\\u00";
      json += kHex[byte >> 4];
      json += kHex[byte & 15];
    } else {
      json += c;
    }
  }
  json += '"';
}

template <typename T>
void appendNumber(T value, std::string& json) {
  char digits[40];
  const auto [end, failure] = std::to_chars(std::begin(digits), std::end(digits), value);
  json.append(digits, end);
}

void appendReal(double value, std::string& json) {
  if (std::isfinite(value))
    appendNumber(value, json);
  else
    json += "null";
}

void appendValue(const arrow::Array& array, int64_t row, std::string& json);

void appendItems(const arrow::Array& values, int64_t begin, int64_t end, std::string& json) {
  json += '[';
  for (int64_t i = begin; i < end; ++i) {
    if (i > begin) json += ',';
    appendValue(values, i, json);
  }
  json += ']';
}

void appendStruct(const arrow::StructArray& array, int64_t row, std::string& json) {
  json += '{';
  for (int i = 0; i < array.num_fields(); ++i) {
    if (i > 0) json += ',';
    appendString(array.struct_type()->field(i)->name(), json);
    json += ':';
    appendValue(*array.field(i), row, json);
  }
  json += '}';
}

// What has no JSON of its own (dates, decimals, …) is written as Arrow prints it.
void appendPrinted(const arrow::Array& array, int64_t row, std::string& json) {
  const auto scalar = array.GetScalar(row);
  appendString(scalar.ok() ? (*scalar)->ToString() : scalar.status().ToString(), json);
}

template <typename Array>
const Array& as(const arrow::Array& array) {
  return static_cast<const Array&>(array);
}

void appendValue(const arrow::Array& array, int64_t row, std::string& json) {
  if (array.IsNull(row)) {
    json += "null";
    return;
  }
  switch (array.type_id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      return appendString(as<arrow::BinaryArray>(array).GetView(row), json);
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      return appendString(as<arrow::LargeBinaryArray>(array).GetView(row), json);
    case arrow::Type::BOOL:
      json += as<arrow::BooleanArray>(array).Value(row) ? "true" : "false";
      return;
    case arrow::Type::INT8:
      return appendNumber(int{as<arrow::Int8Array>(array).Value(row)}, json);
    case arrow::Type::INT16:
      return appendNumber(as<arrow::Int16Array>(array).Value(row), json);
    case arrow::Type::INT32:
      return appendNumber(as<arrow::Int32Array>(array).Value(row), json);
    case arrow::Type::INT64:
      return appendNumber(as<arrow::Int64Array>(array).Value(row), json);
    case arrow::Type::UINT8:
      return appendNumber(unsigned{as<arrow::UInt8Array>(array).Value(row)}, json);
    case arrow::Type::UINT16:
      return appendNumber(as<arrow::UInt16Array>(array).Value(row), json);
    case arrow::Type::UINT32:
      return appendNumber(as<arrow::UInt32Array>(array).Value(row), json);
    case arrow::Type::UINT64:
      return appendNumber(as<arrow::UInt64Array>(array).Value(row), json);
    case arrow::Type::FLOAT:
      return appendReal(as<arrow::FloatArray>(array).Value(row), json);
    case arrow::Type::DOUBLE:
      return appendReal(as<arrow::DoubleArray>(array).Value(row), json);
    case arrow::Type::DICTIONARY: {
      const auto& dictionary = as<arrow::DictionaryArray>(array);
      return appendValue(*dictionary.dictionary(), dictionary.GetValueIndex(row), json);
    }
    case arrow::Type::LIST: {
      const auto& list = as<arrow::ListArray>(array);
      return appendItems(*list.values(), list.value_offset(row), list.value_offset(row + 1), json);
    }
    case arrow::Type::LARGE_LIST: {
      const auto& list = as<arrow::LargeListArray>(array);
      return appendItems(*list.values(), list.value_offset(row), list.value_offset(row + 1), json);
    }
    case arrow::Type::STRUCT:
      return appendStruct(as<arrow::StructArray>(array), row, json);
    default:
      return appendPrinted(array, row, json);
  }
}

}  // namespace

void appendRow(const arrow::RecordBatch& batch, int64_t row, std::string& json) {
  json += '{';
  for (int i = 0; i < batch.num_columns(); ++i) {
    if (i > 0) json += ',';
    appendString(batch.column_name(i), json);
    json += ':';
    appendValue(*batch.column(i), row, json);
  }
  json += '}';
}

}  // namespace z2
