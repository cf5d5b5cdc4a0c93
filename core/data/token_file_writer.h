#pragma once

// Writes a token file so that it is there whole or not at all: everything goes to PREFIX.*.part,
// which commit renames, the manifest last. What a journal remembers of it is three numbers.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/data_manifest.h"
#include "core/data/token_index.h"
#include "core/io/files.h"

namespace z2 {

// What a document of a token file is.
struct TokenLayout {
  uint64_t sequencesPerDocument = 1;
  bool hasMask = false;  // PREFIX.mask, a byte a token
};

// Memory: three buffers of a megabyte, whatever the number of documents. Thread-compatible.
class TokenFileWriter {
 public:
  struct State {
    uint64_t documents = 0;
    uint64_t tokens = 0;
    uint64_t trainedTokens = 0;  // by the mask; without one all
  };

  [[nodiscard]] static Result<TokenFileWriter> create(const std::filesystem::path& prefix,
                                                      TokenType type, TokenLayout layout = {});
  // Goes on after `state`, which an earlier writer had synced; what it wrote later is cut off.
  // kBadInput when the unfinished files hold less than that.
  [[nodiscard]] static Result<TokenFileWriter> reopen(const std::filesystem::path& prefix,
                                                      TokenType type, State state,
                                                      TokenLayout layout = {});

  // One document of one sequence, without a mask. The ids must fit the type.
  [[nodiscard]] Result<void> append(std::span<const int32_t> ids);
  // One document: as many lengths as the layout says, which sum up to ids.size(); as many mask
  // bytes as ids where there is a mask, else none.
  [[nodiscard]] Result<void> append(std::span<const int32_t> ids, std::span<const int32_t> lengths,
                                    std::span<const uint8_t> mask);
  [[nodiscard]] const State& state() const { return state_; }
  // After this what `state` says is on the disk.
  [[nodiscard]] Result<void> sync();
  // Completes counts, dtype and files of `manifest`, then puts .bin, .idx, .mask and the manifest
  // in place.
  [[nodiscard]] Result<void> commit(DataManifest manifest);
  // Removes the unfinished files of PREFIX; there need not be any.
  static void discard(const std::filesystem::path& prefix);

 private:
  struct Stream {
    FileHandle file;
    std::filesystem::path path;
    std::string buffer;

    [[nodiscard]] Result<void> put(const void* bytes, size_t count);
    [[nodiscard]] Result<void> flush();
  };

  TokenFileWriter(std::filesystem::path prefix, TokenType type, TokenLayout layout);
  [[nodiscard]] std::vector<Stream*> streams();
  [[nodiscard]] std::vector<std::string> suffixes() const;
  [[nodiscard]] uint64_t sequences() const {
    return state_.documents * layout_.sequencesPerDocument;
  }
  [[nodiscard]] Result<void> openStreams(int flags);
  [[nodiscard]] Result<void> putIds(std::span<const int32_t> ids);
  [[nodiscard]] Result<void> writeIndex();
  template <typename Visit>
  [[nodiscard]] Result<void> eachLength(Visit visit);

  std::filesystem::path prefix_;
  TokenType type_;
  TokenLayout layout_;
  State state_;
  Stream bin_;
  Stream lengths_;  // the lengths wait in a file of their own until their number is known
  Stream mask_;
};

}  // namespace z2
