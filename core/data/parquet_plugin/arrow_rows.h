#pragma once

// Rows of Arrow record batches as JSON objects.

#include <cstdint>
#include <string>

#include <arrow/record_batch.h>

namespace z2 {

// Appends row `row` as {"column":value,…}. Strings that are not valid UTF-8 are passed on as they
// are; the reader of the JSON refuses them and names the row. Numbers that JSON cannot say (NaN,
// infinities) become null.
void appendRow(const arrow::RecordBatch& batch, int64_t row, std::string& json);

}  // namespace z2
