#include "core/tokenizer/train/document_source.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <simdjson.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/limits.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr size_t kBlockBytes = size_t{4} << 20;
constexpr size_t kLineBytes = size_t{1} << 30;
constexpr uint64_t kJsonFileBytes = uint64_t{1} << 30;
constexpr std::string_view kDefaultField = "text";

Result<size_t> readSome(const FileHandle& file, char* to, size_t size, const fs::path& path) {
  while (true) {
    const ssize_t count = ::read(file.fd(), to, size);
    if (count >= 0) return static_cast<size_t>(count);
    if (errno != EINTR) return systemError(errno, "reading", path.native());
  }
}

Result<char> firstCharacter(const fs::path& path) {
  Z2_TRY(const FileHandle file, openFile(path, O_RDONLY));
  std::string start(4096, '\0');
  Z2_TRY(const size_t count, readSome(file, start.data(), start.size(), path));
  const size_t at = start.substr(0, count).find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return at == std::string::npos ? '\0' : start[at];
}

std::string namesOf(const std::vector<std::string>& fields) {
  std::string names;
  for (const std::string& field : fields) names += (names.empty() ? "" : ", ") + field;
  return names;
}

// The named fields of one record. `where` is asked for only when something is wrong.
Result<void> visitRecord(const simdjson::dom::element& record,
                         const std::vector<std::string>& fields,
                         const std::function<std::string()>& where,
                         const DocumentSource::Visit& visit) {
  simdjson::dom::object object;
  if (record.get(object) != simdjson::SUCCESS)
    return badInput(where(), "this record is not a JSON object",
                    "Give one object a record, with the text in a field");
  bool hasAny = false;
  for (const std::string& field : fields) {
    simdjson::dom::element value;
    if (object.at_key(field).get(value) != simdjson::SUCCESS || value.is_null()) continue;
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS)
      return badInput(where(), "the field " + field + " is not a string",
                      "Name fields that hold text with --field");
    hasAny = true;
    Z2_TRY_VOID(visit(text));
  }
  if (hasAny) return {};
  std::string present;
  for (const auto& [key, value] : object)
    present += (present.empty() ? "" : ", ") + std::string(key);
  return badInput(where(), "the record has no field " + namesOf(fields),
                  "Name the field that holds the text with --field; this record has: " + present);
}

}  // namespace

struct DocumentScratch::Parser {
  simdjson::dom::parser dom;
};

DocumentScratch::DocumentScratch() : parser_(std::make_unique<Parser>()) {}
DocumentScratch::~DocumentScratch() = default;

Result<std::unique_ptr<DocumentSource>> DocumentSource::open(std::vector<fs::path> files,
                                                             std::vector<std::string> fields) {
  if (files.empty()) return usageError("no input file is given", "Name at least one with --input");
  auto source = std::make_unique<DocumentSource>(Key{});
  source->hasNamedFields_ = !fields.empty();
  source->fields_ = std::move(fields);
  if (!source->hasNamedFields_) source->fields_.emplace_back(kDefaultField);
  for (fs::path& path : files) {
    Z2_TRY(File file, inspect(std::move(path)));
    source->totalBytes_ += file.bytes;
    source->files_.push_back(std::move(file));
  }
  return source;
}

Result<DocumentSource::File> DocumentSource::inspect(fs::path path) {
  Z2_TRY(const FileHandle handle, openFile(path, O_RDONLY));
  struct stat info {};
  if (::fstat(handle.fd(), &info) != 0) return systemError(errno, "reading", path.native());
  if (!S_ISREG(info.st_mode))
    return badInput(path.native(), "this is not a regular file", "Name files, not folders");
  File file{std::move(path), Format::kLines, static_cast<uint64_t>(info.st_size)};
  std::string extension = file.path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (extension == ".jsonl" || extension == ".ndjson") file.format = Format::kJsonLines;
  if (extension == ".json") {
    Z2_TRY(const char first, firstCharacter(file.path));
    file.format = first == '[' ? Format::kJsonArray : Format::kJsonLines;
  }
  if (extension == ".parquet")
    return badInput(file.path.native(), "a tokenizer is not trained from Parquet files directly",
                    "Convert it to JSON Lines first");
  if (file.format == Format::kJsonArray && file.bytes > kJsonFileBytes)
    return badInput(file.path.native(), "a JSON array of more than 1 GiB is not read",
                    "Write one object a line (.jsonl): that is read piece by piece");
  return file;
}

Result<bool> DocumentSource::next(DocumentBlock& block) {
  const std::lock_guard lock(mutex_);
  while (current_ < files_.size()) {
    if (!handle_.isOpen()) {
      Z2_TRY(handle_, openFile(files_[current_].path, O_RDONLY));
      offset_ = 0;
      carry_.clear();
    }
    Z2_TRY(const bool isRead, readBlock(block));
    if (isRead) return true;
    handle_ = FileHandle();
    ++current_;
  }
  return false;
}

Result<bool> DocumentSource::readBlock(DocumentBlock& block) {
  const File& file = files_[current_];
  const bool isWhole = file.format == Format::kJsonArray;
  const size_t longest = file.format == Format::kLines       ? kLineBytes
                         : file.format == Format::kJsonLines ? limits::kJsonLineBytes
                                                             : kJsonFileBytes;
  block.file = current_;
  block.offset = offset_;
  block.bytes = std::move(carry_);
  carry_.clear();
  while (true) {
    const size_t have = block.bytes.size();
    block.bytes.reserve(have + kBlockBytes + simdjson::SIMDJSON_PADDING);
    block.bytes.resize(have + kBlockBytes);
    Z2_TRY(const size_t count,
           readSome(handle_, block.bytes.data() + have, kBlockBytes, file.path));
    block.bytes.resize(have + count);
    if (count == 0) break;
    if (isWhole && block.bytes.size() <= longest) continue;
    const size_t end = block.bytes.rfind('\n');
    if (!isWhole && end != std::string::npos && end >= have) {
      carry_.assign(block.bytes, end + 1);
      block.bytes.resize(end + 1);
      break;
    }
    if (block.bytes.size() > longest)
      return badInput(placeOf(block, 0),
                      "a line is longer than " + std::to_string(longest) + " bytes",
                      "Break the text into lines");
  }
  offset_ += block.bytes.size();
  return !block.bytes.empty();
}

Result<void> DocumentSource::forEachDocument(DocumentBlock& block, DocumentScratch& scratch,
                                             const Visit& visit) const {
  switch (files_[block.file].format) {
    case Format::kLines:
      return visitLines(block, visit);
    case Format::kJsonLines:
      return visitJsonLines(block, scratch, visit);
    case Format::kJsonArray:
      return visitJsonArray(block, scratch, visit);
  }
  return {};
}

Result<void> DocumentSource::visitLines(const DocumentBlock& block, const Visit& visit) const {
  const std::string_view text = block.bytes;
  const bool isValid = simdjson::validate_utf8(text.data(), text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view line = text.substr(at, end - at);
    if (!isValid && !simdjson::validate_utf8(line.data(), line.size()))
      return badInput(placeOf(block, at), "the text is not UTF-8",
                      "Convert the file, for example with iconv -f GB18030 -t UTF-8");
    Z2_TRY_VOID(visit(line));
    at = end;
  }
  return {};
}

Result<void> DocumentSource::visitJsonLines(DocumentBlock& block, DocumentScratch& scratch,
                                            const Visit& visit) const {
  block.bytes.reserve(block.bytes.size() + simdjson::SIMDJSON_PADDING);
  const std::string_view text = block.bytes;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view line = text.substr(at, end - at);
    const auto where = [&] { return placeOf(block, at); };
    if (line.find_first_not_of(" \t\r\n") != std::string_view::npos) {
      simdjson::dom::element record;
      // The bytes after the line are readable: the block has padding behind its end.
      const auto failure = scratch.parser_->dom.parse(line.data(), line.size(), false).get(record);
      if (failure != simdjson::SUCCESS)
        return badInput(where(),
                        std::string("this line is not JSON: ") + simdjson::error_message(failure),
                        "Each line holds one JSON object");
      Z2_TRY_VOID(visitRecord(record, fields_, where, visit));
    }
    at = end;
  }
  return {};
}

Result<void> DocumentSource::visitJsonArray(DocumentBlock& block, DocumentScratch& scratch,
                                            const Visit& visit) const {
  block.bytes.reserve(block.bytes.size() + simdjson::SIMDJSON_PADDING);
  const std::string& path = files_[block.file].path.native();
  simdjson::dom::array records;
  const auto failure =
      scratch.parser_->dom.parse(block.bytes.data(), block.bytes.size(), false).get(records);
  if (failure != simdjson::SUCCESS)
    return badInput(path,
                    std::string("this is not a JSON array: ") + simdjson::error_message(failure));
  size_t number = 0;
  for (const simdjson::dom::element record : records) {
    const auto where = [&] { return path + ": record " + std::to_string(number); };
    Z2_TRY_VOID(visitRecord(record, fields_, where, visit));
    ++number;
  }
  return {};
}

std::string DocumentSource::placeOf(const DocumentBlock& block, size_t at) const {
  const fs::path& path = files_[block.file].path;
  uint64_t line =
      1 + static_cast<uint64_t>(std::count(
              block.bytes.begin(), block.bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  // Lines are counted only when an error needs their number.
  const auto mapped = MappedFile::open(path);
  if (mapped) {
    const std::string_view before = mapped->text().substr(0, block.offset);
    line += static_cast<uint64_t>(std::count(before.begin(), before.end(), '\n'));
  }
  return path.native() + ":" + std::to_string(line);
}

}  // namespace z2
