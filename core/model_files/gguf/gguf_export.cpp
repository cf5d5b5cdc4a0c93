#include "core/model_files/gguf/gguf_export.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "core/base/progress.h"
#include "core/io/files.h"
#include "core/model_files/element_conversion.h"
#include "core/model_files/gguf/gguf_names.h"
#include "core/model_files/gguf/gguf_tokenizer.h"
#include "core/model_files/gguf/plain_template.h"
#include "core/model_files/gguf/q8_0.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kAnyBuckets = INT64_MAX;  // the layout is asked for names and shapes only
constexpr uint32_t kQuantizationVersion = 2;

// "general.file_type".
uint32_t fileType(GgmlType type) {
  switch (type) {
    case GgmlType::kF32:
      return 0;
    case GgmlType::kF16:
      return 1;
    case GgmlType::kQ8_0:
      return 7;
    case GgmlType::kBF16:
      return 32;
  }
  return 0;
}

struct PlannedTensor {
  const HfTensor* source = nullptr;
  int64_t permutedHeads = 0;  // 0: rows stay in their order
};

struct Plan {
  std::vector<PlannedTensor> tensors;
  std::vector<GgufTensor> table;  // in the same order
  int64_t irregular = 0;          // matrices that Q8_0 cannot hold
  uint64_t dataBytes = 0;
};

Plan planTensors(const ParameterLayout& layout, const LlamaConfig& model, GgmlType type) {
  Plan plan;
  for (const HfTensor& tensor : layout.hfTensors()) {
    GgmlType itsType = tensor.shape.size() == 1 ? GgmlType::kF32 : type;
    if (itsType == GgmlType::kQ8_0 && tensor.shape.back() % kQ8BlockSize != 0) {
      itsType = GgmlType::kF16;
      ++plan.irregular;
    }
    plan.tensors.push_back({&tensor, permutedHeads(tensor.name, model)});
    plan.table.push_back({ggufTensorName(tensor.name), tensor.shape, itsType});
    const uint64_t bytes = ggmlByteCount(itsType, tensor.size);
    plan.dataBytes += bytes + ggufPadding(bytes);
  }
  return plan;
}

void addModel(const LlamaConfig& model, GgufMetadata& metadata, std::vector<std::string>& notes) {
  const std::string architecture(ggufArchitecture(model));
  const auto key = [&](const char* name) { return architecture + "." + name; };
  const auto number = [&](const char* name, int64_t value) {
    metadata.add(key(name), static_cast<uint32_t>(value));
  };
  number("vocab_size", model.vocabSize);
  number("context_length", model.maxPositionEmbeddings);
  number("embedding_length", model.hiddenSize);
  number("block_count", model.numHiddenLayers);
  number("feed_forward_length", model.intermediateSize);
  number("attention.head_count", model.numAttentionHeads);
  number("attention.head_count_kv", model.numKeyValueHeads);
  number("attention.key_length", model.headDim);
  number("attention.value_length", model.headDim);
  number("rope.dimension_count", model.headDim);
  metadata.add(key("attention.layer_norm_rms_epsilon"), static_cast<float>(model.rmsNormEps));
  metadata.add(key("rope.freq_base"), static_cast<float>(model.ropeTheta));
  if (model.ropeScaling == RopeScaling::kLinear) {
    metadata.add(key("rope.scaling.type"), "linear");
    metadata.add(key("rope.scaling.factor"), static_cast<float>(model.ropeScalingFactor));
  }
  if (model.ropeScaling == RopeScaling::kDynamic)
    notes.push_back(
        fmt::format("llama.cpp has no dynamic RoPE scaling: it is right up to {} "
                    "positions",
                    model.maxPositionEmbeddings));
}

Result<GgufMetadata> makeMetadata(const HfConfig& config, const GgufExportOptions& options,
                                  std::vector<std::string>& notes) {
  GgufMetadata metadata;
  metadata.add("general.architecture", ggufArchitecture(config.model));
  metadata.add("general.type", "model");
  metadata.add("general.name", options.name);
  metadata.add("general.file_type", fileType(options.type));
  if (options.type == GgmlType::kQ8_0)
    metadata.add("general.quantization_version", kQuantizationVersion);
  addModel(config.model, metadata, notes);
  if (options.tokenizer) {
    Z2_TRY(const std::vector<std::string> differences,
           addGgufTokenizer(*options.tokenizer, config, metadata));
    notes.insert(notes.end(), differences.begin(), differences.end());
  }
  if (!options.chatTemplate.empty())
    metadata.add("tokenizer.chat_template", withoutGenerationTags(options.chatTemplate));
  return metadata;
}

void encode(std::span<const float> values, GgmlType type, std::string& out) {
  out.resize(ggmlByteCount(type, std::ssize(values)));
  const std::span<std::byte> bytes = std::as_writable_bytes(std::span(out));
  switch (type) {
    case GgmlType::kF32:
      return narrow(values, DType::kF32, bytes);
    case GgmlType::kF16:
      return narrow(values, DType::kF16, bytes);
    case GgmlType::kBF16:
      return narrow(values, DType::kBF16, bytes);
    case GgmlType::kQ8_0:
      return quantizeQ8(values, bytes);
  }
}

Result<void> writeTensors(const FileHandle& file, const fs::path& path, const Plan& plan,
                          const TensorReader& readTensor) {
  Progress progress("exporting", plan.dataBytes, Progress::Unit::kBytes);
  std::vector<float> values;
  std::string bytes;
  for (size_t i = 0; i < plan.tensors.size(); ++i) {
    if (stopRequested()) return interrupted("the export was stopped");
    const HfTensor& tensor = *plan.tensors[i].source;
    values.resize(static_cast<size_t>(tensor.size));
    Z2_TRY_VOID(readTensor(tensor, values));
    if (plan.tensors[i].permutedHeads > 0)
      permuteForNeighbours(values, tensor.shape, plan.tensors[i].permutedHeads);
    encode(values, plan.table[i].type, bytes);
    bytes.append(ggufPadding(bytes.size()), '\0');
    Z2_TRY_VOID(writeAll(file, bytes, path));
    progress.advance(bytes.size());
  }
  return {};
}

Result<uint64_t> writeFile(const fs::path& path, const std::string& header, const Plan& plan,
                           const TensorReader& readTensor) {
  Z2_TRY(FileHandle file, openFile(path, O_WRONLY | O_CREAT | O_TRUNC));
  Z2_TRY_VOID(writeAll(file, header, path));
  Z2_TRY_VOID(writeTensors(file, path, plan, readTensor));
  Z2_TRY_VOID(syncFile(file, path));
  Z2_TRY_VOID(file.close(path));
  return header.size() + plan.dataBytes;
}

}  // namespace

Result<GgufExportReport> writeGguf(const fs::path& file, const HfConfig& config,
                                   const TensorReader& readTensor,
                                   const GgufExportOptions& options) {
  GgufExportReport report;
  report.parameters = config.model.parameterCount();
  Z2_TRY(const GgufMetadata metadata, makeMetadata(config, options, report.notes));
  const ParameterLayout layout(config.model, kAnyBuckets);
  const Plan plan = planTensors(layout, config.model, options.type);
  if (plan.irregular > 0)
    report.notes.push_back(
        fmt::format("{} matrices are F16: their rows are no multiple of Q8_0's {}", plan.irregular,
                    kQ8BlockSize));
  const fs::path temporary =
      file.parent_path() / fmt::format(".{}.tmp-{}", file.filename().native(), ::getpid());
  Result<uint64_t> written =
      writeFile(temporary, ggufHeader(metadata, plan.table), plan, readTensor);
  std::error_code failure;
  if (written) fs::rename(temporary, file, failure);
  if (!written || failure) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    if (!written) return tl::unexpected(std::move(written).error());
    return systemError(failure.value(), "creating", file.native());
  }
  report.bytes = *written;
  Z2_TRY_VOID(syncFolder(file.has_parent_path() ? file.parent_path() : fs::path(".")));
  return report;
}

}  // namespace z2
