#include "tests/support/keyring_session.h"

#include <cstdlib>

#include "core/base/check.h"
#include "core/base/program_path.h"

namespace z2 {

namespace {

constexpr const char* kAddress = "DBUS_SESSION_BUS_ADDRESS";
// Says where the bus is once the keyring is open; ends with its input.
constexpr const char* kScript =
    "printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null; "
    "echo \"$DBUS_SESSION_BUS_ADDRESS\"; cat >/dev/null";

}  // namespace

std::string KeyringSession::missingTool() {
  for (const char* tool : {"dbus-run-session", "gnome-keyring-daemon", "secret-tool"})
    if (!findOnPath(tool)) return tool;
  return {};
}

KeyringSession::KeyringSession(const std::filesystem::path& home) {
  auto session =
      PipedProcess::spawn(findOnPath("dbus-run-session").value(), {"--", "sh", "-c", kScript},
                          {{"HOME", home.native()},
                           {"XDG_RUNTIME_DIR", home.native()},
                           {"XDG_DATA_HOME", home.native()}},
                          home / "keyring.log");
  Z2_CHECK(session.has_value(), "dbus-run-session does not start");
  session_.emplace(std::move(*session));
  std::string address;
  Z2_CHECK(session_->readLine(address) == LineReader::Outcome::kLine, "the session says nothing");
  ::setenv(kAddress, address.c_str(), 1);
}

KeyringSession::~KeyringSession() { ::unsetenv(kAddress); }

}  // namespace z2
