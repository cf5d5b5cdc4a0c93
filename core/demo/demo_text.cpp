#include "core/demo/demo_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/process.h"
#include "core/io/files.h"
#include "core/text/utf8.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr const char* kBible = "/usr/bin/bible";
constexpr const char* kGzip = "/usr/bin/gzip";
constexpr const char* kManualPages = "/usr/share/man/zh_CN";
constexpr size_t kGeneratedBytes = 3'000'000;
constexpr size_t kTooLittleBytes = 300'000;

bool isThere(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// What a program writes to its standard output; empty when it fails.
Result<std::string> outputOf(const fs::path& program, std::vector<std::string> arguments,
                             const fs::path& scratch) {
  std::error_code ignored;
  fs::remove(scratch, ignored);
  ProcessSpec spec;
  spec.program = program;
  spec.arguments = std::move(arguments);
  spec.output = scratch;
  spec.newSession = true;
  Z2_TRY(ChildProcess child, ChildProcess::spawn(spec));
  const bool isGood = child.wait().code == 0;
  Result<std::string> output = isGood ? readFile(scratch) : std::string();
  fs::remove(scratch, ignored);
  return output;
}

std::vector<std::string> manualPageFiles() {
  std::vector<std::string> files;
  std::error_code failure;
  for (fs::recursive_directory_iterator entry(kManualPages, failure), end; entry != end;
       entry.increment(failure)) {
    if (failure) break;
    if (entry->is_regular_file(failure) && entry->path().extension() == ".gz")
      files.push_back(entry->path().native());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Calls line(text) for each line of `text`, without its newline.
template <typename Line>
void forEachLine(std::string_view text, Line line) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Font changes and escapes of roff: \fB, \-, \,, \/, \(em and the like.
std::string withoutEscapes(std::string_view line) {
  std::string plain;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\') {
      plain += line[i];
      continue;
    }
    if (++i >= line.size()) break;
    switch (line[i]) {
      case 'f':
        ++i;
        break;
      case '(':
        i += 2;
        break;
      case '-':
        plain += '-';
        break;
      case 'e':
        plain += '\\';
        break;
      case ' ':
        plain += ' ';
        break;
      case '"':
        return plain;
      default:
        break;
    }
  }
  return plain;
}

// Empty where the package is not installed.
Result<std::string> englishText(const fs::path& folder) {
  if (!isThere(kBible)) return std::string();
  Z2_TRY(const std::string verses,
         outputOf(kBible, {"-f", "gen1:1-rev22:21"}, folder / "verses.part"));
  return chaptersOfVerses(verses);
}

Result<std::string> chineseText(const fs::path& folder) {
  std::vector<std::string> pages = manualPageFiles();
  if (pages.empty() || !isThere(kGzip)) return std::string();
  pages.insert(pages.begin(), "-dc");
  Z2_TRY(const std::string roff, outputOf(kGzip, std::move(pages), folder / "pages.part"));
  return textOfManualPages(roff);
}

}  // namespace

std::string chaptersOfVerses(std::string_view verses) {
  std::string text;
  std::string_view chapter;
  forEachLine(verses, [&](std::string_view line) {
    const size_t space = line.find(' ');
    const size_t colon = line.substr(0, space).find(':');
    if (space == std::string_view::npos || colon == std::string_view::npos) return;
    if (const std::string_view current = line.substr(0, colon); current != chapter) {
      if (!text.empty()) text += "\n\n";
      chapter = current;
    } else {
      text += ' ';
    }
    text += line.substr(space + 1);
  });
  return text + "\n";
}

std::string textOfManualPages(std::string_view roff) {
  std::string text;
  forEachLine(roff, [&](std::string_view line) {
    if (line.starts_with(".TH")) {  // a new page
      if (!text.empty()) text += '\n';
      return;
    }
    if (line.empty() || line[0] == '\'') return;
    if (line[0] == '.') {
      // Of the requests only those whose arguments are text of the page.
      const bool isText = line.starts_with(".SH ") || line.starts_with(".B ") ||
                          line.starts_with(".I ") || line.starts_with(".SS ");
      if (!isText) return;
      line.remove_prefix(line.find(' ') + 1);
    }
    const std::string plain = withoutEscapes(line);
    // A few pages of the package hold lines that were cut within a character.
    if (!plain.empty() && isValidUtf8(plain)) text += plain + "\n";
  });
  return text;
}

std::string generatedSentences(size_t bytes) {
  static constexpr std::array kPeople = {"the king",   "a child",    "the old woman", "my brother",
                                         "the sailor", "a stranger", "the teacher",   "her friend"};
  static constexpr std::array kDeeds = {"found", "carried", "sold",   "painted",
                                        "lost",  "broke",   "wanted", "remembered"};
  static constexpr std::array kThings = {"a red boat",    "the last letter", "seven apples",
                                         "an old song",   "the white horse", "a silver ring",
                                         "the long road", "a small garden"};
  static constexpr std::array kTimes = {"in the morning", "by the river",       "before the rain",
                                        "last winter",    "without a word",     "on the hill",
                                        "at the market",  "when night had come"};
  std::string text;
  uint64_t state = 1;
  const auto pick = [&](const auto& words) {
    state = state * 6364136223846793005u + 1442695040888963407u;  // Knuth's MMIX generator
    return std::string_view(words[(state >> 33) % words.size()]);
  };
  for (int sentence = 1; text.size() < bytes; ++sentence) {
    std::string line(pick(kPeople));
    line[0] = static_cast<char>(line[0] - 'a' + 'A');
    for (const std::string_view part : {pick(kDeeds), pick(kThings), pick(kTimes)})
      (line += ' ') += part;
    text += line + (sentence % 12 == 0 ? ".\n\n" : ". ");
  }
  return text;
}

Result<fs::path> makeDemoText(const fs::path& folder, DemoLanguage language) {
  const bool isEnglish = language == DemoLanguage::kEnglish;
  const fs::path file = folder / (isEnglish ? "english.txt" : "chinese.txt");
  if (isThere(file)) return file;
  Z2_TRY_VOID(makeFolders(folder));
  Z2_TRY(std::string text, isEnglish ? englishText(folder) : chineseText(folder));
  if (text.size() < kTooLittleBytes) text = generatedSentences(kGeneratedBytes);
  Z2_TRY_VOID(replaceFile(file, text));
  return file;
}

}  // namespace z2
