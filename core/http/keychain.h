#pragma once

// Keys of servers in the desktop's keychain (Secret Service: GNOME's, KDE's, KeePassXC's), each
// under application zero2all, key NAME. A key passes through pipes alone: it is never an argument
// and never in a file.
//
// Each call waits for as long as the desktop asks its user to open the keychain; `shouldStop` is
// asked meanwhile, and true ends it (kInterrupted). kEnvironment: this machine has no keychain, or
// nothing that speaks to it.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace z2 {

using StopQuestion = std::function<bool()>;

// What stands before a name where a file could stand as well.
inline constexpr std::string_view kKeychainPrefix = "keychain:";

// The program that speaks to the keychain.
[[nodiscard]] Result<std::filesystem::path> findKeychainProgram();
// Without spaces around it. kBadInput, of `where`: there is none, or no server would take it.
[[nodiscard]] Result<std::string> checkedKey(std::string line, const std::string& where);
// kUsage: a name that could not be given behind keychain: again.
[[nodiscard]] Result<void> checkKeyName(const std::string& name);

// kBadInput: there is no such key.
[[nodiscard]] Result<std::string> readFromKeychain(const std::string& name,
                                                   const StopQuestion& shouldStop);
// In place of one that is there. Done once it can be read back.
[[nodiscard]] Result<void> storeInKeychain(const std::string& name, const std::string& key,
                                           const StopQuestion& shouldStop);
// kBadInput: there is no such key.
[[nodiscard]] Result<void> removeFromKeychain(const std::string& name,
                                              const StopQuestion& shouldStop);

}  // namespace z2
