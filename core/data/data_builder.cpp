#include "core/data/data_builder.h"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/check.h"
#include "core/base/progress.h"
#include "core/data/build_journal.h"
#include "core/data/encode_pipeline.h"
#include "core/data/token_file.h"
#include "core/data/token_file_writer.h"
#include "core/io/checksum.h"
#include "core/io/file_lock.h"

namespace z2 {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr size_t kFirstDropped = 20;

Json identityOf(const BuildOptions& options, const std::vector<BuildInput>& inputs,
                const DocumentEncoder::About& about) {
  Json identity = {{"task", about.task},
                   {"tokenizer", about.tokenizerHash},
                   {"end_of_text", about.endOfText},
                   {"options", about.options}};
  identity["inputs"] = Json::array();
  for (size_t i = 0; i < inputs.size(); ++i)
    identity["inputs"].push_back({{"path", options.inputs[i].native()},
                                  {"format", nameOf(inputs[i].format)},
                                  {"bytes", inputs[i].bytes},
                                  {"modified", inputs[i].modified}});
  return identity;
}

// One build: its outputs, what it counted, and its journal.
class Build {
 public:
  Build(const BuildOptions& options, const std::vector<BuildInput>& inputs,
        const DocumentEncoder& encoder)
      : options_(options),
        encoder_(encoder),
        inputs_(inputs),
        validPrefix_(withSuffix(options.output, ".valid")),
        droppedPart_(withSuffix(options.output, ".dropped.jsonl.part")),
        journal_(options.output, identityOf(options, inputs, encoder.about())) {}

  [[nodiscard]] Result<void> start();
  [[nodiscard]] Result<void> run();
  [[nodiscard]] Result<BuildSummary> finish();
  // Removes the unfinished files.
  void discard();
  // And whatever else this build has made.
  void discardAll();

 private:
  [[nodiscard]] Result<void> refuseExisting() const;
  [[nodiscard]] Result<void> lock();
  [[nodiscard]] bool goOn(const BuildState& state);
  [[nodiscard]] Result<void> startAnew();
  [[nodiscard]] Result<void> write(const EncodedBlock& block);
  [[nodiscard]] Result<void> writeDropped(const EncodedBlock& block);
  [[nodiscard]] Result<void> checkpoint();
  [[nodiscard]] Result<DataManifest> manifest() const;
  [[nodiscard]] Result<void> refuseEmptyResult() const;
  [[nodiscard]] Result<void> removeStaleValidation() const;
  [[nodiscard]] Result<void> judge() const;
  [[nodiscard]] bool hasValidation() const { return options_.validFraction > 0; }
  [[nodiscard]] TokenType type() const { return tokenTypeFor(encoder_.about().vocabSize); }
  [[nodiscard]] const TokenLayout& layout() const { return encoder_.about().layout; }
  [[nodiscard]] std::vector<std::string> suffixes() const;

  const BuildOptions& options_;
  const DocumentEncoder& encoder_;
  const std::vector<BuildInput>& inputs_;
  const fs::path validPrefix_;
  const fs::path droppedPart_;
  const BuildJournal journal_;
  const Clock::time_point began_ = Clock::now();
  std::optional<FileLock> lock_;

  BuildState state_;
  std::unique_ptr<TokenFileWriter> train_;
  std::unique_ptr<TokenFileWriter> valid_;
  FileHandle droppedFile_;
  BuildSummary summary_;
  bool hasBegun_ = false;
  bool hasMadeFolder_ = false;
};

std::vector<std::string> Build::suffixes() const {
  std::vector<std::string> all = {".bin", ".idx", ".manifest.json"};
  if (layout().hasMask) all.emplace_back(".mask");
  return all;
}

Result<void> Build::refuseExisting() const {
  if (options_.isOverwriting || journal_.exists()) return {};
  std::vector<fs::path> outputs;
  for (const std::string& suffix : suffixes()) {
    outputs.push_back(withSuffix(options_.output, suffix));
    if (hasValidation()) outputs.push_back(withSuffix(validPrefix_, suffix));
  }
  for (const fs::path& path : outputs) {
    std::error_code failure;
    if (fs::exists(path, failure))
      return badInput(path.native(), "this file is there already",
                      "Choose another --output, or give --overwrite");
  }
  return {};
}

Result<void> Build::lock() {
  Z2_TRY(lock_, FileLock::tryTake(withSuffix(options_.output, ".lock")));
  if (lock_) return {};
  auto failure = environmentError(options_.output.native(), "another process is making this data",
                                  "Wait until it has ended, or choose another --output");
  failure.value().retryable = true;
  return failure;
}

Result<void> Build::start() {
  Z2_TRY_VOID(refuseExisting());
  if (const fs::path folder = options_.output.parent_path(); !folder.empty()) {
    std::error_code failure;
    hasMadeFolder_ = !fs::exists(folder, failure);
    Z2_TRY_VOID(makeFolders(folder));
  }
  Z2_TRY_VOID(lock());
  // What another process made in the meantime.
  Z2_TRY_VOID(refuseExisting());
  hasBegun_ = true;
  if (!journal_.exists()) return startAnew();
  std::string reason = "its files are not as the journal says";
  const auto state = journal_.read(reason);
  if (state && goOn(*state)) {
    summary_.notices.push_back(
        fmt::format("Going on with an interrupted build, after {} documents.",
                    state->train.documents + state->valid.documents));
    return {};
  }
  summary_.notices.push_back(
      fmt::format("An interrupted build of this name is started anew: {}.", reason));
  return startAnew();
}

bool Build::goOn(const BuildState& state) {
  auto train = TokenFileWriter::reopen(options_.output, type(), state.train, layout());
  if (!train) return false;
  if (hasValidation()) {
    auto valid = TokenFileWriter::reopen(validPrefix_, type(), state.valid, layout());
    if (!valid) return false;
    valid_ = std::make_unique<TokenFileWriter>(std::move(*valid));
  }
  auto dropped = openFile(droppedPart_, O_RDWR | O_APPEND);
  if (!dropped || ::ftruncate(dropped->fd(), static_cast<off_t>(state.droppedBytes)) != 0)
    return false;
  train_ = std::make_unique<TokenFileWriter>(std::move(*train));
  droppedFile_ = std::move(*dropped);
  state_ = state;
  return true;
}

Result<void> Build::startAnew() {
  journal_.remove();
  TokenFileWriter::discard(validPrefix_);
  valid_.reset();
  Z2_TRY(TokenFileWriter train, TokenFileWriter::create(options_.output, type(), layout()));
  train_ = std::make_unique<TokenFileWriter>(std::move(train));
  if (hasValidation()) {
    Z2_TRY(TokenFileWriter valid, TokenFileWriter::create(validPrefix_, type(), layout()));
    valid_ = std::make_unique<TokenFileWriter>(std::move(valid));
  }
  Z2_TRY(droppedFile_, openFile(droppedPart_, O_RDWR | O_CREAT | O_TRUNC | O_APPEND));
  return checkpoint();
}

Result<void> Build::run() {
  uint64_t total = 0;
  uint64_t done = state_.position.inFile.offset;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    total += inputs_[i].bytes;
    if (i < state_.position.file) done += inputs_[i].bytes;
  }
  summary_.inputBytes = total;
  std::vector<RecordFormat> formats;
  for (const BuildInput& input : inputs_) formats.push_back(input.format);

  done = std::min(done, total);
  summary_.readBytes = total - done;
  Progress progress("tokenizing", total, Progress::Unit::kBytes, options_.isProgressJson, done);
  EncodePipeline pipeline(options_, formats, encoder_, state_.position);
  Clock::time_point lastJournal = Clock::now();
  while (true) {
    if (options_.shouldStop ? options_.shouldStop() : stopRequested()) {
      Z2_TRY_VOID(checkpoint());
      return interrupted("stopped; the same command goes on from here");
    }
    auto block = pipeline.next();
    if (!block) {
      Z2_TRY_VOID(checkpoint());
      return tl::unexpected(std::move(block).error());
    }
    if (!*block) return checkpoint();
    Z2_TRY_VOID(write(**block));
    progress.advance((*block)->sourceBytes);
    if (Clock::now() - lastJournal >= options_.journalInterval) {
      Z2_TRY_VOID(checkpoint());
      lastJournal = Clock::now();
    }
  }
}

Result<void> Build::write(const EncodedBlock& block) {
  const EncodedDocuments& documents = block.documents;
  const size_t perDocument = layout().sequencesPerDocument;
  size_t begin = 0;
  for (size_t i = 0; i < block.isValidation.size(); ++i) {
    const auto lengths = std::span(documents.lengths).subspan(i * perDocument, perDocument);
    const auto tokens =
        static_cast<size_t>(std::accumulate(lengths.begin(), lengths.end(), int64_t{0}));
    const auto ids = std::span(documents.ids).subspan(begin, tokens);
    std::span<const uint8_t> mask;
    if (layout().hasMask) mask = std::span(documents.mask).subspan(begin, tokens);
    Z2_TRY_VOID((block.isValidation[i] ? *valid_ : *train_).append(ids, lengths, mask));
    begin += tokens;
  }
  Z2_TRY_VOID(writeDropped(block));
  state_.truncatedDocuments += documents.truncatedDocuments;
  state_.truncatedTokens += documents.truncatedTokens;
  state_.position = block.next;
  return {};
}

Result<void> Build::writeDropped(const EncodedBlock& block) {
  std::string lines;
  const std::string& path = options_.inputs[block.file].native();
  for (const EncodedBlock::Dropped& dropped : block.dropped) {
    const RecordProblem& problem = dropped.problem;
    ++state_.dropped[problem.reason];
    if (summary_.firstDropped.size() < kFirstDropped)
      summary_.firstDropped.push_back(
          fmt::format("{}:{}: {}: {}", path, dropped.line, problem.reason, problem.detail));
    lines += jsonLine({{"file", path},
                       {"line", dropped.line},
                       {"reason", problem.reason},
                       {"detail", problem.detail},
                       {"begins", dropped.excerpt}}) +
             "\n";
  }
  Z2_TRY_VOID(writeAll(droppedFile_, lines, droppedPart_));
  state_.droppedBytes += lines.size();
  return {};
}

Result<void> Build::checkpoint() {
  Z2_TRY_VOID(train_->sync());
  state_.train = train_->state();
  if (valid_) {
    Z2_TRY_VOID(valid_->sync());
    state_.valid = valid_->state();
  }
  Z2_TRY_VOID(syncFile(droppedFile_, droppedPart_));
  return journal_.write(state_);
}

Result<DataManifest> Build::manifest() const {
  DataManifest made;
  const DocumentEncoder::About& about = encoder_.about();
  made.task = about.task;
  made.tokenizerPath = about.tokenizerPath;
  made.tokenizerSha256 = about.tokenizerHash;
  made.vocabSize = about.vocabSize;
  made.endOfText = about.endOfText;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    Z2_TRY(std::string checksum, checksumOfFile(options_.inputs[i]));
    made.sources.push_back({options_.inputs[i].native(), inputs_[i].bytes, std::move(checksum)});
  }
  made.dropped = state_.dropped;
  made.truncatedDocuments = state_.truncatedDocuments;
  made.truncatedTokens = state_.truncatedTokens;
  made.options = about.options;
  return made;
}

Result<void> Build::refuseEmptyResult() const {
  const std::string example =
      summary_.firstDropped.empty() ? "" : "; the first one left out: " + summary_.firstDropped[0];
  if (state_.train.documents + state_.valid.documents == 0)
    return badInput(options_.inputs.front().native(), "no record could be used" + example,
                    "Choose the fields with --fields or --columns, the format with --format");
  if (state_.train.documents == 0 || (hasValidation() && state_.valid.documents == 0))
    return badInput(
        "--valid-fraction",
        fmt::format("{} documents are too few to hold out a part of {}",
                    state_.train.documents + state_.valid.documents, options_.validFraction),
        "Change the fraction, or leave it out");
  return {};
}

// The part that an earlier build of this name held out. Data of its own that somebody called
// PREFIX.valid stays.
Result<void> Build::removeStaleValidation() const {
  if (!options_.isOverwriting) return {};
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

void Build::discard() {
  journal_.remove();
  TokenFileWriter::discard(options_.output);
  TokenFileWriter::discard(validPrefix_);
  ::unlink(droppedPart_.c_str());
}

void Build::discardAll() {
  if (!hasBegun_) return;  // what is there is not ours
  discard();
  // Where nothing could be overwritten, a file of these names came from a commit that failed.
  for (const std::string& suffix : suffixes()) {
    if (options_.isOverwriting) break;
    ::unlink(withSuffix(options_.output, suffix).c_str());
    if (hasValidation()) ::unlink(withSuffix(validPrefix_, suffix).c_str());
  }
  lock_.reset();  // its file lies in the folder
  if (hasMadeFolder_) ::rmdir(options_.output.parent_path().c_str());
}

Result<void> Build::judge() const {
  BuildCounts counts;
  counts.documents = state_.train.documents + state_.valid.documents;
  counts.truncatedDocuments = state_.truncatedDocuments;
  counts.dropped = state_.dropped;
  return encoder_.judge(counts);
}

Result<BuildSummary> Build::finish() {
  if (auto usable = refuseEmptyResult(); !usable) {
    discard();
    return tl::unexpected(std::move(usable).error());
  }
  // What was read stays, so that the same call with a word of consent ends at once.
  Z2_TRY_VOID(judge());
  Z2_TRY(const DataManifest made, manifest());
  const auto commit = [&](TokenFileWriter& writer, const fs::path& prefix) -> Result<DataManifest> {
    Z2_TRY_VOID(writer.commit(made));
    Z2_TRY(std::optional<DataManifest> written, DataManifest::read(prefix));
    return std::move(*written);
  };
  if (valid_) {
    Z2_TRY(summary_.valid, commit(*valid_, validPrefix_));
  } else {
    Z2_TRY_VOID(removeStaleValidation());
  }
  Z2_TRY(summary_.train, commit(*train_, options_.output));
  const fs::path droppedPath = withSuffix(options_.output, ".dropped.jsonl");
  if (state_.droppedBytes == 0) {
    ::unlink(droppedPart_.c_str());
    ::unlink(droppedPath.c_str());
  } else if (::rename(droppedPart_.c_str(), droppedPath.c_str()) != 0) {
    return systemError(errno, "putting in place", droppedPath.native());
  }
  journal_.remove();
  for (const auto& [reason, count] : state_.dropped) summary_.droppedRecords += count;
  summary_.seconds = std::chrono::duration<double>(Clock::now() - began_).count();
  return std::move(summary_);
}

}  // namespace

Result<std::vector<BuildInput>> examineInputs(const BuildOptions& options) {
  if (options.inputs.empty()) return usageError("no input file was given", "Give --input FILE");
  if (options.workers < 1) return usageError("at least one worker is needed");
  if (options.validFraction < 0 || options.validFraction >= 1)
    return usageError("the validation part must be at least 0 and below 1");
  std::vector<BuildInput> inputs;
  for (const fs::path& path : options.inputs) {
    BuildInput input;
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
      if (errno == ENOENT)
        return badInput(path.native(), "there is no such file", "Check the path");
      return systemError(errno, "reading", path.native());
    }
    if (!S_ISREG(info.st_mode)) return badInput(path.native(), "this is not a regular file");
    input.bytes = static_cast<uint64_t>(info.st_size);
    input.modified = int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
    if (options.format) {
      input.format = *options.format;
    } else {
      Z2_TRY(input.format, detectRecordFormat(path));
    }
    inputs.push_back(input);
  }
  return inputs;
}

Result<BuildSummary> buildData(const BuildOptions& options, const std::vector<BuildInput>& inputs,
                               const DocumentEncoder& encoder) {
  Z2_CHECK(inputs.size() == options.inputs.size());
  Build build(options, inputs, encoder);
  const auto make = [&]() -> Result<BuildSummary> {
    Z2_TRY_VOID(build.start());
    Z2_TRY_VOID(build.run());
    return build.finish();
  };
  auto made = make();
  if (!made && options.isDiscarding) build.discardAll();
  return made;
}

}  // namespace z2
