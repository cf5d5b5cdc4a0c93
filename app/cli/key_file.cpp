#include "app/cli/key_file.h"

#include <algorithm>
#include <csignal>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "app/cli/line_input.h"
#include "core/base/piped_process.h"
#include "core/base/program_path.h"

namespace z2::cli {

namespace {

constexpr size_t kLongestKey = 4096;
constexpr std::string_view kKeychain = "keychain:";
// Of libsecret: the one client of the Secret Service that needs no library here.
constexpr const char* kSecretTool = "secret-tool";

Result<std::string> checkedKey(std::string key, const std::string& where) {
  key.erase(0, std::min(key.find_first_not_of(" \t"), key.size()));
  key.resize(key.find_last_not_of(" \t\r") + 1);
  if (key.empty()) return badInput(where, "there is no key in the first line");
  const bool isPlain = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7F; });
  if (!isPlain || key.size() > kLongestKey)
    return badInput(where, "the first line is no key: it has spaces or other characters in it",
                    "Put the key alone on the first line");
  return key;
}

// What secret-tool complains of (no session bus, a locked keychain that nobody opens) stands on
// standard error before this function's words.
Result<std::string> readKeychain(const std::string& name, const std::string& where) {
  if (name.empty() || name.starts_with('-'))
    return usageError("keychain: has no name behind it", "Give for example keychain:provider");
  const auto tool = findOnPath(kSecretTool);
  if (!tool)
    return environmentError(where, "the keychain is read by secret-tool, which is not installed",
                            "Install it (Debian: apt install libsecret-tools), or give a file");
  Z2_TRY(PipedProcess lookup,
         PipedProcess::spawn(*tool, {"lookup", "application", "zero2all", "key", name}));
  lookup.closeInput();
  std::string key;
  // Ctrl-C ends the wait for somebody to open the keychain.
  const LineReader::Outcome read = lookup.readLine(key);
  if (read == LineReader::Outcome::kSignal) {
    signalGroup(lookup.id(), SIGTERM);
    return interrupted("stopped while the keychain was asked");
  }
  const ProcessEnd end = lookup.wait();
  if (read == LineReader::Outcome::kLine || end.code == 0) return checkedKey(key, where);
  return badInput(
      where, "the keychain has no such key, or cannot be opened",
      fmt::format("Put it there with: secret-tool store --label=\"zero2all {0}\" application "
                  "zero2all key {0}",
                  name));
}

}  // namespace

Result<std::string> readKey(const std::string& source) {
  if (source.starts_with(kKeychain)) return readKeychain(source.substr(kKeychain.size()), source);
  const std::string where = source == "-" ? "standard input" : source;
  Z2_TRY(LineInput input, LineInput::open(source));
  Z2_TRY(const std::optional<std::string_view> line, input.next());
  return checkedKey(std::string(line.value_or(std::string_view())), where);
}

}  // namespace z2::cli
