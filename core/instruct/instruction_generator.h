#pragma once

// Makes instruction data as self-instruct does (Wang et al., 2022): a model is shown some seed
// tasks and asked for more; what is like a task that is known, too short, too long or beyond a
// model's reach is dropped.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/http/http_client.h"
#include "core/instruct/answer_parser.h"
#include "core/instruct/chat_exchange.h"
#include "core/instruct/retry_plan.h"
#include "core/instruct/seed_tasks.h"
#include "core/instruct/task_filter.h"
#include "core/instruct/task_store.h"

namespace z2 {

struct GeneratorOptions {
  std::string url;  // as chatUrlOf gives it
  std::string key;
  ChatOptions chat;
  SeedTasks seeds;
  size_t examples = 3;     // seeds that a request shows
  size_t perRequest = 10;  // tasks that it asks for
  size_t parallel = 4;     // requests at once
  uint64_t seed = 1;       // of examples, waits and the model
  std::filesystem::path output;
  uint64_t count = 0;  // tasks to keep
  FilterOptions filter;
  RetryOptions retry;
  std::chrono::milliseconds timeout{300'000};
  uint64_t mostRequests = 0;    // of this call; 0: no limit
  uint64_t mostFruitless = 20;  // answers in a row with nothing to keep that end the work; 0: none
  double priceIn = 0;           // of a million tokens
  double priceOut = 0;
  double mostCost = 0;  // of the file, over all calls; 0: no limit
  // What a person may want to know while it works: waits, changed settings.
  std::function<void(const std::string&)> onNotice = {};
};

struct GeneratorSummary {
  uint64_t kept = 0;  // of the file
  uint64_t count = 0;
  std::map<std::string, uint64_t> dropped;  // by reason
  TaskTotals totals;                        // of the file, over all calls
  double cost = 0;
  uint64_t keptNow = 0;  // by this call
  double seconds = 0;    // of this call
  [[nodiscard]] bool isFinished() const { return kept >= count; }
};

// One thread; several requests are under way at once.
class InstructionGenerator {
 public:
  // Opens the files (see TaskStore); nothing is asked yet.
  [[nodiscard]] static Result<InstructionGenerator> open(GeneratorOptions options);

  // Until `count` tasks are kept or a limit is reached. On the user's stop request it is
  // kInterrupted. In every case what was answered is in the files, and the next call goes on.
  [[nodiscard]] Result<void> run();
  [[nodiscard]] GeneratorSummary summary() const;

 private:
  using Clock = std::chrono::steady_clock;
  // A request that is not done with.
  struct Attempt {
    int64_t failures = 0;
    int64_t cutOffs = 0;
    bool isUnderWay = false;
    Clock::time_point due = {};
    int64_t promptTokens = 0;  // of answers that were not taken
    int64_t completionTokens = 0;
  };

  InstructionGenerator(GeneratorOptions options, HttpClient client, TaskStore store);
  [[nodiscard]] Result<void> work();
  [[nodiscard]] bool isAtLimit() const;
  void plan();
  [[nodiscard]] size_t wantedAtOnce() const;
  [[nodiscard]] Result<void> send();
  [[nodiscard]] HttpPost postOf(uint64_t request, const Attempt& attempt) const;
  [[nodiscard]] Result<void> take(const HttpAnswer& answer);
  [[nodiscard]] Result<void> takeReply(uint64_t request, const ChatReply& reply);
  [[nodiscard]] Result<void> retryLater(uint64_t request, Error error, std::chrono::seconds asked,
                                        bool isBusy);
  void sort(const std::vector<FoundTask>& found, const std::string& answer,
            RequestOutcome& outcome);
  [[nodiscard]] Result<void> checkFruit(const RequestOutcome& outcome);
  [[nodiscard]] double costSoFar() const;

  GeneratorOptions options_;
  HttpClient client_;
  TaskStore store_;
  std::unique_ptr<TaskFilter> filter_;
  std::unique_ptr<Progress> progress_;
  std::map<uint64_t, Attempt> attempts_;  // by request
  uint64_t nextRequest_ = 0;
  uint64_t begunNow_ = 0;
  uint64_t doneNow_ = 0;
  uint64_t keptNow_ = 0;
  uint64_t fruitless_ = 0;
  std::map<std::string, uint64_t> fruitlessReasons_;
  bool wasReached_ = false;
  Clock::time_point pausedUntil_;
  Clock::time_point started_;
};

}  // namespace z2
