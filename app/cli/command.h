#pragma once

// How a subcommand of z2all is made: its own file in this folder, one add…Command function that
// describes options to CLI11 and leaves an Action. Standard output is data, standard error is talk.

#include <functional>

// Not CLI/CLI.hpp, which main.cpp alone includes: its formatter and configuration files would be
// compiled in every file.
#include <CLI/App.hpp>

#include "core/base/error.h"
#include "core/config/schema.h"
#include "core/io/json.h"

namespace z2::cli {

// What a subcommand does once its options are parsed. An error is printed and becomes the exit
// status (core/base/error.h).
using Action = std::function<Result<void>()>;

// Where the subcommand that was asked for leaves its action; main runs it after parsing.
struct Chosen {
  Action action;
};

// Registers `action` to run when `subcommand` was given.
void onChosen(CLI::App& subcommand, Chosen& chosen, Action action);

// One JSON value and a newline on standard output.
void printJson(const Json& value);

// The language of the user's terminal: Chinese when LC_ALL, LC_MESSAGES or LANG (the first that is
// set) begins with zh.
[[nodiscard]] Language languageOfTerminal();

}  // namespace z2::cli
