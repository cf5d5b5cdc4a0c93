#include "core/checkpoint/checkpoint_proof.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

#include "core/io/checksum.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kNanoseconds = 1'000'000'000;
// File systems whose times have steps of two seconds are the coarsest.
constexpr int64_t kSettledAfter = 2 * kNanoseconds;

int64_t nanoseconds(const timespec& time) {
  return int64_t{time.tv_sec} * kNanoseconds + time.tv_nsec;
}

int64_t now(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return nanoseconds(time);
}

// Which files they are, how large, when each was written and changed last.
std::optional<std::string> filesOf(const fs::path& checkpoint, const Manifest& manifest) {
  std::vector<std::string> names = {std::string(kManifestName)};
  for (const ManifestFile& file : manifest.files) names.push_back(file.name);
  std::string all;
  int64_t newest = 0;
  for (const std::string& name : names) {
    struct stat file {};
    if (::stat((checkpoint / name).c_str(), &file) != 0) return std::nullopt;
    newest = std::max({newest, nanoseconds(file.st_mtim), nanoseconds(file.st_ctim)});
    all += fmt::format("{} {} {} {} {} {}\n", name, file.st_dev, file.st_ino, file.st_size,
                       nanoseconds(file.st_mtim), nanoseconds(file.st_ctim));
  }
  if (now(CLOCK_REALTIME) - newest < kSettledAfter) return std::nullopt;
  return checksumOf(all);
}

// "SECONDS:FILES": seconds of the clock that starts with the machine and never stops.
std::string_view partOf(std::string_view proof, bool isFiles) {
  const size_t colon = std::min(proof.find(':'), proof.size());
  if (isFiles) return proof.substr(std::min(colon + 1, proof.size()));
  return proof.substr(0, colon);
}

}  // namespace

std::string proofOf(const fs::path& checkpoint, const Manifest& manifest) {
  const auto files = filesOf(checkpoint, manifest);
  return files ? fmt::format("{}:{}", now(CLOCK_BOOTTIME) / kNanoseconds, *files) : std::string();
}

bool sameFiles(std::string_view one, std::string_view other) {
  return !partOf(one, true).empty() && partOf(one, true) == partOf(other, true);
}

bool proofHolds(std::string_view proof, const fs::path& checkpoint, const Manifest& manifest) {
  const std::string_view seconds = partOf(proof, false);
  int64_t since = 0;
  const auto [end, failure] = std::from_chars(seconds.begin(), seconds.end(), since);
  if (failure != std::errc{} || end != seconds.end()) return false;
  const int64_t age = now(CLOCK_BOOTTIME) / kNanoseconds - since;
  if (age < 0 || static_cast<double>(age) > kProofSeconds) return false;
  return sameFiles(proof, proofOf(checkpoint, manifest));
}

}  // namespace z2
