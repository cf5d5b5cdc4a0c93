#include "tests/ui/support/tiny_model.h"

#include <QFile>
#include <QTemporaryDir>

#include "core/base/check.h"
#include "core/model_files/hf_export.h"
#include "tests/ui/support/z2all.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

void trainTokenizer(const QTemporaryDir& folder) {
  QFile text(folder.filePath(QStringLiteral("text.txt")));
  Z2_CHECK(text.open(QIODevice::WriteOnly), "the text cannot be written");
  for (int i = 0; i < 2000; ++i)
    text.write("the quick brown fox number " + QByteArray::number(i * 7919 % 2003) + " jumps\n");
  text.close();
  runZ2all({"tokenizer", "train", "--input", text.fileName().toStdString(), "--vocab-size", "300",
            "--special", "<|im_start|>", "<|im_end|>", "--output",
            folder.filePath(QStringLiteral("tokenizer")).toStdString()});
}

}  // namespace

void makeTinyModel(const std::filesystem::path& folder, const TinyModel& model) {
  const QTemporaryDir made;
  trainTokenizer(made);
  HfConfig config;
  config.model.vocabSize = 300;
  config.model.hiddenSize = 32;
  config.model.intermediateSize = 48;
  config.model.numHiddenLayers = 2;
  config.model.numAttentionHeads = 2;
  config.model.numKeyValueHeads = 2;
  config.model.headDim = 16;
  config.model.maxPositionEmbeddings = model.context;
  uint32_t state = model.seed;
  const auto fill = [&](const HfTensor&, std::span<float> values) -> Result<void> {
    for (float& value : values) {
      state = state * 1664525 + 1013904223;
      value = static_cast<float>(static_cast<int32_t>(state)) / 2e10F;
    }
    return {};
  };
  std::filesystem::create_directories(folder.parent_path());
  const auto written =
      writeHfDirectory(folder, config, fill,
                       {.type = DType::kF32,
                        .tokenizer = toPath(made.filePath(QStringLiteral("tokenizer"))),
                        .chatTemplate = model.chatTemplate});
  Z2_CHECK(written.has_value(), written ? "" : written.error().text());
}

}  // namespace z2::ui
