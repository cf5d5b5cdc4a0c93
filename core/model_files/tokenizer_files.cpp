#include "core/model_files/tokenizer_files.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/io/files.h"
#include "core/io/limits.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 4> kCompanions = {
    "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja", "added_tokens.json"};

// The main file: tokenizer.json, else the only *tokenizer.json, else the only *.model.
fs::path mainFileIn(const fs::path& folder) {
  if (fs::exists(folder / "tokenizer.json")) return folder / "tokenizer.json";
  std::vector<fs::path> candidates[2];
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().native();
    if (name.ends_with("tokenizer.json")) candidates[0].push_back(entry.path());
    if (name.ends_with(".model")) candidates[1].push_back(entry.path());
  }
  for (const auto& found : candidates)
    if (found.size() == 1) return found.front();
  return {};
}

Result<void> copyInto(const fs::path& from, const fs::path& to) {
  Z2_TRY(const std::string content, readFile(from, limits::kTokenizerFileBytes));
  return replaceFile(to, content);
}

}  // namespace

Result<std::vector<fs::path>> copyTokenizerFiles(const fs::path& from, const fs::path& folder) {
  const bool isFolder = fs::is_directory(from);
  const fs::path main = isFolder ? mainFileIn(from) : from;
  if (main.empty() || !fs::exists(main))
    return badInput(from.native(), "there is no tokenizer.json or .model here",
                    "Name the tokenizer's folder");
  std::vector<fs::path> names;
  names.emplace_back(main.extension() == ".model" ? "tokenizer.model" : "tokenizer.json");
  Z2_TRY_VOID(copyInto(main, folder / names.front()));
  const fs::path beside = isFolder ? from : from.parent_path();
  for (const std::string_view companion : kCompanions) {
    if (!fs::exists(beside / companion)) continue;
    Z2_TRY_VOID(copyInto(beside / companion, folder / companion));
    names.emplace_back(companion);
  }
  return names;
}

}  // namespace z2
