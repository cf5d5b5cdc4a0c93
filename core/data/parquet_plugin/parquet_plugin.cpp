// The adapter of Arrow: the only place where its exceptions are caught.

#include "core/data/parquet_plugin/parquet_plugin.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

#include "core/data/parquet_plugin/arrow_rows.h"

namespace {

constexpr int64_t kBatchRows = 256;
constexpr int32_t kFooterBytes = 64 << 20;
constexpr int64_t kStreamBytes = 1 << 20;

struct Reader {
  std::unique_ptr<parquet::arrow::FileReader> file;
  std::unique_ptr<arrow::RecordBatchReader> batches;
  std::shared_ptr<arrow::RecordBatch> batch;
  int64_t row = 0;  // in the batch
};

void say(std::string_view text, char* error, size_t errorSize) {
  if (errorSize == 0) return;
  const size_t count = std::min(text.size(), errorSize - 1);
  std::memcpy(error, text.data(), count);
  error[count] = '\0';
}

// Batches from the row group `firstGroup` on. Pages are streamed, so that memory follows the batch
// and not the row group.
arrow::Status openBatches(Reader& reader, int firstGroup) {
  std::vector<int> groups(static_cast<size_t>(reader.file->num_row_groups() - firstGroup));
  std::iota(groups.begin(), groups.end(), firstGroup);
  ARROW_ASSIGN_OR_RAISE(reader.batches, reader.file->GetRecordBatchReader(groups));
  reader.batch.reset();
  reader.row = 0;
  return arrow::Status::OK();
}

arrow::Status openReader(Reader& reader, const char* path) {
  ARROW_ASSIGN_OR_RAISE(auto source, arrow::io::ReadableFile::Open(path));
  ARROW_ASSIGN_OR_RAISE(const int64_t size, source->GetSize());
  if (size < 12) return arrow::Status::Invalid("the file is too short for parquet");
  ARROW_ASSIGN_OR_RAISE(const auto tail, source->ReadAt(size - 8, 8));
  if (std::string_view(*tail).substr(4) != "PAR1")
    return arrow::Status::Invalid("this is no parquet file: it does not end with PAR1");
  uint32_t footer = 0;
  std::memcpy(&footer, tail->data(), sizeof(footer));
  if (footer > kFooterBytes || int64_t{footer} > size - 12)
    return arrow::Status::Invalid("the footer claims ", footer, " bytes");

  parquet::ReaderProperties properties;
  properties.enable_buffered_stream();
  properties.set_buffer_size(kStreamBytes);
  parquet::ArrowReaderProperties arrowProperties(false);
  arrowProperties.set_batch_size(kBatchRows);
  arrowProperties.set_pre_buffer(false);
  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(source, properties));
  ARROW_RETURN_NOT_OK(builder.properties(arrowProperties)->Build(&reader.file));
  return openBatches(reader, 0);
}

// Whether there is a row to read.
arrow::Result<bool> haveRow(Reader& reader) {
  while (!reader.batch || reader.row == reader.batch->num_rows()) {
    reader.row = 0;
    ARROW_RETURN_NOT_OK(reader.batches->ReadNext(&reader.batch));
    if (!reader.batch) return false;
    ARROW_RETURN_NOT_OK(reader.batch->ValidateFull());
  }
  return true;
}

arrow::Status seekRow(Reader& reader, uint64_t row) {
  const auto metadata = reader.file->parquet_reader()->metadata();
  int group = 0;
  while (group < metadata->num_row_groups()) {
    const auto rows = static_cast<uint64_t>(metadata->RowGroup(group)->num_rows());
    if (row < rows) break;
    row -= rows;
    ++group;
  }
  ARROW_RETURN_NOT_OK(openBatches(reader, group));
  while (row > 0) {
    ARROW_ASSIGN_OR_RAISE(const bool isThere, haveRow(reader));
    if (!isThere) return arrow::Status::Invalid("the file has fewer rows than before");
    const auto step = std::min(row, static_cast<uint64_t>(reader.batch->num_rows() - reader.row));
    reader.row += static_cast<int64_t>(step);
    row -= step;
  }
  return arrow::Status::OK();
}

arrow::Result<int64_t> readRows(Reader& reader, size_t bytes,
                                void (*sink)(void*, const char*, size_t), void* context) {
  int64_t rows = 0;
  size_t given = 0;
  std::string json;
  while (given < bytes) {
    ARROW_ASSIGN_OR_RAISE(const bool isThere, haveRow(reader));
    if (!isThere) break;
    json.clear();
    z2::appendRow(*reader.batch, reader.row, json);
    sink(context, json.data(), json.size());
    given += json.size();
    ++reader.row;
    ++rows;
  }
  return rows;
}

// Runs `work`, which returns a Status, and turns whatever goes wrong into text.
template <typename Work>
bool guarded(Work work, char* error, size_t errorSize) {
  try {
    const arrow::Status status = work();
    if (status.ok()) return true;
    say(status.message(), error, errorSize);
  } catch (const std::exception& failure) {
    say(failure.what(), error, errorSize);
  }
  return false;
}

void* open(const char* path, char* error, size_t errorSize) {
  auto reader = std::make_unique<Reader>();
  if (!guarded([&] { return openReader(*reader, path); }, error, errorSize)) return nullptr;
  return reader.release();
}

void close(void* reader) { std::unique_ptr<Reader>(static_cast<Reader*>(reader)).reset(); }

uint64_t rows(const void* reader) {
  const int64_t count =
      static_cast<const Reader*>(reader)->file->parquet_reader()->metadata()->num_rows();
  return count < 0 ? 0 : static_cast<uint64_t>(count);
}

int seek(void* reader, uint64_t row, char* error, size_t errorSize) {
  const auto work = [&] { return seekRow(*static_cast<Reader*>(reader), row); };
  return guarded(work, error, errorSize) ? 0 : -1;
}

int64_t read(void* reader, size_t bytes, void (*sink)(void*, const char*, size_t), void* context,
             char* error, size_t errorSize) {
  int64_t count = 0;
  const auto work = [&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(count, readRows(*static_cast<Reader*>(reader), bytes, sink, context));
    return arrow::Status::OK();
  };
  return guarded(work, error, errorSize) ? count : -1;
}

constexpr Z2ParquetTable kTable{kZ2ParquetVersion, open, close, rows, seek, read};

}  // namespace

extern "C" __attribute__((visibility("default"))) const Z2ParquetTable* z2ParquetTable(
    uint32_t version) {
  return version == kZ2ParquetVersion ? &kTable : nullptr;
}
