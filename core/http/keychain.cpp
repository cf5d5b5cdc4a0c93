#include "core/http/keychain.h"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <poll.h>

#include "core/base/piped_process.h"
#include "core/base/program_path.h"

namespace z2 {

namespace {

constexpr size_t kLongestKey = 4096;
constexpr size_t kLongestName = 100;
constexpr int kBetweenQuestionsMs = 100;
// Of libsecret: the one client of the Secret Service that needs no library here.
constexpr const char* kSecretTool = "secret-tool";

struct Answer {
  std::string firstLine;
  std::string all;  // in one line
  bool isYes = false;
};

// Where what the tool complains of goes, as a file for PipedProcess.
constexpr const char* kToTheUser = "";
constexpr const char* kIntoTheAnswer = "/dev/stdout";  // the tool's own

Result<Answer> ask(const char* what, const std::string& name, const char* complaints,
                   const StopQuestion& shouldStop, const std::string* key = nullptr) {
  Z2_TRY_VOID(checkKeyName(name));
  Z2_TRY(const std::filesystem::path tool, findKeychainProgram());
  std::vector<std::string> arguments = {what};
  if (key != nullptr) arguments.push_back("--label=zero2all " + name);
  for (const std::string& word :
       {std::string("application"), std::string("zero2all"), std::string("key"), name})
    arguments.push_back(word);
  Z2_TRY(PipedProcess process, PipedProcess::spawn(tool, arguments, {}, complaints));
  if (key != nullptr) Z2_TRY_VOID(process.write(*key));
  process.closeInput();
  Answer answer;
  std::string line;
  while (true) {
    if (!process.isReady()) {
      if (shouldStop && shouldStop()) {
        signalGroup(process.id(), SIGTERM);
        return interrupted("stopped while the keychain was asked");
      }
      pollfd ready{process.outputDescriptor(), POLLIN, 0};
      ::poll(&ready, 1, kBetweenQuestionsMs);
      continue;
    }
    if (process.readLine(line) == LineReader::Outcome::kEnd) break;
    if (answer.all.empty()) answer.firstLine = line;
    answer.all += (answer.all.empty() ? "" : " ") + line;
  }
  const ProcessEnd end = process.wait();
  answer.isYes = end.signal == 0 && end.code == 0;
  return answer;
}

tl::unexpected<Error> noSuchKey(const std::string& name) {
  return badInput(std::string(kKeychainPrefix) + name,
                  "the keychain has no such key, or cannot be opened",
                  fmt::format("Put it there with: z2all key set {}", name));
}

tl::unexpected<Error> noKeychain(const std::string& complaint) {
  return environmentError(
      {}, fmt::format("no keychain answers: {}", complaint.empty() ? "-" : complaint),
      "Start the desktop's keychain (GNOME Keyring, KWallet, KeePassXC) and open it, or keep the "
      "key in a file that only you can read");
}

}  // namespace

Result<std::filesystem::path> findKeychainProgram() {
  if (auto tool = findOnPath(kSecretTool)) return *std::move(tool);
  return environmentError({}, "the keychain is spoken to by secret-tool, which is not installed",
                          "Install it (Debian: apt install libsecret-tools), or give a file");
}

Result<std::string> checkedKey(std::string line, const std::string& where) {
  line.erase(0, std::min(line.find_first_not_of(" \t"), line.size()));
  line.resize(line.find_last_not_of(" \t\r") + 1);
  if (line.empty()) return badInput(where, "there is no key in the first line");
  const bool isPlain = std::ranges::all_of(line, [](char c) { return c > ' ' && c < 0x7F; });
  if (!isPlain || line.size() > kLongestKey)
    return badInput(where, "the first line is no key: it has spaces or other characters in it",
                    "Put the key alone on the first line");
  return line;
}

Result<void> checkKeyName(const std::string& name) {
  if (name.empty())
    return usageError("keychain: has no name behind it", "Give for example keychain:provider");
  const bool isOneWord = std::ranges::none_of(
      name, [](unsigned char c) { return std::isspace(c) != 0 || std::iscntrl(c) != 0; });
  if (name.front() == '-' || !isOneWord || name.size() > kLongestName)
    return usageError(
        fmt::format("{} cannot be the name of a key: it is one word of up to {} bytes that does "
                    "not begin with -",
                    name, kLongestName),
        "Give for example keychain:provider");
  return {};
}

Result<std::string> readFromKeychain(const std::string& name, const StopQuestion& shouldStop) {
  Z2_TRY(const Answer answer, ask("lookup", name, kToTheUser, shouldStop));
  if (!answer.isYes) return noSuchKey(name);
  return checkedKey(answer.firstLine, std::string(kKeychainPrefix) + name);
}

Result<void> storeInKeychain(const std::string& name, const std::string& key,
                             const StopQuestion& shouldStop) {
  Z2_TRY(const Answer stored, ask("store", name, kIntoTheAnswer, shouldStop, &key));
  if (!stored.isYes) return noKeychain(stored.all);
  Z2_TRY(const Answer kept, ask("lookup", name, kIntoTheAnswer, shouldStop));
  if (!kept.isYes || kept.firstLine != key)
    return noKeychain("it took the key and does not give it back");
  return {};
}

Result<void> removeFromKeychain(const std::string& name, const StopQuestion& shouldStop) {
  Z2_TRY(const Answer removed, ask("clear", name, kIntoTheAnswer, shouldStop));
  if (removed.isYes) return {};
  if (!removed.all.empty()) return noKeychain(removed.all);
  return noSuchKey(name);
}

}  // namespace z2
