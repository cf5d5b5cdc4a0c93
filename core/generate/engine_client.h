#pragma once

// The engine (z2all-train generate) as a child process that answers requests of token ids; its
// protocol stands in app/trainer/generate_command.h.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/piped_process.h"
#include "core/base/process.h"
#include "core/io/json.h"

namespace z2 {

struct EngineOptions {
  std::string model;
  std::string dtype = "fp32";
  std::string device = "auto";
  int threads = 0;
  // Takes the engine's own words, whose last line then is what an error says; empty: they go to
  // this process's standard error.
  std::filesystem::path errors = {};
  // Called when the engine has begun to load the model, with the leader of its process group.
  std::function<void(const ProcessId&)> onStarted = {};
};

// How the engine's end is told to the user; its own words are on standard error already.
[[nodiscard]] Error engineEnded(const ProcessEnd& end);

// One thread at a time.
class EngineClient {
 public:
  // Loads the model; returns when it is ready.
  [[nodiscard]] static Result<EngineClient> start(const EngineOptions& options);

  // Sends the request and calls onToken with each token. When onToken returns false, or the user
  // asks to stop (core/base/progress.h), the answer is ended. Returns why it ended: "stop",
  // "length", "context" or "interrupted".
  [[nodiscard]] Result<std::string> generate(const Json& request,
                                             const std::function<bool(int32_t)>& onToken);

  [[nodiscard]] int64_t capacity() const { return capacity_; }  // tokens of prompt and answer

 private:
  EngineClient(PipedProcess process, std::filesystem::path errors)
      : process_(std::move(process)), errors_(std::move(errors)) {}
  // The next message; a stop request is passed on to the engine once.
  [[nodiscard]] Result<Json> nextMessage(bool& isCancelled);

  [[nodiscard]] Error ended();

  PipedProcess process_;
  std::filesystem::path errors_;
  int64_t capacity_ = 0;
};

}  // namespace z2
