#include "tests/crash/fault_fs.h"

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "tests/crash/disk_model.h"

namespace z2 {

namespace fs = std::filesystem;
using Kind = FileOperation::Kind;

class FaultFs::File final : public OutputFile {
 public:
  File(FaultFs& disk, fs::path path, std::unique_ptr<OutputFile> real)
      : disk_(disk), path_(std::move(path)), real_(std::move(real)) {}

  Result<void> write(std::span<const std::byte> bytes) override {
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (auto error = disk_.begin({Kind::kWrite, path_, {}, text})) {
      Z2_TRY_VOID(real_->write(bytes.first(bytes.size() / 2)));
      return tl::unexpected(*error);
    }
    return real_->write(bytes);
  }
  Result<void> sync() override {
    if (auto error = disk_.begin({Kind::kSync, path_, {}, {}})) return tl::unexpected(*error);
    return {};
  }
  Result<void> close() override { return real_->close(); }

 private:
  FaultFs& disk_;
  fs::path path_;
  std::unique_ptr<OutputFile> real_;
};

FaultFs::FaultFs(fs::path root) : root_(std::move(root)) {
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    const fs::path path = entry.path().lexically_relative(root_);
    if (entry.is_directory()) {
      initial_.emplace_back(path, std::nullopt);
    } else {
      auto bytes = readFile(entry.path());
      Z2_CHECK(bytes.has_value(), "a file of the folder cannot be read");
      initial_.emplace_back(path, std::move(*bytes));
    }
  }
}

FaultFs::~FaultFs() = default;

void FaultFs::failAt(size_t at, int errorNumber, bool isLasting) {
  failAt_ = at;
  errorNumber_ = errorNumber;
  isLasting_ = isLasting;
  hasFailed_ = false;
  count_ = 0;
}

std::optional<Error> FaultFs::begin(FileOperation operation) {
  const size_t number = count_++;
  const bool isRemoval =
      operation.kind == Kind::kRemoveFile || operation.kind == Kind::kRemoveFolder;
  const bool isFaulty = failAt_ && (number == *failAt_ || (isLasting_ && number > *failAt_));
  if (isFaulty && !(isRemoval && errorNumber_ == ENOSPC)) {
    hasFailed_ = true;
    return systemError(errorNumber_, "writing", operation.path.native()).value();
  }
  operations_.push_back(std::move(operation));
  return std::nullopt;
}

void FaultFs::materialise(size_t at, const CrashMode& mode, const fs::path& target) const {
  DiskModel model;
  for (const auto& [path, bytes] : initial_) {
    if (bytes) {
      model.addDurableFile(path, *bytes);
    } else {
      model.addDurableFolder(path);
    }
  }
  for (size_t i = 0; i < at; ++i) {
    FileOperation operation = operations_[i];
    operation.path = operation.path.lexically_relative(root_);
    if (!operation.to.empty()) operation.to = operation.to.lexically_relative(root_);
    model.apply(operation);
  }
  model.write(mode, target);
}

Result<std::unique_ptr<OutputFile>> FaultFs::create(const fs::path& path) {
  if (auto error = begin({Kind::kCreate, path, {}, {}})) return tl::unexpected(*error);
  Z2_TRY(auto real, systemFiles().create(path));
  return std::make_unique<File>(*this, path, std::move(real));
}

Result<void> FaultFs::makeFolder(const fs::path& path) {
  if (auto error = begin({Kind::kMakeFolder, path, {}, {}})) return tl::unexpected(*error);
  return systemFiles().makeFolder(path);
}

Result<void> FaultFs::rename(const fs::path& from, const fs::path& to) {
  if (auto error = begin({Kind::kRename, from, to, {}})) return tl::unexpected(*error);
  return systemFiles().rename(from, to);
}

Result<void> FaultFs::removeFile(const fs::path& path) {
  if (!fs::exists(path)) return systemError(ENOENT, "removing", path.native());
  if (auto error = begin({Kind::kRemoveFile, path, {}, {}})) return tl::unexpected(*error);
  return systemFiles().removeFile(path);
}

Result<void> FaultFs::removeFolder(const fs::path& path) {
  if (auto error = begin({Kind::kRemoveFolder, path, {}, {}})) return tl::unexpected(*error);
  return systemFiles().removeFolder(path);
}

Result<void> FaultFs::syncFolder(const fs::path& path) {
  if (auto error = begin({Kind::kSyncFolder, path, {}, {}})) return tl::unexpected(*error);
  return {};
}

Result<std::vector<FolderEntry>> FaultFs::list(const fs::path& folder) {
  return systemFiles().list(folder);
}

Result<void> FaultFs::read(const fs::path& path,
                           const std::function<void(std::span<const std::byte>)>& sink) {
  return systemFiles().read(path, sink);
}

Result<MappedFile> FaultFs::map(const fs::path& path) { return systemFiles().map(path); }

Result<uint64_t> FaultFs::freeBytes(const fs::path& folder) {
  return systemFiles().freeBytes(folder);
}

}  // namespace z2
