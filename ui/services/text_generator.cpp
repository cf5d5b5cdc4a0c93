#include "ui/services/text_generator.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <optional>
#include <thread>

#include <QTemporaryDir>

#include "core/generate/text_stream.h"
#include "ui/base/hand_over.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kIdle{120};

double secondsBetween(Clock::time_point begin, Clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

}  // namespace

class TextGenerator::Worker {
 public:
  explicit Worker(TextGenerator& owner) : owner_(owner), thread_([this] { work(); }) {}
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      isEnding_ = true;
      next_.reset();
    }
    stop();
    wake_.notify_one();
    thread_.join();
  }

  void start(int number, const GenerationOptions& options, GenerationPrompt prompt) {
    {
      const std::lock_guard lock(mutex_);
      next_ = Request{number, options, std::move(prompt)};
    }
    allowed_ = number;
    wake_.notify_one();
  }
  // Ends the text at its next token; a model that is being loaded is not waited for.
  void stop() {
    allowed_ = 0;
    const std::lock_guard lock(mutex_);
    if (loading_) signalGroup(*loading_, SIGKILL);
  }

 private:
  struct Request {
    int number = 0;
    GenerationOptions options;
    GenerationPrompt prompt;
  };

  void work() {
    std::unique_lock lock(mutex_);
    while (!isEnding_) {
      const bool isAsked =
          wake_.wait_for(lock, kIdle, [this] { return isEnding_ || next_.has_value(); });
      if (!isAsked) model_.unload();
      if (isEnding_ || !next_) continue;
      const Request request = *std::exchange(next_, std::nullopt);
      lock.unlock();
      if (auto done = generate(request); !done) {
        model_.unload();
        const bool isStopped = allowed_ != request.number;
        tell(request.number, [this, isStopped, error = std::move(done).error()] {
          owner_.isBusy_ = false;
          if (isStopped)
            Q_EMIT owner_.ended({.reason = QStringLiteral("interrupted")});
          else
            Q_EMIT owner_.failed(error);
        });
      }
      lock.lock();
    }
    lock.unlock();
    model_.unload();
  }

  Result<void> generate(const Request& request) {
    Z2_TRY_VOID(validate(request.options.sampling));
    Z2_TRY_VOID(model_.open(request.options, request.prompt.chatTemplate));
    Z2_TRY_VOID(load(request.options.engine));
    auto read = model_.read(request.prompt, request.options.maxNewTokens);
    if (!read) {
      // The prompt's fault: the model stays.
      tell(request.number, [this, error = std::move(read).error()] {
        owner_.isBusy_ = false;
        Q_EMIT owner_.failed(error);
      });
      return {};
    }
    tell(request.number, [this, prompt = *read] { Q_EMIT owner_.ready(prompt); });
    return write(request, *read);
  }

  Result<void> write(const Request& request, const ReadPrompt& prompt) {
    TextStream stream(prompt.tokenizer, prompt.stops);
    GenerationEnd end;
    const Clock::time_point begin = Clock::now();
    Clock::time_point first = begin;
    Clock::time_point last = begin;
    const auto onToken = [&](int32_t id) {
      last = Clock::now();
      if (end.tokens++ == 0) first = last;
      say(request.number, stream.push(id), id);
      return allowed_ == request.number && !stream.hasStopped();
    };
    const Json ask = makeRequest(request.options, prompt.ids, prompt.stopIds);
    Z2_TRY(const std::string reason, model_.engine().generate(ask, onToken));
    if (!stream.hasStopped()) say(request.number, stream.finish(), -1);
    end.reason = stream.hasStopped() ? QStringLiteral("stop") : toQString(reason);
    end.secondsToFirst = secondsBetween(begin, first);
    end.secondsBehind = secondsBetween(first, last);
    tell(request.number, [this, end] {
      owner_.isBusy_ = false;
      Q_EMIT owner_.ended(end);
    });
    return {};
  }

  Result<void> load(const EngineOptions& options) {
    EngineOptions own = options;
    own.errors = toPath(folder_.filePath(QStringLiteral("engine")));
    own.onStarted = [this](const ProcessId& id) {
      const std::lock_guard lock(mutex_);
      loading_ = id;
      if (isEnding_ || allowed_ == 0) signalGroup(id, SIGKILL);
    };
    auto loaded = model_.load(own);
    const std::lock_guard lock(mutex_);
    loading_.reset();
    return loaded;
  }

  void say(int number, const std::string& text, int32_t id) {
    if (text.empty() && id < 0) return;
    tell(number, [this, text = toQString(text), id] { Q_EMIT owner_.wrote(text, id); });
  }

  // In the GUI thread, unless another text was asked for since.
  template <typename Call>
  void tell(int number, Call call) {
    handOver(&owner_, [this, number, call = std::move(call)] {
      if (number == owner_.current_) call();
    });
  }

  TextGenerator& owner_;
  const QTemporaryDir folder_;   // for the engine's words
  LoadedModel model_;            // of the thread alone
  std::atomic<int> allowed_{0};  // the number of the text that may go on
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<Request> next_;
  std::optional<ProcessId> loading_;
  bool isEnding_ = false;
  std::thread thread_;
};

double tokensPerSecond(const GenerationEnd& end) {
  // Tokens of a small model come several at once: of a moment nothing can be said.
  constexpr double kLeastSeconds = 0.1;
  return end.secondsBehind < kLeastSeconds ? 0 : (end.tokens - 1) / end.secondsBehind;
}

TextGenerator::TextGenerator(QObject* parent)
    : QObject(parent), worker_(std::make_unique<Worker>(*this)) {}

TextGenerator::~TextGenerator() = default;

void TextGenerator::start(const GenerationOptions& options, GenerationPrompt prompt) {
  isBusy_ = true;
  worker_->start(++current_, options, std::move(prompt));
}

void TextGenerator::stop() {
  if (isBusy_) worker_->stop();
}

}  // namespace z2::ui
