#include "core/data/token_file_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/check.h"
#include "core/data/token_file.h"
#include "core/io/checksum.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;
constexpr std::string_view kParts[] = {".bin.part", ".lengths.part", ".mask.part", ".idx.part"};

Result<void> cutTo(const FileHandle& file, const fs::path& path, uint64_t size) {
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0) return systemError(errno, "reading", path.native());
  if (static_cast<uint64_t>(info.st_size) < size)
    return badInput(path.native(), "the unfinished file is shorter than its journal says");
  if (::ftruncate(file.fd(), static_cast<off_t>(size)) != 0)
    return systemError(errno, "cutting", path.native());
  if (::lseek(file.fd(), 0, SEEK_END) < 0) return systemError(errno, "seeking", path.native());
  return {};
}

Result<void> renameFile(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0)
    return systemError(errno, "putting in place", to.native());
  return {};
}

}  // namespace

Result<void> TokenFileWriter::Stream::put(const void* bytes, size_t count) {
  buffer.append(static_cast<const char*>(bytes), count);
  return buffer.size() < kBufferBytes ? Result<void>{} : flush();
}

Result<void> TokenFileWriter::Stream::flush() {
  Z2_TRY_VOID(writeAll(file, buffer, path));
  buffer.clear();
  return {};
}

TokenFileWriter::TokenFileWriter(fs::path prefix, TokenType type, TokenLayout layout)
    : prefix_(std::move(prefix)), type_(type), layout_(layout) {
  Z2_CHECK(layout.sequencesPerDocument >= 1);
  Z2_CHECK(type == TokenType::kUint16 || type == TokenType::kInt32);
  bin_.path = withSuffix(prefix_, kParts[0]);
  lengths_.path = withSuffix(prefix_, kParts[1]);
  mask_.path = withSuffix(prefix_, kParts[2]);
}

std::vector<TokenFileWriter::Stream*> TokenFileWriter::streams() {
  if (layout_.hasMask) return {&bin_, &lengths_, &mask_};
  return {&bin_, &lengths_};
}

std::vector<std::string> TokenFileWriter::suffixes() const {
  if (layout_.hasMask) return {".bin", ".idx", ".mask"};
  return {".bin", ".idx"};
}

Result<void> TokenFileWriter::openStreams(int flags) {
  for (Stream* stream : streams()) {
    Z2_TRY(stream->file, openFile(stream->path, flags));
    stream->buffer.reserve(kBufferBytes);
  }
  return {};
}

Result<TokenFileWriter> TokenFileWriter::create(const fs::path& prefix, TokenType type,
                                                TokenLayout layout) {
  TokenFileWriter writer(prefix, type, layout);
  Z2_TRY_VOID(writer.openStreams(O_RDWR | O_CREAT | O_TRUNC));
  return writer;
}

Result<TokenFileWriter> TokenFileWriter::reopen(const fs::path& prefix, TokenType type, State state,
                                                TokenLayout layout) {
  TokenFileWriter writer(prefix, type, layout);
  Z2_TRY_VOID(writer.openStreams(O_RDWR));
  Z2_TRY_VOID(cutTo(writer.bin_.file, writer.bin_.path, state.tokens * sizeOf(type)));
  writer.state_ = state;
  Z2_TRY_VOID(cutTo(writer.lengths_.file, writer.lengths_.path, writer.sequences() * 4));
  if (layout.hasMask) Z2_TRY_VOID(cutTo(writer.mask_.file, writer.mask_.path, state.tokens));
  return writer;
}

Result<void> TokenFileWriter::putIds(std::span<const int32_t> ids) {
  if (type_ == TokenType::kInt32) return bin_.put(ids.data(), ids.size_bytes());
  for (const int32_t id : ids) {
    Z2_CHECK(id >= 0 && id <= std::numeric_limits<uint16_t>::max());
    const auto narrow = static_cast<uint16_t>(id);
    bin_.buffer.append(reinterpret_cast<const char*>(&narrow), sizeof(narrow));
  }
  return bin_.buffer.size() < kBufferBytes ? Result<void>{} : bin_.flush();
}

Result<void> TokenFileWriter::append(std::span<const int32_t> ids) {
  Z2_CHECK(ids.size() <= static_cast<size_t>(std::numeric_limits<int32_t>::max()));
  const auto length = static_cast<int32_t>(ids.size());
  return append(ids, {&length, 1}, {});
}

Result<void> TokenFileWriter::append(std::span<const int32_t> ids, std::span<const int32_t> lengths,
                                     std::span<const uint8_t> mask) {
  Z2_CHECK(lengths.size() == layout_.sequencesPerDocument);
  Z2_CHECK(std::accumulate(lengths.begin(), lengths.end(), uint64_t{0}) == ids.size());
  Z2_CHECK(mask.size() == (layout_.hasMask ? ids.size() : 0));
  Z2_TRY_VOID(putIds(ids));
  Z2_TRY_VOID(lengths_.put(lengths.data(), lengths.size_bytes()));
  if (layout_.hasMask) Z2_TRY_VOID(mask_.put(mask.data(), mask.size()));
  ++state_.documents;
  state_.tokens += ids.size();
  state_.trainedTokens +=
      layout_.hasMask ? static_cast<uint64_t>(std::count(mask.begin(), mask.end(), 1)) : ids.size();
  return {};
}

Result<void> TokenFileWriter::sync() {
  for (Stream* stream : streams()) {
    Z2_TRY_VOID(stream->flush());
    Z2_TRY_VOID(syncFile(stream->file, stream->path));
  }
  return {};
}

template <typename Visit>
Result<void> TokenFileWriter::eachLength(Visit visit) {
  std::vector<int32_t> block(kBufferBytes / 4);
  for (uint64_t done = 0; done < sequences();) {
    const uint64_t count = std::min<uint64_t>(block.size(), sequences() - done);
    const ssize_t got =
        ::pread(lengths_.file.fd(), block.data(), count * 4, static_cast<off_t>(done * 4));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return systemError(errno, "reading", lengths_.path.native());
    if (got < 4) return corrupt(lengths_.path.native(), "the unfinished file became shorter");
    const auto whole = static_cast<uint64_t>(got) / 4;
    for (uint64_t i = 0; i < whole; ++i) Z2_TRY_VOID(visit(block[i]));
    done += whole;
  }
  return {};
}

Result<void> TokenFileWriter::writeIndex() {
  Stream index;
  index.path = withSuffix(prefix_, kParts[3]);
  Z2_TRY(index.file, openFile(index.path, O_WRONLY | O_CREAT | O_TRUNC));
  const auto putNumber = [&](uint64_t number) { return index.put(&number, sizeof(number)); };
  const auto code = static_cast<uint8_t>(type_);
  Z2_TRY_VOID(index.put(TokenIndex::kMagic.data(), TokenIndex::kMagic.size()));
  Z2_TRY_VOID(putNumber(TokenIndex::kVersion));
  Z2_TRY_VOID(index.put(&code, sizeof(code)));
  Z2_TRY_VOID(putNumber(sequences()));
  Z2_TRY_VOID(putNumber(state_.documents + 1));
  Z2_TRY_VOID(eachLength([&](int32_t length) { return index.put(&length, sizeof(length)); }));
  uint64_t offset = 0;
  Z2_TRY_VOID(eachLength([&](int32_t length) {
    const uint64_t begin = offset;
    offset += static_cast<uint64_t>(length) * sizeOf(type_);
    return putNumber(begin);
  }));
  for (uint64_t i = 0; i <= state_.documents; ++i)
    Z2_TRY_VOID(putNumber(i * layout_.sequencesPerDocument));
  Z2_TRY_VOID(index.flush());
  return syncFile(index.file, index.path);
}

Result<void> TokenFileWriter::commit(DataManifest manifest) {
  Z2_TRY_VOID(sync());
  Z2_TRY_VOID(writeIndex());
  manifest.type = type_;
  manifest.documents = state_.documents;
  manifest.sequences = sequences();
  manifest.tokens = state_.tokens;
  manifest.trainedTokens = state_.trainedTokens;
  manifest.files.clear();
  for (const std::string& suffix : suffixes()) {
    const fs::path part = withSuffix(prefix_, suffix + ".part");
    std::error_code failure;
    const uint64_t bytes = fs::file_size(part, failure);
    if (failure) return systemError(failure.value(), "reading", part.native());
    Z2_TRY(std::string checksum, checksumOfFile(part));
    manifest.files[suffix] = {bytes, std::move(checksum)};
  }
  for (const std::string& suffix : suffixes())
    Z2_TRY_VOID(renameFile(withSuffix(prefix_, suffix + ".part"), withSuffix(prefix_, suffix)));
  // One that lies there belongs to files that these replace.
  if (!layout_.hasMask) ::unlink(withSuffix(prefix_, ".mask").c_str());
  Z2_TRY_VOID(writeJsonFile(withSuffix(prefix_, ".manifest.json"), manifest.toJson()));
  ::unlink(lengths_.path.c_str());
  return {};
}

void TokenFileWriter::discard(const fs::path& prefix) {
  for (const std::string_view suffix : kParts) ::unlink(withSuffix(prefix, suffix).c_str());
}

}  // namespace z2
