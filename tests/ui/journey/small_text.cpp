#include "tests/ui/journey/small_text.h"

#include "core/base/check.h"
#include "core/demo/demo_text.h"
#include "core/io/files.h"

namespace z2::ui {

void writeSmallText(const std::filesystem::path& file) {
  constexpr size_t kBytes = 200'000;
  constexpr uint64_t kMost = uint64_t{8} << 20;
  const std::filesystem::path real =
      std::filesystem::path(Z2_SOURCE_DIR).parent_path() / "shared/data/pretrain/en_wiki.txt";
  const auto whole = readFile(real, kMost);
  std::string text;
  for (const char c : whole ? whole->substr(0, kBytes) : generatedSentences(kBytes)) {
    text += c;
    if (c == '\n') text += c;  // each line a document
  }
  std::filesystem::create_directories(file.parent_path());
  Z2_CHECK(replaceFile(file, text).has_value(), "the text cannot be written");
}

}  // namespace z2::ui
