#include "ui/pages/new_run/workspace_stock.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "core/config/schema.h"
#include "core/doctor/findings.h"
#include "core/model/llama_config.h"
#include "core/run/run_directory.h"
#include "core/run/run_list.h"
#include "core/tokenizer/tokenizer.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kManifestEnd = ".manifest.json";
constexpr int kMostDepth = 4;
constexpr size_t kMostRuns = 100;

QString nameBelow(const fs::path& folder, const fs::path& prefix) {
  const fs::path relative = prefix.lexically_relative(folder);
  const fs::path parent = relative.parent_path();
  // data/en/en.bin is what most people have; one "en" is enough.
  return pathText(parent.filename() == relative.filename() ? parent : relative);
}

std::vector<DataSet> findData(const fs::path& folder) {
  std::set<fs::path> prefixes;
  std::error_code failure;
  for (fs::recursive_directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (entry.depth() >= kMostDepth) entry.disable_recursion_pending();
    std::string name = entry->path().native();
    if (!name.ends_with(kManifestEnd)) continue;
    name.resize(name.size() - kManifestEnd.size());
    prefixes.insert(name);
  }
  std::vector<DataSet> found;
  for (const fs::path& prefix : prefixes) {
    const std::string text = prefix.native();
    if (text.ends_with(".valid") && prefixes.contains(text.substr(0, text.size() - 6))) continue;
    DataSet set{.prefix = prefix,
                .name = nameBelow(folder, prefix),
                .manifest = {},
                .hasValidation = prefixes.contains(text + ".valid"),
                .problem = {}};
    const auto manifest = DataManifest::read(prefix);
    if (manifest && *manifest)
      set.manifest = **manifest;
    else if (!manifest)
      set.problem = toQString(manifest.error().text());
    found.push_back(std::move(set));
  }
  return found;
}

std::vector<fs::path> foldersIn(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure))
    if (entry->is_directory(failure)) found.push_back(entry->path());
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<TokenizerEntry> findTokenizers(const fs::path& folder) {
  std::vector<TokenizerEntry> found;
  for (const fs::path& path : foldersIn(folder)) {
    const auto tokenizer = Tokenizer::open(path);
    if (!tokenizer) continue;
    found.push_back({path, pathText(path.filename()), (*tokenizer)->hash(),
                     static_cast<int64_t>((*tokenizer)->vocabSize())});
  }
  return found;
}

Json flatOf(const RunConfig& config) {
  Json flat = Json::object();
  for (const Field& field : schema())
    if (field.appliesTo(config.task())) flat[std::string(field.key)] = config.value(field.key);
  return flat;
}

std::vector<PastRun> findRuns(const fs::path& folder) {
  std::vector<fs::path> paths = foldersIn(folder);
  std::error_code ignored;
  std::sort(paths.begin(), paths.end(), [&](const fs::path& a, const fs::path& b) {
    return fs::last_write_time(a, ignored) > fs::last_write_time(b, ignored);
  });
  if (paths.size() > kMostRuns) paths.resize(kMostRuns);
  std::vector<PastRun> found;
  for (const fs::path& path : paths) {
    const auto run = RunDirectory::open(path);
    if (!run) continue;
    const Json last = lastMetrics(run->metrics());
    const auto model = LlamaConfig::fromRunConfig(run->config());
    if (!model || !last.is_object() || !last.contains("tok_s") || !last["tok_s"].is_number())
      continue;
    found.push_back({pathText(path.filename()), flatOf(run->config()), last["tok_s"].get<double>(),
                     flopsPerToken(*model, run->config().integer("data.seq_len")).full});
  }
  return found;
}

void findGpu(WorkspaceStock& stock) {
  std::error_code failure;
  const fs::path programs = fs::read_symlink("/proc/self/exe", failure).parent_path();
  const Finding found = examineGpu(programs);
  const Json gpus = found.details.value("gpus", Json::array());
  // With a remedy to it, the CPU is used.
  if (!found.fix.empty() || gpus.empty()) return;
  stock.gpuName = toQString(gpus.front().value("name", std::string()));
  stock.gpuMemory = gpus.front().value("memory_gb", 0.0) * 1e9;
}

}  // namespace

WorkspaceStock lookAtStock(const fs::path& workspace) {
  WorkspaceStock stock{.data = findData(workspace / "data"),
                       .tokenizers = findTokenizers(workspace / "tokenizers"),
                       .runs = findRuns(workspace / "runs"),
                       .models = foldersIn(workspace / "models"),
                       .gpuName = {},
                       .gpuMemory = 0};
  findGpu(stock);
  return stock;
}

std::string tokenizerHash(const fs::path& path) {
  const auto tokenizer = Tokenizer::open(path);
  return tokenizer ? (*tokenizer)->hash() : std::string();
}

}  // namespace z2::ui
