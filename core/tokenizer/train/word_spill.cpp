#include "core/tokenizer/train/word_spill.h"

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

namespace z2 {

namespace {

constexpr size_t kBufferBytes = size_t{1} << 17;

// One word: its length (4 bytes), its count (8 bytes), its bytes.
constexpr size_t kHeaderBytes = sizeof(uint32_t) + sizeof(uint64_t);

void appendWord(std::string& buffer, std::string_view word, uint64_t count) {
  const auto length = static_cast<uint32_t>(word.size());
  buffer.append(reinterpret_cast<const char*>(&length), sizeof length);
  buffer.append(reinterpret_cast<const char*>(&count), sizeof count);
  buffer.append(word);
}

Result<FileHandle> openNameless(const std::filesystem::path& folder) {
  std::string pattern = (folder / ".z2-words-XXXXXX").native();
  const int fd = ::mkostemp(pattern.data(), O_CLOEXEC);
  if (fd < 0) return systemError(errno, "making a temporary file in", folder.native());
  ::unlink(pattern.c_str());
  return FileHandle(fd);
}

}  // namespace

Result<void> WordSpill::write(WordTable& table) {
  std::vector<std::string> buffers(kPartitions);
  Result<void> outcome;
  table.forEach([&](std::string_view word, uint64_t count) {
    const size_t partition = hashOfWord(word) >> 58;
    appendWord(buffers[partition], word, count);
    if (buffers[partition].size() >= kBufferBytes && outcome)
      outcome = append(partition, buffers[partition]);
  });
  for (size_t partition = 0; partition < kPartitions && outcome; ++partition)
    outcome = append(partition, buffers[partition]);
  table.clear();
  return outcome;
}

Result<void> WordSpill::append(size_t partition, std::string& buffer) {
  const std::lock_guard lock(mutex_);
  if (!files_[partition].isOpen()) {
    Z2_TRY(files_[partition], openNameless(folder_));
  }
  Z2_TRY_VOID(writeAll(files_[partition], buffer, folder_));
  bytesWritten_ += buffer.size();
  buffer.clear();
  return {};
}

Result<void> WordSpill::read(size_t partition, WordTable& table) const {
  const FileHandle& file = files_[partition];
  if (!file.isOpen()) return {};
  std::string block;
  uint64_t offset = 0;
  while (true) {
    const size_t have = block.size();
    block.resize(have + kBufferBytes);
    const ssize_t count =
        ::pread(file.fd(), block.data() + have, kBufferBytes, static_cast<off_t>(offset));
    if (count < 0 && errno != EINTR) return systemError(errno, "reading", folder_.native());
    block.resize(have + static_cast<size_t>(count < 0 ? 0 : count));
    if (count == 0) break;
    offset += static_cast<uint64_t>(count < 0 ? 0 : count);
    size_t at = 0;
    while (block.size() - at >= kHeaderBytes) {
      uint32_t length = 0;
      uint64_t times = 0;
      std::memcpy(&length, block.data() + at, sizeof length);
      std::memcpy(&times, block.data() + at + sizeof length, sizeof times);
      if (block.size() - at - kHeaderBytes < length) break;
      table.add(std::string_view(block).substr(at + kHeaderBytes, length), times);
      at += kHeaderBytes + length;
    }
    block.erase(0, at);
  }
  return {};
}

}  // namespace z2
