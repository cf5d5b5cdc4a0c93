#include "ui/services/text_generator.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include <QTemporaryDir>

#include "core/generate/model_tokenizer.h"
#include "core/generate/text_stream.h"
#include "core/model_files/model_source.h"
#include "ui/base/hand_over.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kIdle{120};

}  // namespace

class TextGenerator::Worker {
 public:
  explicit Worker(TextGenerator& owner) : owner_(owner), thread_([this] { work(); }) {}
  ~Worker() {
    stop(0);
    {
      const std::lock_guard lock(mutex_);
      isEnding_ = true;
      next_.reset();
      // A model that is being loaded is not waited for.
      if (loading_) signalGroup(*loading_, SIGKILL);
    }
    wake_.notify_one();
    thread_.join();
  }

  void start(int number, const GenerationOptions& options, const QString& prompt) {
    {
      const std::lock_guard lock(mutex_);
      next_ = Request{number, options, toUtf8(prompt)};
    }
    allowed_ = number;
    wake_.notify_one();
  }
  // Texts of other numbers end at their next token.
  void stop(int allowed) { allowed_ = allowed; }

 private:
  struct Request {
    int number = 0;
    GenerationOptions options;
    std::string prompt;
  };

  void work() {
    std::unique_lock lock(mutex_);
    while (!isEnding_) {
      const bool isAsked =
          wake_.wait_for(lock, kIdle, [this] { return isEnding_ || next_.has_value(); });
      if (!isAsked) engine_.reset();
      if (isEnding_ || !next_) continue;
      const Request request = *std::exchange(next_, std::nullopt);
      lock.unlock();
      if (auto done = generate(request); !done) {
        engine_.reset();
        const bool isStopped = allowed_ != request.number;
        tell(request.number, [this, isStopped, error = std::move(done).error()] {
          owner_.isBusy_ = false;
          if (isStopped)
            Q_EMIT owner_.ended(QStringLiteral("interrupted"), 0, 0);
          else
            Q_EMIT owner_.failed(error);
        });
      }
      lock.lock();
    }
    lock.unlock();
    engine_.reset();
  }

  Result<void> generate(const Request& request) {
    Z2_TRY_VOID(validate(request.options.sampling));
    Z2_TRY(const ModelDescription model, describeModel(request.options.engine.model));
    Z2_TRY(const auto tokenizer, openModelTokenizer(model, request.options.tokenizer));
    Z2_TRY(const std::vector<int32_t> prompt, encodePrompt(*tokenizer, request.prompt, false));
    if (prompt.empty()) return badInput("", "there is no text to continue", "Write a few words");
    Z2_TRY_VOID(load(request.options.engine));
    tell(request.number, [this] { Q_EMIT owner_.ready(); });

    TextStream stream(tokenizer);
    int tokens = 0;
    const Clock::time_point begin = Clock::now();
    const auto onToken = [&](int32_t id) {
      ++tokens;
      say(request.number, stream.push(id));
      return allowed_ == request.number;
    };
    const Json ask = makeRequest(request.options, prompt, stopIdsOf(model, *tokenizer));
    Z2_TRY(const std::string reason, engine_->generate(ask, onToken));
    say(request.number, stream.finish());
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    tell(request.number, [this, reason = toQString(reason), tokens, seconds] {
      owner_.isBusy_ = false;
      Q_EMIT owner_.ended(reason, tokens, seconds);
    });
    return {};
  }

  Result<void> load(const EngineOptions& options) {
    if (engine_ && loaded_ == options.model) return {};
    engine_.reset();
    EngineOptions own = options;
    own.errors = toPath(folder_.filePath(QStringLiteral("engine")));
    own.onStarted = [this](const ProcessId& id) {
      const std::lock_guard lock(mutex_);
      loading_ = id;
      if (isEnding_) signalGroup(id, SIGKILL);
    };
    auto engine = EngineClient::start(own);
    {
      const std::lock_guard lock(mutex_);
      loading_.reset();
    }
    if (!engine) return tl::unexpected(std::move(engine).error());
    engine_.emplace(*std::move(engine));
    loaded_ = options.model;
    return {};
  }

  void say(int number, const std::string& text) {
    if (text.empty()) return;
    tell(number, [this, text = toQString(text)] { Q_EMIT owner_.text(text); });
  }

  // In the GUI thread, unless another text was asked for since.
  template <typename Call>
  void tell(int number, Call call) {
    handOver(&owner_, [this, number, call = std::move(call)] {
      if (number == owner_.current_) call();
    });
  }

  TextGenerator& owner_;
  const QTemporaryDir folder_;          // for the engine's words
  std::optional<EngineClient> engine_;  // of the thread alone, as loaded_
  std::string loaded_;
  std::atomic<int> allowed_{0};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<Request> next_;
  std::optional<ProcessId> loading_;
  bool isEnding_ = false;
  std::thread thread_;
};

TextGenerator::TextGenerator(QObject* parent)
    : QObject(parent), worker_(std::make_unique<Worker>(*this)) {}

TextGenerator::~TextGenerator() = default;

void TextGenerator::start(const GenerationOptions& options, const QString& prompt) {
  isBusy_ = true;
  worker_->start(++current_, options, prompt);
}

void TextGenerator::stop() {
  if (isBusy_) worker_->stop(0);
}

}  // namespace z2::ui
