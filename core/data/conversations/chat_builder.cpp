#include "core/data/conversations/chat_builder.h"

#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/data/conversations/chat_document_encoder.h"
#include "core/data/records/record_reader.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr size_t kMostNames = 8;

std::string fieldsOf(const Json& record) {
  if (!record.is_object()) return "no field";
  std::string names;
  size_t count = 0;
  for (const auto& [name, value] : record.items()) {
    if (++count > kMostNames) return names + ", …";
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name);
  }
  return names.empty() ? "no field" : names;
}

// By the first record that can be read.
Result<SampleFormat> formatOf(const fs::path& path, RecordFormat format,
                              const ChatBuildOptions& options) {
  Z2_TRY(const std::unique_ptr<RecordReader> reader,
         openRecords(path, format, options.textUnit, {}));
  if (!reader->isJson())
    return badInput(path.native(), "this is plain text, which holds no conversations",
                    "Use JSON, JSON lines or parquet, or say which with --format");
  RecordBlock block;
  while (true) {
    Z2_TRY(const bool isThere, reader->next(block));
    if (!isThere) return badInput(path.native(), "there is no record in this file");
    for (const RecordBlock::Record& record : block.records) {
      if (record.problem != nullptr) continue;
      const auto json = parseJson(block.text(record), path.native());
      if (!json) continue;
      const Json named = withColumns(*json, options.columns);
      if (const auto found = detectSampleFormat(named, options.task)) return *found;
      return badInput(fmt::format("{}:{}", path.native(), record.line),
                      fmt::format("this record has {}, which is no known shape", fieldsOf(*json)),
                      fmt::format("Known are {}. Name its fields with --columns, such as "
                                  "--columns prompt=question,completion=answer",
                                  knownShapes(options.task)));
    }
  }
}

}  // namespace

Result<BuildSummary> buildChatData(const ChatBuildOptions& given,
                                   std::shared_ptr<const Tokenizer> tokenizer) {
  if (given.maxLength < 0 || given.maxLength == 1)
    return usageError("a sample has at least two tokens", "Give --max-length 2 or more");
  ChatBuildOptions options = given;
  // Noon of the day, so that a build that goes on has the bytes of one that was not interrupted.
  constexpr int64_t kDay = 86'400;
  if (!options.now) options.now = int64_t{std::time(nullptr)} / kDay * kDay + kDay / 2;
  Z2_TRY(const std::vector<BuildInput> inputs, examineInputs(options));
  std::vector<SampleFormat> formats;
  std::vector<std::string> notices;
  for (size_t i = 0; i < inputs.size(); ++i) {
    Z2_TRY(const SampleFormat format, formatOf(options.inputs[i], inputs[i].format, options));
    formats.push_back(format);
    notices.push_back(fmt::format("{}: {}", options.inputs[i].native(), nameOf(format)));
  }
  Z2_TRY(const std::unique_ptr<ChatDocumentEncoder> encoder,
         ChatDocumentEncoder::create(options, std::move(tokenizer), std::move(formats)));
  const auto missing = encoder->missingTokens();
  if (!missing.empty())
    notices.push_back(
        fmt::format("The tokenizer has no token {}: the template {} writes them as "
                    "ordinary text.",
                    fmt::join(missing, ", "), options.chatTemplate.name));
  else if (!encoder->endsTurns())
    notices.push_back(
        fmt::format("The template {} ends an answer with no special token: a model "
                    "does not learn from it where to stop.",
                    options.chatTemplate.name));
  Z2_TRY(BuildSummary summary, buildData(options, inputs, *encoder));
  summary.notices.insert(summary.notices.begin(), notices.begin(), notices.end());
  return summary;
}

}  // namespace z2
