#pragma once

// A Secret Service of a test's own: a session bus and an unlocked GNOME keyring in a folder.

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/piped_process.h"

namespace z2 {

class KeyringSession {
 public:
  // The first tool that is missing for it; empty: none.
  [[nodiscard]] static std::string missingTool();
  // Those that look for a session bus find this one, in this process and in its children, for as
  // long as it lives.
  explicit KeyringSession(const std::filesystem::path& home);
  KeyringSession(const KeyringSession&) = delete;
  KeyringSession& operator=(const KeyringSession&) = delete;
  ~KeyringSession();

 private:
  std::optional<PipedProcess> session_;
};

}  // namespace z2
