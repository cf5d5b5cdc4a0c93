#pragma once

// Runs a program of the project as a person would, and keeps what it printed.

#include <filesystem>
#include <string>
#include <vector>

namespace z2 {

struct ProgramRun {
  int exitCode = -1;   // -1: it did not end by itself
  std::string output;  // standard output
  std::string errors;  // standard error
};

// `program`: a name in the build's bin folder, or a path. `input` goes to standard input.
[[nodiscard]] ProgramRun runProgram(const std::string& program,
                                    const std::vector<std::string>& arguments,
                                    const std::string& input = {});

}  // namespace z2
