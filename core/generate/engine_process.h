#pragma once

// The engine (z2all-train) as a child process that answers JSON lines with JSON lines.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
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
// What a message {"error":…,"status":…} says.
[[nodiscard]] Error errorOf(const Json& message);

// One thread at a time.
class EngineProcess {
 public:
  // Runs `z2all-train COMMAND --model …` with the options and `arguments`; returns when the engine
  // says that it is ready. kInterrupted when the user asks to stop while the model is loaded.
  [[nodiscard]] static Result<EngineProcess> start(const std::string& command,
                                                   const EngineOptions& options,
                                                   const std::vector<std::string>& arguments = {});

  // Its first message.
  [[nodiscard]] const Json& ready() const { return ready_; }
  [[nodiscard]] Result<void> send(const Json& message);
  // The next message, an object; nothing when a signal came first. An error: the engine has ended.
  [[nodiscard]] Result<std::optional<Json>> receive();
  // Whether receive() would return at once; where to wait for that.
  [[nodiscard]] bool hasMessage() { return process_.isReady(); }
  [[nodiscard]] int outputDescriptor() const { return process_.outputDescriptor(); }

 private:
  EngineProcess(PipedProcess process, std::filesystem::path errors)
      : process_(std::move(process)), errors_(std::move(errors)) {}
  [[nodiscard]] Error ended();

  PipedProcess process_;
  std::filesystem::path errors_;
  Json ready_;
};

}  // namespace z2
