#pragma once

// `z2all-train score`: log probabilities of given tokens until standard input ends. JSON Lines.
//
// In:  {"rows":[[ids],…],"from":[n,…]}: of each row the tokens from index n (at least 1) on.
// Out: {"ready":true} first; then {"logprobs":[sum,…]} (null where it is no number), or
//      {"error":text,"status":exit status}.

#include <functional>

#include <CLI/App.hpp>

#include "core/base/error.h"

namespace z2 {

// Leaves in `action` what to do when the subcommand was given.
void addScoreCommand(CLI::App& app, std::function<Result<void>()>& action);

}  // namespace z2
