#include "core/data/data_builder.h"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/check.h"
#include "core/base/progress.h"
#include "core/data/build_journal.h"
#include "core/data/build_output.h"
#include "core/data/encode_pipeline.h"
#include "core/data/token_file.h"
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

// What to do where every record was left out, for these reasons.
const char* remedyFor(const std::map<std::string, uint64_t>& dropped) {
  const auto isOnly = [&](const char* reason) {
    return dropped.size() == 1 && dropped.contains(reason);
  };
  if (isOnly("template")) return "Look at the template, or choose another one with --template";
  if (isOnly("no trained token")) return "Look at template, --train-on and --max-length";
  return "Mend the records, or choose the fields with --fields or --columns, the format with "
         "--format";
}

// One build: its outputs, what it counted, and its journal.
class Build {
 public:
  Build(const BuildOptions& options, const std::vector<BuildInput>& inputs,
        const DocumentEncoder& encoder)
      : options_(options),
        encoder_(encoder),
        inputs_(inputs),
        journal_(options.output, identityOf(options, inputs, encoder.about())),
        output_(options.output, {.type = tokenTypeFor(encoder.about().vocabSize),
                                 .layout = encoder.about().layout,
                                 .hasValidation = options.validFraction > 0}) {}

  [[nodiscard]] Result<void> start();
  [[nodiscard]] Result<void> run();
  [[nodiscard]] Result<BuildSummary> finish();
  // Removes the unfinished files, and the folder that was made for them; the build is over then.
  void discard();
  // And whatever else it has made.
  void discardAll();

 private:
  [[nodiscard]] std::optional<fs::path> existing() const;
  [[nodiscard]] Result<void> refuseExisting() const;
  [[nodiscard]] Result<void> lock();
  [[nodiscard]] Result<void> startAnew();
  [[nodiscard]] Result<void> write(const EncodedBlock& block);
  [[nodiscard]] Result<void> writeDropped(const EncodedBlock& block);
  [[nodiscard]] Result<void> checkpoint();
  [[nodiscard]] Result<DataManifest> manifest() const;
  [[nodiscard]] Result<void> refuseEmptyResult() const;
  [[nodiscard]] Result<void> judge() const;

  const BuildOptions& options_;
  const DocumentEncoder& encoder_;
  const std::vector<BuildInput>& inputs_;
  const BuildJournal journal_;
  const Clock::time_point began_ = Clock::now();
  std::optional<FileLock> lock_;

  BuildState state_;
  BuildOutput output_;
  BuildSummary summary_;
  bool hasBegun_ = false;
  bool hasMadeFolder_ = false;
  bool hadFiles_ = false;  // of the names that it will make
};

// One of the files that it will make and that are there.
std::optional<fs::path> Build::existing() const {
  for (const fs::path& path : output_.files()) {
    std::error_code failure;
    if (fs::exists(path, failure)) return path;
  }
  return std::nullopt;
}

Result<void> Build::refuseExisting() const {
  if (options_.isOverwriting || journal_.exists()) return {};
  if (const auto path = existing())
    return badInput(path->native(), "this file is there already",
                    "Choose another --output, or give --overwrite");
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
  hadFiles_ = existing().has_value();
  hasBegun_ = true;
  if (!journal_.exists()) return startAnew();
  std::string reason = "its files are not as the journal says";
  const auto state = journal_.read(reason);
  if (state && output_.reopen(*state)) {
    state_ = *state;
    summary_.notices.push_back(
        fmt::format("Going on with an interrupted build, after {} documents.",
                    state->train.documents + state->valid.documents));
    return {};
  }
  summary_.notices.push_back(
      fmt::format("An interrupted build of this name is started anew: {}.", reason));
  return startAnew();
}

Result<void> Build::startAnew() {
  journal_.remove();
  Z2_TRY_VOID(output_.create());
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
      // Once the input is mended it is another one: nothing here could be gone on with.
      if (block.error().code == ErrorCode::kBadInput)
        discard();
      else
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
  Z2_TRY_VOID(output_.write(block));
  Z2_TRY_VOID(writeDropped(block));
  state_.truncatedDocuments += block.documents.truncatedDocuments;
  state_.truncatedTokens += block.documents.truncatedTokens;
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
  Z2_TRY_VOID(output_.writeDropped(lines));
  state_.droppedBytes += lines.size();
  return {};
}

Result<void> Build::checkpoint() {
  Z2_TRY_VOID(output_.sync(state_));
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
                    remedyFor(state_.dropped));
  if (state_.train.documents == 0 || (options_.validFraction > 0 && state_.valid.documents == 0))
    return badInput(
        "--valid-fraction",
        fmt::format("{} documents are too few to hold out a part of {}",
                    state_.train.documents + state_.valid.documents, options_.validFraction),
        "Change the fraction, or leave it out");
  return {};
}

void Build::discard() {
  hasBegun_ = false;
  journal_.remove();
  output_.discard();
  lock_.reset();  // its file lies in the folder
  if (hasMadeFolder_) ::rmdir(options_.output.parent_path().c_str());
}

void Build::discardAll() {
  if (!hasBegun_) return;  // what is there is not ours
  // Files of these names came from a commit that failed.
  if (!hadFiles_)
    for (const fs::path& path : output_.files()) ::unlink(path.c_str());
  discard();
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
  Z2_TRY(BuildOutput::Committed done,
         output_.commit(made, state_.droppedBytes > 0, options_.isOverwriting));
  summary_.train = std::move(done.train);
  summary_.valid = std::move(done.valid);
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
    if (S_ISDIR(info.st_mode))
      return badInput(path.native(), "this is a folder, and files are read",
                      "Name the files in it, such as --input FOLDER/*.jsonl");
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
