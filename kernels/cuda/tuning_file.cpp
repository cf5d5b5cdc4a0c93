#include "kernels/cuda/tuning_file.h"

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace z2::cuda {

namespace fs = std::filesystem;

namespace {

fs::path folderOfUser() {
  if (const char* wish = std::getenv("Z2_TUNING"); wish != nullptr && *wish != '\0') return wish;
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0')
    return fs::path(cache) / "zero2all" / "tuning";
  const char* home = std::getenv("HOME");
  return home == nullptr ? fs::path() : fs::path(home) / ".cache" / "zero2all" / "tuning";
}

std::string fileName(const std::string& device, size_t version) {
  std::string name = "matmul-" + device + "-cublaslt-" + std::to_string(version) + ".txt";
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.') c = '-';
  return name;
}

std::string hexOf(const std::vector<uint8_t>& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : bytes) text += {kDigits[byte / 16], kDigits[byte % 16]};
  return text;
}

int digitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::vector<uint8_t>> bytesOf(const std::string& hex) {
  std::vector<uint8_t> bytes(hex.size() / 2);
  for (size_t i = 0; i < bytes.size(); ++i) {
    const int high = digitOf(hex[2 * i]), low = digitOf(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<uint8_t>(16 * high + low);
  }
  if (hex.size() % 2 != 0) return std::nullopt;
  return bytes;
}

// A file that is locked as long as this lives.
class LockedFile {
 public:
  explicit LockedFile(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
    if (descriptor_ >= 0) ::flock(descriptor_, LOCK_EX);
  }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;
  ~LockedFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] bool isOpen() const { return descriptor_ >= 0; }
  // A line that a crash has torn is ended first.
  bool append(std::string line) const {
    const off_t size = ::lseek(descriptor_, 0, SEEK_END);
    char last = '\n';
    if (size > 0 && ::pread(descriptor_, &last, 1, size - 1) == 1 && last != '\n')
      line = '\n' + line;
    return ::write(descriptor_, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  }

 private:
  int descriptor_;
};

}  // namespace

TuningFile TuningFile::open(const std::string& device, size_t libraryVersion) {
  TuningFile file;
  const fs::path folder = folderOfUser();
  if (folder.empty() || folder == "off") {
    file.description_ = "products are not tuned: Z2_TUNING is off";
    return file;
  }
  std::error_code failure;
  fs::create_directories(folder, failure);
  const std::string path = (folder / fileName(device, libraryVersion)).string();
  if (!LockedFile(path).isOpen()) {
    file.description_ = "products are not tuned: " + path + " cannot be written";
    return file;
  }
  file.path_ = path;
  file.description_ = path;
  return file;
}

std::optional<TunedAlgorithm> TuningFile::find(const std::string& key) const {
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string itsKey, hex;
    TunedAlgorithm entry;
    if (!(words >> itsKey >> hex >> entry.microseconds >> entry.firstMicroseconds)) continue;
    auto bytes = itsKey == key ? bytesOf(hex) : std::nullopt;
    if (!bytes) continue;
    entry.algorithm = std::move(*bytes);
    return entry;
  }
  return std::nullopt;
}

TunedAlgorithm TuningFile::settle(const std::string& key, const TunedAlgorithm& mine) const {
  const LockedFile file(path_);
  if (auto there = find(key)) return *there;
  std::ostringstream line;
  line << key << ' ' << hexOf(mine.algorithm) << ' ' << mine.microseconds << ' '
       << mine.firstMicroseconds << '\n';
  // A disk that is full: the choice holds for this run, the next one measures again.
  if (file.isOpen()) file.append(line.str());
  return mine;
}

}  // namespace z2::cuda
