// z2all key: the keys of servers, in the desktop's keychain

#include "app/cli/key_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include <termios.h>
#include <unistd.h>

#include "core/base/line_reader.h"
#include "core/base/progress.h"
#include "core/http/keychain.h"

namespace z2::cli {

namespace {

// While it lives, a terminal does not show what is typed.
class Unseen {
 public:
  Unseen() : isTerminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!isTerminal_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;
  ~Unseen() {
    if (!isTerminal_) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::fputc('\n', stderr);
  }
  [[nodiscard]] bool isTerminal() const { return isTerminal_; }

 private:
  termios before_{};
  bool isTerminal_;
};

Result<std::string> askForKey(const std::string& name) {
  std::string line;
  const Unseen unseen;
  if (unseen.isTerminal()) std::fprintf(stderr, "Key %s (it is not shown): ", name.c_str());
  LineReader input(STDIN_FILENO);
  if (input.next(line) == LineReader::Outcome::kSignal) return interrupted("nothing was stored");
  return checkedKey(std::move(line), "standard input");
}

Result<void> setKey(const std::string& name) {
  Z2_TRY_VOID(checkKeyName(name));
  if (auto program = findKeychainProgram(); !program)
    return tl::unexpected(std::move(program).error());  // before anything is typed
  Z2_TRY(const std::string key, askForKey(name));
  Z2_TRY_VOID(storeInKeychain(name, key, stopRequested));
  std::fprintf(stderr, "The keychain has it: --key-file keychain:%s\n", name.c_str());
  return {};
}

Result<void> deleteKey(const std::string& name) {
  Z2_TRY_VOID(removeFromKeychain(name, stopRequested));
  std::fprintf(stderr, "The keychain has no key %s any more\n", name.c_str());
  return {};
}

void addOne(CLI::App& group, Chosen& chosen, const char* command, const char* help,
            Result<void> (*action)(const std::string&)) {
  CLI::App& one = *group.add_subcommand(command, help);
  const auto name = std::make_shared<std::string>();
  one.add_option("name", *name, "Of the key, as behind keychain:")->required();
  onChosen(one, chosen, [name, action] { return action(*name); });
}

}  // namespace

void addKeyCommand(CLI::App& app, Chosen& chosen) {
  CLI::App& group =
      *app.add_subcommand("key", "Keys of servers in the desktop's keychain, for --key-file");
  group.require_subcommand(1);
  addOne(group, chosen, "set",
         "Store a key, in place of one of that name: the first line of standard input, or what is "
         "typed unseen",
         setKey);
  addOne(group, chosen, "delete", "Take a key out of the keychain", deleteKey);
}

}  // namespace z2::cli
