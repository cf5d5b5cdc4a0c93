// Runs every file of the folders and files on the command line through the fuzz target, and every
// file also cut short and with bytes changed, so that a corpus of a few files covers more.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr int kVariants = 300;

void runOne(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

void runWithVariants(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  runOne(bytes);
  std::mt19937 random(42);
  for (int i = 0; i < kVariants && !bytes.empty(); ++i) {
    std::string changed = bytes;
    if (i % 3 == 0) changed.resize(random() % bytes.size());
    for (size_t j = random() % 4; j > 0 && !changed.empty(); --j)
      changed[random() % changed.size()] = static_cast<char>(random());
    runOne(changed);
  }
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < count; ++i) {
    if (!std::filesystem::is_directory(arguments[i])) {
      files.emplace_back(arguments[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i]))
      files.push_back(entry.path());
  }
  for (const auto& file : files) runWithVariants(file);
  std::printf("%zu files replayed\n", files.size());
  return files.empty() ? 1 : 0;
}
