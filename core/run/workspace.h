#pragma once

// The folder that holds a person's work: runs/, data/, tokenizers/, models/ and nodes.json. Command
// line and window find the same one.

#include <filesystem>
#include <string_view>
#include <utility>

#include "core/base/error.h"

namespace z2 {

// A value type; nothing is touched on the disk until make().
class Workspace {
 public:
  explicit Workspace(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // `given` when it is not empty, else Z2_WORKSPACE, else ~/Zero2All. Absolute.
  [[nodiscard]] static Workspace choose(std::string_view given = {});

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path runs() const { return folder_ / "runs"; }
  [[nodiscard]] std::filesystem::path data() const { return folder_ / "data"; }
  [[nodiscard]] std::filesystem::path tokenizers() const { return folder_ / "tokenizers"; }
  [[nodiscard]] std::filesystem::path models() const { return folder_ / "models"; }
  [[nodiscard]] std::filesystem::path nodesFile() const { return folder_ / "nodes.json"; }

  // Makes the folder and the four in it, where they are missing.
  [[nodiscard]] Result<void> make() const;

 private:
  std::filesystem::path folder_;
};

}  // namespace z2
