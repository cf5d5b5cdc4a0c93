#pragma once

// What the form asks for: as arguments of `z2all data tokenize`, and as the samples that would come
// of it.

#include <filesystem>
#include <string>

#include <QStringList>

#include "core/data/conversations/chat_builder.h"
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
  QString columns;                        // "prompt=question,completion=answer"
  TrainOn trainOn = TrainOn::kAssistant;  // SFT
  ChatBuildOptions::Truncation truncation = ChatBuildOptions::Truncation::kKeepStart;  // DPO
  bool allowsCut = false;
  bool allowsUntrained = false;

  [[nodiscard]] bool isText() const { return task == QLatin1String("pretrain"); }
  [[nodiscard]] bool hasPairs() const { return task == QLatin1String("dpo"); }
  // The options of the command line that are this task's own and decide what is trained or cut.
  [[nodiscard]] QStringList maskArguments() const;
  [[nodiscard]] QStringList arguments() const;
  // Of conversations: opens what would be tokenized.
  [[nodiscard]] OpenSamples samples() const;
};

}  // namespace z2::ui
