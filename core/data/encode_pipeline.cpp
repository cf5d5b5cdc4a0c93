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

EncodePipeline::EncodePipeline(const PretrainOptions& options,
                               const std::vector<RecordFormat>& formats, const TextEncoder& encoder,
                               const InputPosition& from)
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
  RecordComposer composer(options_.fields);
  const std::unique_ptr<TextEncoder::Session> session = encoder_.session();
  while (true) {
    std::unique_lock lock(mutex_);
    work_.wait(lock, [&] { return isStopping_ || isReadingDone_ || !jobs_.empty(); });
    if (isStopping_ || jobs_.empty()) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    EncodedBlock block = encode(job, composer, *session);
    lock.lock();
    encoded_.emplace(job.number, std::move(block));
    lock.unlock();
    done_.notify_one();
  }
}

EncodedBlock EncodePipeline::encode(const Job& job, RecordComposer& composer,
                                    TextEncoder::Session& session) const {
  EncodedBlock out;
  out.sourceBytes = job.block.sourceBytes;
  out.file = job.file;
  out.next = job.next;
  out.ids.reserve(job.block.bytes.size() / 3);
  const int32_t endOfText = encoder_.endOfText().value();
  const auto limit = static_cast<size_t>(options_.maxLength);
  std::string composed;
  for (size_t i = 0; i < job.block.records.size(); ++i) {
    const RecordBlock::Record& record = job.block.records[i];
    std::string_view text = job.block.text(record);
    const auto drop = [&](RecordProblem problem) {
      const std::string excerpt(job.block.text(record).substr(0, kExcerptBytes));
      out.dropped.push_back({record.line, std::move(problem), excerpt});
    };
    if (record.problem != nullptr) {
      drop({record.problem, record.problem});
      continue;
    }
    if (job.isJson) {
      if (auto outcome = composer.compose(text, composed); !outcome) {
        drop(std::move(outcome).error());
        continue;
      }
      text = composed;
    }
    if (text.find_first_not_of(" \t\r\n") == text.npos) {
      drop({"empty", "the record has no text"});
      continue;
    }
    const size_t before = out.ids.size();
    if (const auto outcome = session.encode(text, out.ids); !outcome) {
      drop({"not encodable", outcome.error().text()});
      continue;
    }
    if (limit > 0 && out.ids.size() - before > limit - 1) {
      ++out.truncatedDocuments;
      out.truncatedTokens += out.ids.size() - before - (limit - 1);
      out.ids.resize(before + limit - 1);
    }
    out.ids.push_back(endOfText);
    out.documents.push_back(
        {out.ids.size() - before, isHeldOut(job.firstRecord + i, options_.validFraction)});
  }
  return out;
}

}  // namespace z2
