#include "core/model_files/hf_export.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>

#include "core/io/files.h"
#include "core/io/json.h"
#include "core/io/new_folder.h"
#include "core/io/safetensors.h"
#include "core/model_files/chat_template_file.h"
#include "core/model_files/element_conversion.h"
#include "core/model_files/tokenizer_files.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kAnyBuckets = INT64_MAX;  // the layout is asked for names and shapes only

struct Shard {
  std::vector<const HfTensor*> tensors;
  uint64_t bytes = 0;
};

std::vector<Shard> divide(const ParameterLayout& layout, const HfExportOptions& options) {
  std::vector<Shard> shards(1);
  for (const HfTensor& tensor : layout.hfTensors()) {
    const uint64_t bytes = byteCount(options.type, tensor.shape);
    if (!shards.back().tensors.empty() && shards.back().bytes + bytes > options.shardBytes)
      shards.emplace_back();
    shards.back().tensors.push_back(&tensor);
    shards.back().bytes += bytes;
  }
  return shards;
}

// Converts and writes tensor after tensor.
class ShardWriter {
 public:
  ShardWriter(const TensorReader& readTensor, DType type, Progress& progress)
      : readTensor_(readTensor), type_(type), progress_(progress) {}

  Result<void> write(const Shard& shard, const fs::path& path) {
    std::vector<TensorView> views;
    for (const HfTensor* tensor : shard.tensors)
      views.push_back({tensor->name, type_, tensor->shape, {}});
    Z2_TRY(FileHandle file, openFile(path, O_WRONLY | O_CREAT | O_TRUNC));
    Z2_TRY_VOID(writeAll(file, safetensorsHeader(views, {{"format", "pt"}}), path));
    for (const HfTensor* tensor : shard.tensors) {
      if (stopRequested()) return interrupted("the export was stopped");
      values_.resize(static_cast<size_t>(tensor->size));
      Z2_TRY_VOID(readTensor_(*tensor, values_));
      bytes_.resize(values_.size() * sizeOf(type_));
      narrow(values_, type_, std::as_writable_bytes(std::span(bytes_)));
      Z2_TRY_VOID(writeAll(file, bytes_, path));
      progress_.advance(bytes_.size());
    }
    Z2_TRY_VOID(syncFile(file, path));
    return file.close(path);
  }

 private:
  const TensorReader& readTensor_;
  const DType type_;
  Progress& progress_;
  std::vector<float> values_;
  std::string bytes_;
};

Json indexOf(const std::vector<Shard>& shards, const std::vector<std::string>& names,
             uint64_t totalBytes) {
  Json map = Json::object();
  for (size_t i = 0; i < shards.size(); ++i)
    for (const HfTensor* tensor : shards[i].tensors) map[tensor->name] = names[i];
  return {{"metadata", {{"total_size", totalBytes}}}, {"weight_map", std::move(map)}};
}

// transformers reads either file; older versions and other programs one of them alone.
Result<void> addChatTemplate(const HfExportOptions& options, const fs::path& folder,
                             HfExportReport& report) {
  Z2_TRY(const std::vector<fs::path> names, writeChatTemplate(folder, options.chatTemplate));
  for (const fs::path& name : names)
    if (std::ranges::find(report.files, name) == report.files.end()) report.files.push_back(name);
  return {};
}

}  // namespace

Result<HfExportReport> writeHfDirectory(const fs::path& folder, const HfConfig& config,
                                        const TensorReader& readTensor,
                                        const HfExportOptions& options) {
  Z2_TRY(const Json configJson, writeHfConfig(config, options.type));
  Z2_TRY(NewFolder place, NewFolder::begin(folder));
  const ParameterLayout layout(config.model, kAnyBuckets);
  const std::vector<Shard> shards = divide(layout, options);
  HfExportReport report;
  report.parameters = config.model.parameterCount();
  for (const Shard& shard : shards) report.weightBytes += shard.bytes;

  std::vector<std::string> names;
  Progress progress("exporting", report.weightBytes, Progress::Unit::kBytes);
  ShardWriter writer(readTensor, options.type, progress);
  for (size_t i = 0; i < shards.size(); ++i) {
    names.push_back(shards.size() == 1
                        ? std::string("model.safetensors")
                        : fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, shards.size()));
    Z2_TRY_VOID(writer.write(shards[i], place.path() / names.back()));
    report.files.emplace_back(names.back());
  }
  if (shards.size() > 1) {
    report.files.emplace_back("model.safetensors.index.json");
    Z2_TRY_VOID(writeJsonFile(place.path() / report.files.back(),
                              indexOf(shards, names, report.weightBytes)));
  }
  Z2_TRY_VOID(writeJsonFile(place.path() / "config.json", configJson));
  Z2_TRY_VOID(
      writeJsonFile(place.path() / "generation_config.json", writeHfGenerationConfig(config)));
  report.files.emplace_back("config.json");
  report.files.emplace_back("generation_config.json");
  if (options.tokenizer) {
    Z2_TRY(const std::vector<fs::path> copied,
           copyTokenizerFiles(*options.tokenizer, place.path()));
    report.files.insert(report.files.end(), copied.begin(), copied.end());
  }
  if (!options.chatTemplate.empty()) Z2_TRY_VOID(addChatTemplate(options, place.path(), report));
  Z2_TRY_VOID(place.commit());
  return report;
}

}  // namespace z2
