#include "core/data/records/parquet_reader.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/base/plugin.h"
#include "core/data/parquet_plugin/parquet_plugin.h"

namespace z2 {

namespace {

namespace fs = std::filesystem;

constexpr size_t kBlockBytes = size_t{1} << 20;
constexpr const char* kCopyAgain = "Copy the file again from where it came";
constexpr std::string_view kLibrary = "libz2_parquet.so";

Result<const Z2ParquetTable*> loadPlugin() {
  Z2_TRY(void* const symbol,
         pluginSymbol(kLibrary, kZ2ParquetSymbol, "parquet files cannot be read",
                      "Install the workbench whole (a node bundle leaves parquet out), or convert "
                      "the file to jsonl"));
  const Z2ParquetTable* const table =
      reinterpret_cast<Z2ParquetTableFunction>(symbol)(kZ2ParquetVersion);
  if (table == nullptr || table->version != kZ2ParquetVersion) return pluginMismatch(kLibrary);
  return table;
}

class ParquetReader final : public RecordReader {
 public:
  ParquetReader(const Z2ParquetTable& table, void* handle, fs::path path)
      : table_(table), handle_(handle), path_(std::move(path)) {
    std::error_code ignored;
    const auto size = fs::file_size(path_, ignored);
    fileBytes_ = ignored ? 0 : size;
    rows_ = table_.rows(handle_);
  }
  ~ParquetReader() override { table_.close(handle_); }

  Result<void> seek(const RecordPosition& from) {
    position_ = from;
    if (from.offset == 0) return {};
    if (table_.seek(handle_, from.offset, error_.data(), error_.size()) != 0)
      return badInput(path_.native(), error_.data());
    return {};
  }

  Result<bool> next(RecordBlock& block) override {
    block.bytes.clear();
    block.records.clear();
    block.start = position_;
    const auto sink = [](void* context, const char* json, size_t size) {
      auto& target = *static_cast<RecordBlock*>(context);
      const uint64_t line = target.start.line + target.records.size();
      target.records.push_back({target.bytes.size(), size, line});
      target.bytes.append(json, size);
    };
    const int64_t count =
        table_.read(handle_, kBlockBytes, sink, &block, error_.data(), error_.size());
    if (count < 0)
      return badInput(fmt::format("{}, row {}", path_.native(), position_.line), error_.data(),
                      kCopyAgain);
    if (count == 0) return false;
    const uint64_t before = bytesUpTo(position_.offset);
    position_.offset += static_cast<uint64_t>(count);
    position_.line += static_cast<uint64_t>(count);
    position_.record += static_cast<uint64_t>(count);
    block.bytes.append(RecordBlock::kPadding, '\0');
    block.end = position_;
    block.sourceBytes = bytesUpTo(position_.offset) - before;
    return true;
  }
  [[nodiscard]] bool isJson() const override { return true; }

 private:
  // Rows are as good as equally large when it is only for a progress bar.
  [[nodiscard]] uint64_t bytesUpTo(uint64_t row) const {
    if (rows_ == 0) return 0;
    return static_cast<uint64_t>(static_cast<double>(fileBytes_) * static_cast<double>(row) /
                                 static_cast<double>(rows_));
  }

  const Z2ParquetTable& table_;
  void* handle_;
  fs::path path_;
  uint64_t fileBytes_ = 0;
  uint64_t rows_ = 0;
  RecordPosition position_;
  std::array<char, 512> error_{};
};

}  // namespace

Result<std::unique_ptr<RecordReader>> openParquet(const fs::path& path,
                                                  const RecordPosition& from) {
  std::error_code failure;
  if (!fs::is_regular_file(path, failure))
    return badInput(path.native(), "there is no such file", "Check the path");
  Z2_TRY(const Z2ParquetTable* table, loadPlugin());
  std::array<char, 512> error{};
  void* handle = table->open(path.c_str(), error.data(), error.size());
  if (handle == nullptr) return badInput(path.native(), error.data(), kCopyAgain);
  auto reader = std::make_unique<ParquetReader>(*table, handle, path);
  Z2_TRY_VOID(reader->seek(from));
  return std::unique_ptr<RecordReader>(std::move(reader));
}

}  // namespace z2
