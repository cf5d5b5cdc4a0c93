#pragma once

// A workspace with data, a tokenizer's place, and runs that are trained in seconds.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <QString>

#include "core/run/run_directory.h"
#include "tests/support/temporary_folder.h"

namespace z2::ui {

class SmallWorkspace {
 public:
  // Writes data/walk and data/walk.valid: a noisy walk over 64 tokens.
  SmallWorkspace();

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  [[nodiscard]] std::filesystem::path data() const { return path() / "data" / "walk" / "walk"; }
  [[nodiscard]] std::filesystem::path run(const std::string& name) const {
    return path() / "runs" / name;
  }
  // Two layers of 32; `settings` as of --set.
  [[nodiscard]] RunDirectory makeRun(const std::string& name,
                                     const std::vector<std::string>& settings = {}) const;
  // The settings that make a model small enough, as texts.
  [[nodiscard]] static std::vector<std::string> smallShape();

 private:
  TemporaryFolder folder_;
};

// Lets events happen until `isDone`; false when that takes longer than a minute.
[[nodiscard]] bool waitUntil(const std::function<bool()>& isDone);

}  // namespace z2::ui
