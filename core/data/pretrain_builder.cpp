#include "core/data/pretrain_builder.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace z2 {

namespace {

class PretrainSession final : public DocumentEncoder::Session {
 public:
  PretrainSession(const PretrainOptions& options, const TextEncoder& encoder)
      : composer_(options.fields),
        encoder_(encoder.session()),
        endOfText_(encoder.endOfText().value()),
        limit_(static_cast<size_t>(options.maxLength)) {}

  tl::expected<void, RecordProblem> encode(std::string_view record, bool isJson, uint64_t,
                                           EncodedDocuments& out) override {
    std::string_view text = record;
    if (isJson) {
      Z2_TRY_VOID(composer_.compose(record, composed_));
      text = composed_;
    }
    if (text.find_first_not_of(" \t\r\n") == text.npos)
      return tl::unexpected(RecordProblem{"empty", "the record has no text"});
    const size_t before = out.ids.size();
    if (const auto outcome = encoder_->encode(text, out.ids); !outcome)
      return tl::unexpected(RecordProblem{"not encodable", outcome.error().text()});
    if (limit_ > 0 && out.ids.size() - before > limit_ - 1) {
      ++out.truncatedDocuments;
      out.truncatedTokens += out.ids.size() - before - (limit_ - 1);
      out.ids.resize(before + limit_ - 1);
    }
    out.ids.push_back(endOfText_);
    out.lengths.push_back(static_cast<int32_t>(out.ids.size() - before));
    return {};
  }

 private:
  RecordComposer composer_;
  const std::unique_ptr<TextEncoder::Session> encoder_;
  const int32_t endOfText_;
  const size_t limit_;
  std::string composed_;
};

class PretrainEncoder final : public DocumentEncoder {
 public:
  PretrainEncoder(const PretrainOptions& options, const TextEncoder& encoder)
      : options_(options), encoder_(encoder) {
    about_.task = "pretrain";
    about_.tokenizerPath = options.tokenizerPath;
    about_.tokenizerHash = encoder.hash();
    about_.vocabSize = encoder.vocabSize();
    about_.endOfText = *encoder.endOfText();
    about_.options = {{"fields", options.fields.fields},
                      {"join", options.fields.join},
                      {"txt_unit", nameOf(options.textUnit)},
                      {"valid_fraction", options.validFraction},
                      {"max_length", options.maxLength}};
  }

  const About& about() const override { return about_; }
  std::unique_ptr<Session> session() const override {
    return std::make_unique<PretrainSession>(options_, encoder_);
  }

 private:
  const PretrainOptions& options_;
  const TextEncoder& encoder_;
  About about_;
};

}  // namespace

Result<PretrainSummary> buildPretrainData(const PretrainOptions& options,
                                          const TextEncoder& encoder) {
  if (!encoder.endOfText())
    return badInput(
        "the tokenizer", "it has no end-of-text token to end documents with",
        "Name the id with --end-of-text, or add a special token <|endoftext|> when training "
        "the tokenizer");
  if (options.maxLength < 0 || options.maxLength == 1)
    return usageError("a document has at least two tokens", "Give --max-length 2 or more");
  Z2_TRY(const std::vector<BuildInput> inputs, examineInputs(options));
  return buildData(options, inputs, PretrainEncoder(options, encoder));
}

}  // namespace z2
