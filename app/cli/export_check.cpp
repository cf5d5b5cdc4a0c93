#include "app/cli/export_check.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/demo/demo_text.h"
#include "core/generate/score_client.h"
#include "core/io/new_folder.h"
#include "core/model_files/gguf/gguf_reader.h"
#include "core/model_files/hf_export.h"

namespace z2::cli {

namespace {

namespace fs = std::filesystem;

constexpr int64_t kColumns = 256;
constexpr size_t kRows = 4;
constexpr size_t kTextBytes = 16'384;

// Rows of a simple text, or of ids from all over the vocabulary.
Result<std::vector<ScoredRow>> rowsOf(const LlamaConfig& config, const Tokenizer* tokenizer) {
  std::vector<int32_t> ids;
  if (tokenizer != nullptr) {
    EncodeScratch scratch;
    Z2_TRY_VOID(tokenizer->encode(generatedSentences(kTextBytes), {}, scratch, ids));
  } else {
    constexpr uint64_t kStride = 7919;  // a prime
    for (uint64_t i = 0; i < kRows * kColumns; ++i)
      ids.push_back(static_cast<int32_t>(i * kStride % static_cast<uint64_t>(config.vocabSize)));
  }
  const auto columns =
      static_cast<size_t>(std::min<int64_t>(kColumns, config.maxPositionEmbeddings));
  std::vector<ScoredRow> rows;
  for (size_t begin = 0; begin + 1 < ids.size() && rows.size() < kRows; begin += columns) {
    const size_t end = std::min(ids.size(), begin + columns);
    if (end - begin < 2) break;
    rows.push_back({.tokens = {ids.begin() + static_cast<std::ptrdiff_t>(begin),
                               ids.begin() + static_cast<std::ptrdiff_t>(end)}});
  }
  return rows;
}

Result<double> lossOf(const fs::path& model, const std::vector<ScoredRow>& rows, int64_t tokens) {
  EngineOptions engine;
  engine.model = model.native();
  Z2_TRY(ScoreClient client,
         ScoreClient::start(engine, std::ssize(rows), std::ssize(rows.front().tokens)));
  Z2_TRY(const std::vector<double> sums, client.score(rows));
  double sum = 0;
  for (const double row : sums) sum += row;
  return -sum / static_cast<double>(tokens);
}

Result<double> lossOfGguf(const ModelSource& source, const fs::path& file,
                          const std::vector<ScoredRow>& rows, int64_t tokens) {
  Z2_TRY(const GgufReader reader, GgufReader::open(file));
  const LlamaConfig& model = source.config();
  const auto readTensor = [&](const HfTensor& tensor, std::span<float> values) {
    return reader.read(tensor, model, values);
  };
  // Never committed: it goes with this object.
  Z2_TRY(const NewFolder folder,
         NewFolder::begin(file.parent_path() / (file.stem().native() + "-check")));
  const fs::path back = folder.path() / "model";
  HfExportOptions options;
  options.type = DType::kF32;
  Z2_TRY([[maybe_unused]] const HfExportReport done,
         writeHfDirectory(back, source.description().config, readTensor, options));
  return lossOf(back, rows, tokens);
}

// Rounding a weight to 8 bits of mantissa moves the loss of a trained model in the third digit.
double allowedBetween(double loss, const std::string& dtype) {
  if (dtype == "fp32") return 1e-4 * std::max(1.0, loss);
  return 0.02 * std::max(1.0, loss);
}

}  // namespace

bool ExportCheck::isSame() const {
  return std::isfinite(after) && std::abs(after - before) <= allowed;
}

Json toJson(const ExportCheck& check) {
  return {{"loss_before", check.before},
          {"loss_after", check.after},
          {"tokens", check.tokens},
          {"same", check.isSame()}};
}

Result<ExportCheck> checkExport(const ModelSource& source, const fs::path& written,
                                const std::string& dtype, const Tokenizer* tokenizer) {
  Z2_TRY(const std::vector<ScoredRow> rows, rowsOf(source.config(), tokenizer));
  ExportCheck check;
  for (const ScoredRow& row : rows) check.tokens += std::ssize(row.tokens) - 1;
  Z2_TRY(check.before, lossOf(source.weightsFolder(), rows, check.tokens));
  if (written.extension() == ".gguf") {
    Z2_TRY(check.after, lossOfGguf(source, written, rows, check.tokens));
  } else {
    Z2_TRY(check.after, lossOf(written, rows, check.tokens));
  }
  check.allowed = allowedBetween(check.before, dtype);
  return check;
}

}  // namespace z2::cli
