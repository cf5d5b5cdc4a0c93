#pragma once

// What the form asks for: as arguments of `z2all data tokenize`, and as the samples that would come
// of it.

#include <filesystem>
#include <string>

#include <QStringList>

#include "core/data/records/record_format.h"
#include "ui/pages/samples/sample_reader.h"

namespace z2::ui {

struct DataRequest {
  QString task;  // "pretrain", "sft", "dpo"
  std::filesystem::path tokenizer;
  QStringList files;
  std::filesystem::path output;  // PREFIX
  double validPercent = 0;
  int64_t maxLength = 0;
  int workers = 1;
  // Of texts.
  QStringList fields;
  QString join;  // as typed: \n for a new line
  TextUnit unit = TextUnit::kParagraph;
  // Of conversations.
  std::string chatTemplate;
  QString columns;  // "prompt=question,completion=answer"
  bool allowsCut = false;
  bool allowsUntrained = false;

  [[nodiscard]] bool isText() const { return task == QLatin1String("pretrain"); }
  [[nodiscard]] QStringList arguments() const;
  // Of conversations: opens what would be tokenized.
  [[nodiscard]] OpenSamples samples() const;
};

}  // namespace z2::ui
