#include "core/data/conversations/chat_document_encoder.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/data/conversations/message_reader.h"
#include "core/data/packing.h"

namespace z2 {

namespace {

constexpr uint64_t kSecondsPerDay = 86'400;

}  // namespace

class ChatDocumentEncoder::ChatSession final : public DocumentEncoder::Session {
 public:
  explicit ChatSession(const ChatDocumentEncoder& owner) : owner_(owner) {}

  Read<void> encode(std::string_view record, bool isJson, uint64_t file,
                    EncodedDocuments& out) override {
    if (!isJson) return sampleProblem("wrong type", "the record is plain text");
    const auto json = parseJson(record, "");
    if (!json) return sampleProblem("broken JSON", json.error().what);
    Z2_TRY(const ChatSample sample, readSample(withColumns(*json, options().columns),
                                               owner_.formats_[static_cast<size_t>(file)]));
    Z2_TRY(EncodedSample made, owner_.encoder_.encode(sample, scratch_));
    if (const char* why = SampleEncoder::whyUntrained(made, false))
      return sampleProblem(kNoTrainedToken, why);
    const SampleCut cut = owner_.encoder_.cut(made);
    if (const char* why = SampleEncoder::whyUntrained(made, true))
      return sampleProblem(kNoTrainedToken, why);
    out.truncatedDocuments += cut.isCut ? 1 : 0;
    out.truncatedTokens += cut.tokens;
    if (made.rejected) append(made.chosen.prompt, out);
    append(made.chosen.completion, out);
    if (made.rejected) append(made.rejected->completion, out);
    return {};
  }

 private:
  [[nodiscard]] const ChatBuildOptions& options() const { return owner_.options_; }

  static void append(const ChatTokens& tokens, EncodedDocuments& out) {
    out.ids.insert(out.ids.end(), tokens.ids.begin(), tokens.ids.end());
    out.mask.insert(out.mask.end(), tokens.mask.begin(), tokens.mask.end());
    out.lengths.push_back(static_cast<int32_t>(tokens.ids.size()));
  }

  const ChatDocumentEncoder& owner_;
  EncodeScratch scratch_;
};

ChatDocumentEncoder::ChatDocumentEncoder(const ChatBuildOptions& options, Parts parts)
    : options_(options),
      encoder_(std::move(parts.encoder)),
      formats_(std::move(parts.formats)),
      about_(std::move(parts.about)) {}

Result<std::unique_ptr<ChatDocumentEncoder>> ChatDocumentEncoder::create(
    const ChatBuildOptions& options, std::shared_ptr<const Tokenizer> tokenizer,
    std::vector<SampleFormat> formats) {
  const TemplateSource& source = options.chatTemplate;
  Z2_TRY(SampleEncoder encoder, SampleEncoder::create(options, tokenizer));
  About about;
  about.task = options.task == SampleTask::kSft ? "sft" : "dpo";
  about.tokenizerPath = options.tokenizerPath;
  about.tokenizerHash = tokenizer->hash();
  about.endOfText = encoder.endOfText();
  about.vocabSize = std::max(int64_t{tokenizer->vocabSize()}, int64_t{about.endOfText} + 1);
  about.layout = {.sequencesPerDocument = options.task == SampleTask::kSft ? 1U : 3U,
                  .hasMask = true};
  about.options = {{"template", source.name},
                   {"template_source", source.source},
                   {"columns", options.columns},
                   {"max_length", options.maxLength},
                   {"valid_fraction", options.validFraction}};
  about.options["formats"] = Json::array();
  for (const SampleFormat format : formats) about.options["formats"].push_back(nameOf(format));
  if (options.task == SampleTask::kSft)
    about.options["train_on"] = nameOf(options.trainOn);
  else
    about.options["truncation"] =
        options.truncation == ChatBuildOptions::Truncation::kKeepEnd ? "keep_end" : "keep_start";
  // The bytes follow the date where the template writes it.
  if (source.source.find("strftime_now") != std::string::npos && options.now)
    about.options["day"] = static_cast<uint64_t>(*options.now) / kSecondsPerDay;
  Parts parts{std::move(encoder), std::move(formats), std::move(about)};
  return std::unique_ptr<ChatDocumentEncoder>(new ChatDocumentEncoder(options, std::move(parts)));
}

std::unique_ptr<DocumentEncoder::Session> ChatDocumentEncoder::session() const {
  return std::make_unique<ChatSession>(*this);
}

Result<void> ChatDocumentEncoder::judge(const BuildCounts& counts) const {
  const auto found = counts.dropped.find(kNoTrainedToken);
  const uint64_t untrained = found == counts.dropped.end() ? 0 : found->second;
  const auto samples = static_cast<double>(counts.documents + untrained);
  const auto share = [&](uint64_t count) { return static_cast<double>(count) / samples; };
  if (!options_.allowsUntrained && samples > 0 && share(untrained) > kMostUnfitSamples)
    return badInput(
        options_.output.native(),
        fmt::format("{} of {:.0f} samples ({:.1f} %) have no trained token", untrained, samples,
                    100 * share(untrained)),
        "Look at template, --train-on and --max-length (--dry-run names the samples), or "
        "go on without them with --allow-untrained");
  if (!options_.allowsCut && samples > 0 && share(counts.truncatedDocuments) > kMostUnfitSamples)
    return badInput(options_.output.native(),
                    fmt::format("{} of {:.0f} samples ({:.1f} %) are longer than --max-length {}",
                                counts.truncatedDocuments, samples,
                                100 * share(counts.truncatedDocuments), options_.maxLength),
                    "Raise --max-length (--dry-run names the samples), or go on with cut ones with "
                    "--allow-cut");
  return {};
}

}  // namespace z2
