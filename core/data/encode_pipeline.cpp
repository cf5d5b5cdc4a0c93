#include "core/data/encode_pipeline.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "core/data/permutation.h"

namespace z2 {

namespace {

constexpr uint64_t kValidationSalt = 0x76616c6964617465U;
constexpr size_t kExcerptBytes = 200;

// By the record's number in the whole input, so that neither workers nor broken records elsewhere
// change the choice.
bool isHeldOut(uint64_t record, double fraction) {
  constexpr double kScale = 1.0 / 9007199254740992.0;  // 2^-53
  return static_cast<double>(mixBits(record ^ kValidationSalt) >> 11) * kScale < fraction;
}

}  // namespace

EncodePipeline::EncodePipeline(const BuildOptions& options,
                               const std::vector<RecordFormat>& formats,
                               const DocumentEncoder& encoder, const InputPosition& from)
    : options_(options),
      formats_(formats),
      encoder_(encoder),
      inFlightLimit_(static_cast<uint64_t>(options.workers) * 2 + 2) {
  threads_.emplace_back([this, from] { readAll(from); });
  for (int i = 0; i < options.workers; ++i) threads_.emplace_back([this] { encodeAll(); });
}

EncodePipeline::~EncodePipeline() {
  {
    const std::scoped_lock lock(mutex_);
    isStopping_ = true;
  }
  roomOrStop_.notify_all();
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

Result<std::optional<EncodedBlock>> EncodePipeline::next() {
  std::unique_lock lock(mutex_);
  done_.wait(lock,
             [&] { return encoded_.contains(taken_) || (isReadingDone_ && taken_ == submitted_); });
  const auto found = encoded_.find(taken_);
  if (found == encoded_.end()) {
    if (readError_) return tl::unexpected(*readError_);
    return std::nullopt;
  }
  EncodedBlock block = std::move(found->second);
  encoded_.erase(found);
  ++taken_;
  lock.unlock();
  roomOrStop_.notify_one();
  return block;
}

void EncodePipeline::readAll(InputPosition from) {
  std::optional<Error> error;
  while (from.file < options_.inputs.size() && !error) {
    auto after = readFile(from);
    if (after)
      from = *after;
    else
      error = std::move(after).error();
    const std::scoped_lock lock(mutex_);
    if (isStopping_) break;
  }
  {
    const std::scoped_lock lock(mutex_);
    readError_ = std::move(error);
    isReadingDone_ = true;
  }
  work_.notify_all();
  done_.notify_all();
}

Result<InputPosition> EncodePipeline::readFile(const InputPosition& from) {
  const size_t file = from.file;
  Z2_TRY(const std::unique_ptr<RecordReader> reader,
         openRecords(options_.inputs[file], formats_[file], options_.textUnit, from.inFile));
  uint64_t records = from.inFile.record;
  while (true) {
    Job job;
    Z2_TRY(const bool isThere, reader->next(job.block));
    if (!isThere) break;
    records = job.block.end.record;
    job.isJson = reader->isJson();
    job.file = file;
    job.next = {file, job.block.end, from.recordsBefore};
    job.firstRecord = from.recordsBefore + job.block.start.record;
    if (!submit(std::move(job))) break;
  }
  return InputPosition{file + 1, {}, from.recordsBefore + records};
}

bool EncodePipeline::submit(Job job) {
  std::unique_lock lock(mutex_);
  roomOrStop_.wait(lock, [&] { return isStopping_ || submitted_ - taken_ < inFlightLimit_; });
  if (isStopping_) return false;
  job.number = submitted_++;
  jobs_.push_back(std::move(job));
  lock.unlock();
  work_.notify_one();
  return true;
}

void EncodePipeline::encodeAll() {
  const std::unique_ptr<DocumentEncoder::Session> session = encoder_.session();
  while (true) {
    std::unique_lock lock(mutex_);
    work_.wait(lock, [&] { return isStopping_ || isReadingDone_ || !jobs_.empty(); });
    if (isStopping_ || jobs_.empty()) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    EncodedBlock block = encode(job, *session);
    lock.lock();
    encoded_.emplace(job.number, std::move(block));
    lock.unlock();
    done_.notify_one();
  }
}

EncodedBlock EncodePipeline::encode(const Job& job, DocumentEncoder::Session& session) const {
  EncodedBlock out;
  out.sourceBytes = job.block.sourceBytes;
  out.file = job.file;
  out.next = job.next;
  out.documents.ids.reserve(job.block.bytes.size() / 3);
  for (size_t i = 0; i < job.block.records.size(); ++i) {
    const RecordBlock::Record& record = job.block.records[i];
    const std::string_view text = job.block.text(record);
    tl::expected<void, RecordProblem> outcome;
    if (record.problem != nullptr)
      outcome = tl::unexpected(RecordProblem{record.problem, record.problem});
    else
      outcome = session.encode(text, job.isJson, job.file, out.documents);
    if (outcome)
      out.isValidation.push_back(isHeldOut(job.firstRecord + i, options_.validFraction));
    else
      out.dropped.push_back(
          {record.line, std::move(outcome).error(), std::string(text.substr(0, kExcerptBytes))});
  }
  return out;
}

}  // namespace z2
