#pragma once

// `z2all-train generate`: answers requests with one model until standard input ends. JSON Lines.
//
// In:  {"prompt":[ids],"max_new_tokens":n,"temperature":…,"top_k":…,"top_p":…,
//       "repetition_penalty":…,"seed":…,"stop":[ids]}; all but the first are optional.
//      {"cancel":true} while an answer comes ends it.
// Out: {"ready":true,"capacity":n} first; then for each request {"id":n} a token and
//      {"end":"stop"|"length"|"context"|"interrupted"}, or {"error":text,"status":exit status}.
// A prompt that continues what was computed before is not read again (key/value cache).

#include <functional>

#include <CLI/CLI.hpp>

#include "core/base/error.h"

namespace z2 {

// Leaves in `action` what to do when the subcommand was given.
void addGenerateCommand(CLI::App& app, std::function<Result<void>()>& action);

}  // namespace z2
