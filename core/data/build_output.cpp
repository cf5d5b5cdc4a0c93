#include "core/data/build_output.h"

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "core/data/token_file.h"

namespace z2 {

namespace fs = std::filesystem;

BuildOutput::BuildOutput(const fs::path& prefix, Shape shape)
    : prefix_(prefix),
      validPrefix_(withSuffix(prefix, ".valid")),
      droppedPart_(withSuffix(prefix, ".dropped.jsonl.part")),
      shape_(shape) {}

std::vector<fs::path> BuildOutput::files() const {
  std::vector<fs::path> all;
  for (const char* suffix : {".bin", ".idx", ".manifest.json", ".mask"}) {
    if (!shape_.layout.hasMask && std::string_view(suffix) == ".mask") continue;
    all.push_back(withSuffix(prefix_, suffix));
    if (shape_.hasValidation) all.push_back(withSuffix(validPrefix_, suffix));
  }
  return all;
}

Result<void> BuildOutput::create() {
  TokenFileWriter::discard(validPrefix_);
  valid_.reset();
  Z2_TRY(TokenFileWriter train, TokenFileWriter::create(prefix_, shape_.type, shape_.layout));
  train_ = std::make_unique<TokenFileWriter>(std::move(train));
  if (shape_.hasValidation) {
    Z2_TRY(TokenFileWriter valid,
           TokenFileWriter::create(validPrefix_, shape_.type, shape_.layout));
    valid_ = std::make_unique<TokenFileWriter>(std::move(valid));
  }
  Z2_TRY(droppedFile_, openFile(droppedPart_, O_RDWR | O_CREAT | O_TRUNC | O_APPEND));
  return {};
}

bool BuildOutput::reopen(const BuildState& state) {
  auto train = TokenFileWriter::reopen(prefix_, shape_.type, state.train, shape_.layout);
  if (!train) return false;
  if (shape_.hasValidation) {
    auto valid = TokenFileWriter::reopen(validPrefix_, shape_.type, state.valid, shape_.layout);
    if (!valid) return false;
    valid_ = std::make_unique<TokenFileWriter>(std::move(*valid));
  }
  auto dropped = openFile(droppedPart_, O_RDWR | O_APPEND);
  if (!dropped || ::ftruncate(dropped->fd(), static_cast<off_t>(state.droppedBytes)) != 0)
    return false;
  train_ = std::make_unique<TokenFileWriter>(std::move(*train));
  droppedFile_ = std::move(*dropped);
  return true;
}

Result<void> BuildOutput::write(const EncodedBlock& block) {
  const EncodedDocuments& documents = block.documents;
  const size_t perDocument = shape_.layout.sequencesPerDocument;
  size_t begin = 0;
  for (size_t i = 0; i < block.isValidation.size(); ++i) {
    const auto lengths = std::span(documents.lengths).subspan(i * perDocument, perDocument);
    const auto tokens =
        static_cast<size_t>(std::accumulate(lengths.begin(), lengths.end(), int64_t{0}));
    const auto ids = std::span(documents.ids).subspan(begin, tokens);
    std::span<const uint8_t> mask;
    if (shape_.layout.hasMask) mask = std::span(documents.mask).subspan(begin, tokens);
    Z2_TRY_VOID((block.isValidation[i] ? *valid_ : *train_).append(ids, lengths, mask));
    begin += tokens;
  }
  return {};
}

Result<void> BuildOutput::writeDropped(const std::string& lines) {
  return writeAll(droppedFile_, lines, droppedPart_);
}

Result<void> BuildOutput::sync(BuildState& state) {
  Z2_TRY_VOID(train_->sync());
  state.train = train_->state();
  if (valid_) {
    Z2_TRY_VOID(valid_->sync());
    state.valid = valid_->state();
  }
  return syncFile(droppedFile_, droppedPart_);
}

Result<BuildOutput::Committed> BuildOutput::commit(const DataManifest& made, bool hasDropped,
                                                   bool removesStale) {
  const auto put = [&](TokenFileWriter& writer, const fs::path& prefix) -> Result<DataManifest> {
    Z2_TRY_VOID(writer.commit(made));
    Z2_TRY(std::optional<DataManifest> written, DataManifest::read(prefix));
    return std::move(*written);
  };
  Committed done;
  if (valid_) {
    Z2_TRY(done.valid, put(*valid_, validPrefix_));
  } else if (removesStale) {
    Z2_TRY_VOID(removeStaleValidation());
  }
  Z2_TRY(done.train, put(*train_, prefix_));
  Z2_TRY_VOID(nameDropped(hasDropped));
  return done;
}

Result<void> BuildOutput::nameDropped(bool isThere) const {
  const fs::path path = withSuffix(prefix_, ".dropped.jsonl");
  if (!isThere) {
    ::unlink(droppedPart_.c_str());
    ::unlink(path.c_str());
    return {};
  }
  if (::rename(droppedPart_.c_str(), path.c_str()) != 0)
    return systemError(errno, "putting in place", path.native());
  return {};
}

// Data of its own that somebody called PREFIX.valid stays.
Result<void> BuildOutput::removeStaleValidation() const {
  const auto old = DataManifest::read(validPrefix_);
  const bool isHeldOut = old && *old && (*old)->options.is_object() &&
                         (*old)->options.value("valid_fraction", 0.0) > 0;
  if (!isHeldOut) return {};
  for (const char* suffix : {".manifest.json", ".idx", ".bin", ".mask"}) {
    const fs::path path = withSuffix(validPrefix_, suffix);
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
      return systemError(errno, "removing", path.native());
  }
  return {};
}

void BuildOutput::discard() const {
  TokenFileWriter::discard(prefix_);
  TokenFileWriter::discard(validPrefix_);
  ::unlink(droppedPart_.c_str());
}

}  // namespace z2
