#include "ui/pages/data/data_request.h"

#include "core/chat/template_source.h"
#include "core/data/conversations/record_samples.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

QString option(const char* name) { return QString::fromLatin1(name); }

QString withoutSpaces(const QString& columns) {
  return columns.simplified().remove(QLatin1Char(' '));
}

Result<std::shared_ptr<const SampleSet>> openSamples(const DataRequest& request) {
  ChatBuildOptions options;
  for (const QString& file : request.files) options.inputs.push_back(toPath(file));
  options.task = request.hasPairs() ? SampleTask::kDpo : SampleTask::kSft;
  std::vector<std::string> columns;
  for (const QString& column :
       withoutSpaces(request.columns).split(QLatin1Char(','), Qt::SkipEmptyParts))
    columns.push_back(toUtf8(column));
  Z2_TRY(options.columns, parseColumns(columns));
  Z2_TRY(options.chatTemplate, findTemplate(request.chatTemplate, request.tokenizer));
  options.trainOn = request.trainOn;
  options.maxLength = request.maxLength;
  options.truncation = request.truncation;
  options.tokenizerPath = request.tokenizer.native();
  Z2_TRY(std::shared_ptr<const Tokenizer> tokenizer, Tokenizer::open(request.tokenizer));
  return openRecordSamples(options, std::move(tokenizer));
}

}  // namespace

OpenSamples DataRequest::samples() const {
  return [request = *this] { return openSamples(request); };
}

QStringList DataRequest::maskArguments() const {
  if (isText()) return {};
  if (!hasPairs()) return {option("--train-on"), toQString(nameOf(trainOn))};
  const bool keepsEnd = truncation == ChatBuildOptions::Truncation::kKeepEnd;
  return {option("--truncation"), option(keepsEnd ? "keep_end" : "keep_start")};
}

QStringList DataRequest::arguments() const {
  QStringList all = {
      option("data"),   option("tokenize"),  option("--task"),      task,
      option("--json"), option("--discard"), option("--tokenizer"), pathText(tokenizer)};
  for (const QString& file : files) all << option("--input") << file;
  if (isText()) {
    for (const QString& field : fields) all << option("--fields") << field;
    all << option("--join") << join << option("--txt-unit") << toQString(nameOf(unit));
  } else {
    if (!chatTemplate.empty()) all << option("--template") << toQString(chatTemplate);
    if (!withoutSpaces(columns).isEmpty()) all << option("--columns") << withoutSpaces(columns);
    all << maskArguments();
    if (allowsCut) all << option("--allow-cut");
    if (allowsUntrained) all << option("--allow-untrained");
  }
  if (validPercent > 0)
    all << option("--valid-fraction") << QString::number(validPercent / 100, 'g', 4);
  if (maxLength > 0) all << option("--max-length") << QString::number(maxLength);
  all << option("--workers") << QString::number(workers);
  return all << option("--output") << pathText(output);
}

}  // namespace z2::ui
