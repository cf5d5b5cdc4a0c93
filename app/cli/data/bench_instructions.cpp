// z2all bench instructions: how long the check for likeness takes, beside the plain way.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/cli/data/data_command.h"
#include "core/data/permutation.h"
#include "core/instruct/instruction_words.h"
#include "core/instruct/rouge_index.h"
#include "core/text/utf8.h"

namespace z2::cli {

namespace {

constexpr double kThreshold = 0.7;

struct BenchArguments {
  size_t texts = 50'000;
  size_t plainTexts = 2'000;
  bool isJson = false;
};

using Words = std::vector<std::string>;

// What a made-up language is like.
struct Language {
  const char* name;
  uint64_t vocabulary;
  size_t shortest;
  size_t longest;
};
constexpr Language kLanguages[] = {{"en", 20'000, 5, 25}, {"zh", 3'000, 8, 40}};

class Random {
 public:
  uint64_t below(uint64_t bound) { return mixBits(++counter_) % bound; }
  // Zipf: the i-th word comes up about 1/i as often as the first.
  uint64_t word(uint64_t vocabulary) {
    const double uniform = static_cast<double>(mixBits(++counter_) >> 11) / 9007199254740992.0;
    return static_cast<uint64_t>(std::pow(static_cast<double>(vocabulary), uniform));
  }

 private:
  uint64_t counter_ = 0;
};

std::string spelled(const Language& language, uint64_t word) {
  if (std::string_view(language.name) == "en") return fmt::format("w{}", word);
  std::string character;
  appendUtf8(character, static_cast<char32_t>(0x4E00 + word));
  return character;
}

// A fifth of the instructions is an earlier one with some words changed.
std::vector<Words> makeTexts(const Language& language, size_t count) {
  Random random;
  std::vector<Words> texts;
  while (texts.size() < count) {
    Words words;
    if (!texts.empty() && random.below(5) == 0) {
      words = texts[random.below(texts.size())];
      const uint64_t changes = 1 + random.below(1 + words.size() / 2);
      for (uint64_t i = 0; i < changes; ++i)
        words[random.below(words.size())] = spelled(language, random.word(language.vocabulary));
    } else {
      const size_t length =
          language.shortest + random.below(language.longest - language.shortest + 1);
      while (words.size() < length)
        words.push_back(spelled(language, random.word(language.vocabulary)));
    }
    texts.push_back(std::move(words));
  }
  return texts;
}

double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Which texts are kept when each is compared with all that were kept before.
std::vector<size_t> keptByIndex(const std::vector<Words>& texts, double& seconds) {
  const auto start = std::chrono::steady_clock::now();
  RougeIndex index;
  std::vector<size_t> kept;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (index.mostSimilar(texts[i], kThreshold)) continue;
    index.add(texts[i]);
    kept.push_back(i);
  }
  seconds = secondsSince(start);
  return kept;
}

// The table of the textbook, row by row, over words as numbers.
double plainSimilarity(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  std::vector<uint32_t> row(b.size() + 1);
  for (const uint32_t word : a) {
    uint32_t diagonal = 0;
    for (size_t j = 0; j < b.size(); ++j) {
      const uint32_t above = row[j + 1];
      row[j + 1] = word == b[j] ? diagonal + 1 : std::max(above, row[j]);
      diagonal = above;
    }
  }
  return 2.0 * row.back() / static_cast<double>(a.size() + b.size());
}

std::vector<size_t> keptPlainly(const std::vector<Words>& texts, double& seconds) {
  const auto start = std::chrono::steady_clock::now();
  std::unordered_map<std::string, uint32_t> numbers;
  std::vector<std::vector<uint32_t>> keptTexts;
  std::vector<size_t> kept;
  for (size_t i = 0; i < texts.size(); ++i) {
    std::vector<uint32_t> text;
    for (const std::string& word : texts[i])
      text.push_back(numbers.emplace(word, static_cast<uint32_t>(numbers.size())).first->second);
    const bool isLike = std::ranges::any_of(
        keptTexts, [&](const auto& other) { return plainSimilarity(text, other) > kThreshold; });
    if (isLike) continue;
    keptTexts.push_back(std::move(text));
    kept.push_back(i);
  }
  seconds = secondsSince(start);
  return kept;
}

Result<void> bench(const BenchArguments& arguments) {
  Json json = Json::array();
  for (const Language& language : kLanguages) {
    std::vector<Words> texts = makeTexts(language, arguments.texts);
    double seconds = 0;
    const size_t kept = keptByIndex(texts, seconds).size();
    texts.resize(std::min(arguments.plainTexts, texts.size()));
    double plainSeconds = 0;
    double fewSeconds = 0;
    const bool isSame = keptPlainly(texts, plainSeconds) == keptByIndex(texts, fewSeconds);
    if (!isSame)
      return corrupt(language.name, "the index keeps other texts than the plain comparison does");
    json.push_back({{"language", language.name},
                    {"texts", arguments.texts},
                    {"kept", kept},
                    {"seconds", seconds},
                    {"plain_texts", texts.size()},
                    {"plain_seconds", plainSeconds},
                    {"index_seconds", fewSeconds},
                    {"ratio", plainSeconds / fewSeconds}});
  }
  if (arguments.isJson) {
    printJson(json);
    return {};
  }
  for (const Json& row : json)
    fmt::print(
        "{}: {} instructions in {:.2f} s, {} kept; of {} the plain way takes {:.2f} s, {:.0f} "
        "times "
        "as long\n",
        row["language"].get<std::string>(), row["texts"].get<size_t>(),
        row["seconds"].get<double>(), row["kept"].get<size_t>(), row["plain_texts"].get<size_t>(),
        row["plain_seconds"].get<double>(), row["ratio"].get<double>());
  return {};
}

}  // namespace

void addInstructionBenchmark(CLI::App& group, Chosen& chosen) {
  CLI::App& command = *group.add_subcommand(
      "instructions", "Instructions that are like another: exact ROUGE-L against all kept");
  auto arguments = std::make_shared<BenchArguments>();
  command.add_option("--texts", arguments->texts, "Made-up instructions in each language")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  command.add_option("--plain-texts", arguments->plainTexts, "Of these, for the plain way")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command.add_flag("--json", arguments->isJson, "Print one JSON array");
  onChosen(command, chosen, [arguments] { return bench(*arguments); });
}

}  // namespace z2::cli
