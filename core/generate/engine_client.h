#pragma once

// Answers of the engine, one after the other or several at once; the protocol stands in
// app/trainer/generate_command.h.

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/generate/engine_process.h"
#include "core/io/json.h"

namespace z2 {

// One thread at a time.
class EngineClient {
 public:
  // Loads the model; returns when it is ready. `rows`: answers at once.
  [[nodiscard]] static Result<EngineClient> start(const EngineOptions& options, int64_t rows = 1);

  // Sends the request and calls onToken with each token. When onToken returns false, or the user
  // asks to stop (core/base/progress.h), the answer is ended. Returns why it ended: "stop",
  // "length", "context" or "interrupted".
  [[nodiscard]] Result<std::string> generate(const Json& request,
                                             const std::function<bool(int32_t)>& onToken);

  // All requests, as many at once as the engine has rows; onToken(index of the request, token) ends
  // that answer when it returns false. Returns why each ended; the first error ends all.
  [[nodiscard]] Result<std::vector<std::string>> generateAll(
      const std::vector<Json>& requests, const std::function<bool(size_t, int32_t)>& onToken);

  [[nodiscard]] int64_t capacity() const { return capacity_; }  // tokens of prompt and answer

 private:
  EngineClient(EngineProcess process, int64_t capacity, size_t rows)
      : process_(std::move(process)), capacity_(capacity), rows_(rows) {}

  EngineProcess process_;
  int64_t capacity_;
  size_t rows_;
};

}  // namespace z2
