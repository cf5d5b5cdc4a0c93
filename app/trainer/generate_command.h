#pragma once

// `z2all-train generate`: answers requests with one model until standard input ends. JSON Lines.
//
// In:  {"prompt":[ids],"max_new_tokens":n,"temperature":…,"top_k":…,"top_p":…,"min_p":…,
//       "repetition_penalty":…,"frequency_penalty":…,"presence_penalty":…,"seed":…,"stop":[ids],
//       "top_logprobs":k,"request":number}; all but the first are optional. With --rows, so many
//       requests are answered at once, others wait.
//      {"cancel":true} ends all answers, {"cancel":number} that of one request.
// Out: {"ready":true,"capacity":n,"rows":n} first; then for each request {"id":n} a token and
//      {"end":"stop"|"length"|"context"|"interrupted"}, or {"error":text,"status":exit status};
//      each with "request" where one was given. With top_logprobs (0: none beside the token's own)
//      a token also has "logprob" and "top":[[id,logprob],…].
// A prompt that continues what was computed before is not read again (key/value cache).

#include <functional>

#include <CLI/App.hpp>

#include "core/base/error.h"

namespace z2 {

// Leaves in `action` what to do when the subcommand was given.
void addGenerateCommand(CLI::App& app, std::function<Result<void>()>& action);

}  // namespace z2
