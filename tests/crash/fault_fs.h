#pragma once

// A disk that fails and forgets, under code that writes durably.
//
// It passes every operation on to the real file system in a folder and records it, so that the
// states which a power cut may leave can be built afterwards: one for each operation at which it
// may strike and each way in which a disk may forget. The model follows POSIX: a file's bytes are
// safe after its fsync, a name after the fsync of its folder; everything else may be there, be
// missing, be there in part, or be garbage. After SQLite's test6.c and LevelDB's and RocksDB's
// fault injection.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/io/file_system.h"

namespace z2 {

struct FileOperation {
  enum class Kind {
    kCreate,
    kWrite,
    kSync,
    kMakeFolder,
    kRename,
    kRemoveFile,
    kRemoveFolder,
    kSyncFolder
  };
  Kind kind;
  std::filesystem::path path;
  std::filesystem::path to;  // kRename
  std::string bytes;         // kWrite
};

// What the disk keeps of what was never synced.
struct CrashMode {
  enum class Kind {
    kKeepAll,       // the process dies, the machine lives
    kDropAll,       // nothing that was not synced
    kDropNames,     // bytes are there, names that were not synced are not
    kDropBytes,     // names are there, bytes that were not synced are not
    kSubset,        // each unsynced write and name at random
    kTornWrite,     // the last write stops after `keep` bytes
    kGarbageWrite,  // the last write left other bytes
  };
  Kind kind;
  uint64_t seed = 0;  // kSubset
  double keep = 0;    // kTornWrite: bytes, or a share when below 1
};

class FaultFs final : public FileSystem {
 public:
  // `root` as it stands counts as durable.
  explicit FaultFs(std::filesystem::path root);
  ~FaultFs() override;

  // Counting from now, operation number `at` fails with `errorNumber`; a failing write has written
  // half. `isLasting`: so do all later ones, but on a full disk removing works.
  void failAt(size_t at, int errorNumber, bool isLasting);
  void heal() { failAt_.reset(); }
  [[nodiscard]] bool hasFailed() const { return hasFailed_; }
  [[nodiscard]] const std::vector<FileOperation>& operations() const { return operations_; }

  // Builds at `target` what `root` may look like after a power cut when the operations before `at`
  // were issued and no other.
  void materialise(size_t at, const CrashMode& mode, const std::filesystem::path& target) const;

  Result<std::unique_ptr<OutputFile>> create(const std::filesystem::path& path) override;
  Result<void> makeFolder(const std::filesystem::path& path) override;
  Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  Result<void> removeFile(const std::filesystem::path& path) override;
  Result<void> removeFolder(const std::filesystem::path& path) override;
  Result<void> syncFolder(const std::filesystem::path& path) override;
  Result<std::vector<FolderEntry>> list(const std::filesystem::path& folder) override;
  Result<void> read(const std::filesystem::path& path,
                    const std::function<void(std::span<const std::byte>)>& sink) override;
  Result<MappedFile> map(const std::filesystem::path& path) override;
  Result<uint64_t> freeBytes(const std::filesystem::path& folder) override;

 private:
  class File;
  // Records the operation, or says why it fails.
  std::optional<Error> begin(FileOperation operation);

  const std::filesystem::path root_;
  std::vector<std::pair<std::filesystem::path, std::optional<std::string>>> initial_;
  std::vector<FileOperation> operations_;
  size_t count_ = 0;
  std::optional<size_t> failAt_;
  int errorNumber_ = 0;
  bool isLasting_ = false;
  bool hasFailed_ = false;
};

}  // namespace z2
