#include "core/checkpoint/async_saver.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/mman.h>

#include "core/base/check.h"
#include "core/base/format.h"

namespace z2 {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMostCopyThreads = 8;
constexpr size_t kPiece = size_t{8} << 20;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Memory whose pages are there from the start: the first snapshot is as fast as the others.
class SnapshotBuffer {
 public:
  explicit SnapshotBuffer(size_t bytes) : bytes_(bytes) {
    if (bytes == 0) return;
    void* address =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED) return;
    data_ = static_cast<std::byte*>(address);
    // Fewer faults and faster copies; harmless where it is not supported.
    ::madvise(address, bytes, MADV_HUGEPAGE);
    ::madvise(address, bytes, MADV_POPULATE_WRITE);
  }
  ~SnapshotBuffer() {
    if (data_ != nullptr) ::munmap(data_, bytes_);
  }
  SnapshotBuffer(const SnapshotBuffer&) = delete;
  SnapshotBuffer& operator=(const SnapshotBuffer&) = delete;

  [[nodiscard]] bool isThere() const { return bytes_ == 0 || data_ != nullptr; }
  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] size_t size() const { return bytes_; }

 private:
  std::byte* data_ = nullptr;
  size_t bytes_;
};

struct CopyPiece {
  std::byte* to;
  const std::byte* from;
  size_t bytes;
};

void copyInParallel(const std::vector<CopyPiece>& pieces, int threads) {
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < pieces.size(); i = next++)
      std::memcpy(pieces[i].to, pieces[i].from, pieces[i].bytes);
  };
  std::vector<std::jthread> helpers;
  for (int i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
}

}  // namespace

struct AsyncSaver::Impl {
  Impl(CheckpointStore& target, Options given)
      : store(target), options(std::move(given)), buffer(options.bufferBytes) {}

  void run();

  struct Job {
    int64_t step = 0;
    std::vector<TensorView> tensors;  // into `buffer`
    Json state;
    std::optional<double> score;
    double snapshotSeconds = 0;
  };

  CheckpointStore& store;
  const Options options;
  SnapshotBuffer buffer;
  std::mutex mutex;
  std::condition_variable changed;
  bool isBusy = false;  // guarded by mutex, as are those below
  bool isEnding = false;
  Job job;  // the writer's alone while isBusy
  std::vector<SaveOutcome> ended;
  std::thread writer;  // last: uses all of the above
};

void AsyncSaver::Impl::run() {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock, [&] { return isBusy || isEnding; });
    if (!isBusy) return;
    lock.unlock();
    const auto start = Clock::now();
    SaveOutcome outcome{job.step, store.save(job.step, job.tensors, job.state, job.score),
                        TidyReport{}, job.snapshotSeconds, 0};
    if (outcome.saved) outcome.tidied = store.tidy();
    outcome.writeSeconds = secondsSince(start);
    lock.lock();
    ended.push_back(std::move(outcome));
    isBusy = false;
    changed.notify_all();
  }
}

Result<AsyncSaver> AsyncSaver::create(CheckpointStore& store, Options options) {
  if (options.copyThreads == 0) {
    const auto cores = static_cast<int>(std::thread::hardware_concurrency());
    options.copyThreads = std::clamp(cores, 1, kMostCopyThreads);
  }
  auto impl = std::make_unique<Impl>(store, std::move(options));
  if (!impl->buffer.isThere())
    return environmentError(
        "memory for the snapshot",
        formatBytes(static_cast<double>(impl->buffer.size())) + " are not available",
        "Close other programs, or train a smaller model");
  impl->writer = std::thread([&state = *impl] { state.run(); });
  return AsyncSaver(std::move(impl));
}

AsyncSaver::AsyncSaver(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AsyncSaver::AsyncSaver(AsyncSaver&&) noexcept = default;
AsyncSaver& AsyncSaver::operator=(AsyncSaver&& other) noexcept {
  std::swap(impl_, other.impl_);
  return *this;
}

AsyncSaver::~AsyncSaver() {
  if (!impl_) return;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->isEnding = true;
  }
  impl_->changed.notify_all();
  impl_->writer.join();
}

Result<bool> AsyncSaver::begin(int64_t step, std::span<const TensorView> tensors, const Json& state,
                               std::optional<double> score, WhenBusy whenBusy) {
  const auto start = Clock::now();
  {
    std::unique_lock lock(impl_->mutex);
    if (impl_->isBusy && whenBusy == WhenBusy::kSkip) return false;
    impl_->changed.wait(lock, [&] { return !impl_->isBusy; });
  }
  Impl::Job job{step, {tensors.begin(), tensors.end()}, state, score, 0};
  std::vector<CopyPiece> pieces;
  size_t used = 0;
  for (TensorView& tensor : job.tensors) {
    Z2_CHECK(tensor.bytes.size() <= impl_->buffer.size() - used,
             "the snapshot's buffer is too small");
    std::byte* to = impl_->buffer.data() + used;
    for (size_t done = 0; done < tensor.bytes.size(); done += kPiece)
      pieces.push_back(
          {to + done, tensor.bytes.data() + done, std::min(kPiece, tensor.bytes.size() - done)});
    used += tensor.bytes.size();
    tensor.bytes = {to, tensor.bytes.size()};
  }
  if (impl_->options.copyFromDevice) {
    for (const CopyPiece& piece : pieces)
      Z2_TRY_VOID(impl_->options.copyFromDevice(piece.to, piece.from, piece.bytes));
  } else {
    copyInParallel(pieces, impl_->options.copyThreads);
  }
  job.snapshotSeconds = secondsSince(start);
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->job = std::move(job);
    impl_->isBusy = true;
  }
  impl_->changed.notify_all();
  return true;
}

std::vector<SaveOutcome> AsyncSaver::poll() {
  const std::lock_guard lock(impl_->mutex);
  return std::exchange(impl_->ended, {});
}

std::vector<SaveOutcome> AsyncSaver::wait() {
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait(lock, [&] { return !impl_->isBusy; });
  return std::exchange(impl_->ended, {});
}

}  // namespace z2
