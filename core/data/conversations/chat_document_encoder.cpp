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

namespace z2 {

namespace {

constexpr double kMostUnfit = 0.05;
constexpr uint64_t kSecondsPerDay = 86'400;

size_t trainedTargets(const std::vector<uint8_t>& mask, size_t from) {
  return static_cast<size_t>(
      std::count(mask.begin() + static_cast<ptrdiff_t>(from), mask.end(), uint8_t{1}));
}

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
    return options().task == SampleTask::kSft ? encodeSample(sample, out) : encodePair(sample, out);
  }

 private:
  [[nodiscard]] const ChatBuildOptions& options() const { return owner_.options_; }
  [[nodiscard]] size_t limit() const { return static_cast<size_t>(options().maxLength); }

  // The whole conversation as tokens that end with the end-of-text token.
  Read<ChatTokens> tokensOf(const Conversation& conversation, const ChatRenderOptions& how) {
    const auto pieces = owner_.template_.render(conversation, how);
    if (!pieces) return sampleProblem("template", pieces.error().text());
    ChatTokens tokens;
    if (const auto encoded = owner_.encoder_.encode(*pieces, scratch_, tokens); !encoded)
      return sampleProblem("not encodable", encoded.error().text());
    const int32_t endOfText = owner_.about_.endOfText;
    if (endOfText >= 0 && (tokens.ids.empty() || tokens.ids.back() != endOfText)) {
      tokens.ids.push_back(endOfText);
      tokens.mask.push_back(0);
    }
    return tokens;
  }

  // Keeps `count` tokens, the last of them the end-of-text token.
  void cutTo(ChatTokens& tokens, size_t count, EncodedDocuments& out) const {
    out.truncatedTokens += tokens.ids.size() - count;
    tokens.ids.resize(count);
    tokens.mask.resize(count);
    if (owner_.about_.endOfText < 0 || count == 0) return;
    tokens.ids.back() = owner_.about_.endOfText;
    tokens.mask.back() = 0;
  }

  Read<void> encodeSample(const ChatSample& sample, EncodedDocuments& out) {
    Z2_TRY(ChatTokens tokens,
           tokensOf(sample.conversation, {.trainOn = options().trainOn, .now = options().now}));
    const uint64_t before = out.truncatedTokens;
    const bool isCut = limit() > 0 && tokens.ids.size() > limit();
    if (isCut) cutTo(tokens, limit(), out);
    // The first token is never a target.
    if (tokens.ids.size() < 2 || trainedTargets(tokens.mask, 1) == 0) {
      out.truncatedTokens = before;
      return sampleProblem(kNoTrainedToken, isCut ? "what is trained lies behind --max-length"
                                                  : "the template marks nothing as trained");
    }
    out.truncatedDocuments += isCut ? 1 : 0;
    append(tokens, out);
    out.lengths.push_back(static_cast<int32_t>(tokens.ids.size()));
    return {};
  }

  static void append(const ChatTokens& tokens, EncodedDocuments& out) {
    out.ids.insert(out.ids.end(), tokens.ids.begin(), tokens.ids.end());
    out.mask.insert(out.mask.end(), tokens.mask.begin(), tokens.mask.end());
  }

  struct Answer {
    ChatTokens prompt;
    ChatTokens completion;
  };

  Read<Answer> answerOf(const Conversation& prompt, const std::vector<ChatMessage>& answer) {
    Conversation whole = prompt;
    whole.messages.insert(whole.messages.end(), answer.begin(), answer.end());
    Z2_TRY(ChatTokens tokens,
           tokensOf(whole, {.firstTrained = prompt.messages.size(), .now = options().now}));
    // The answer begins with what is trained first.
    const auto first = std::find(tokens.mask.begin(), tokens.mask.end(), uint8_t{1});
    if (first == tokens.mask.end())
      return sampleProblem(kNoTrainedToken, "the template marks nothing of an answer as trained");
    const auto at = first - tokens.mask.begin();
    Answer made;
    made.prompt.ids.assign(tokens.ids.begin(), tokens.ids.begin() + at);
    made.prompt.mask.assign(static_cast<size_t>(at), 0);
    made.completion.ids.assign(tokens.ids.begin() + at, tokens.ids.end());
    made.completion.mask.assign(tokens.mask.begin() + at, tokens.mask.end());
    return made;
  }

  Read<void> encodePair(const ChatSample& sample, EncodedDocuments& out) {
    Z2_TRY(Answer chosen, answerOf(sample.conversation, sample.chosen));
    Z2_TRY(Answer rejected, answerOf(sample.conversation, sample.rejected));
    if (chosen.prompt.ids != rejected.prompt.ids)
      return sampleProblem("template", "the prompt is another before each of the two answers");
    const uint64_t before = out.truncatedTokens;
    const bool isCut = cutPair(chosen, rejected, out);
    const size_t skipped = chosen.prompt.ids.empty() ? 1 : 0;
    for (const Answer* one : {&chosen, &rejected})
      if (one->completion.ids.size() <= skipped ||
          trainedTargets(one->completion.mask, skipped) == 0) {
        out.truncatedTokens = before;
        return sampleProblem(kNoTrainedToken, "an answer lies behind --max-length");
      }
    out.truncatedDocuments += isCut ? 1 : 0;
    for (const ChatTokens* part : {&chosen.prompt, &chosen.completion, &rejected.completion}) {
      append(*part, out);
      out.lengths.push_back(static_cast<int32_t>(part->ids.size()));
    }
    return {};
  }

  bool cutPair(Answer& chosen, Answer& rejected, EncodedDocuments& out) const {
    const size_t longer = std::max(chosen.completion.ids.size(), rejected.completion.ids.size());
    size_t prompt = chosen.prompt.ids.size();
    if (limit() == 0 || prompt + longer <= limit()) return false;
    if (options().truncation == ChatBuildOptions::Truncation::kKeepEnd) {
      const size_t over = std::min(prompt + longer - limit(), prompt > 0 ? prompt - 1 : 0);
      for (Answer* one : {&chosen, &rejected}) {
        auto& ids = one->prompt.ids;
        ids.erase(ids.begin(), ids.begin() + static_cast<ptrdiff_t>(over));
        one->prompt.mask.resize(ids.size());
      }
      out.truncatedTokens += over;
      prompt -= over;
    }
    for (Answer* one : {&chosen, &rejected}) {
      const size_t room = limit() - std::min(limit(), prompt);
      if (one->completion.ids.size() > room) cutTo(one->completion, room, out);
    }
    return true;
  }

  const ChatDocumentEncoder& owner_;
  EncodeScratch scratch_;
};

ChatDocumentEncoder::ChatDocumentEncoder(const ChatBuildOptions& options, ChatEncoder encoder,
                                         ChatTemplate chatTemplate,
                                         std::vector<SampleFormat> formats, About about)
    : options_(options),
      encoder_(std::move(encoder)),
      template_(std::move(chatTemplate)),
      formats_(std::move(formats)),
      about_(std::move(about)) {}

Result<std::unique_ptr<ChatDocumentEncoder>> ChatDocumentEncoder::create(
    const ChatBuildOptions& options, std::shared_ptr<const Tokenizer> tokenizer,
    std::vector<SampleFormat> formats) {
  const TemplateSource& source = options.chatTemplate;
  ChatEncoder encoder(tokenizer, options.endOfText);
  Z2_TRY(ChatTemplate chatTemplate,
         ChatTemplate::create(source.source, source.name, encoder.tokens()));
  About about;
  about.task = options.task == SampleTask::kSft ? "sft" : "dpo";
  about.tokenizerPath = options.tokenizerPath;
  about.tokenizerHash = tokenizer->hash();
  about.endOfText = options.endOfText ? *options.endOfText : tokenizer->endOfTextId().value_or(-1);
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
  return std::unique_ptr<ChatDocumentEncoder>(new ChatDocumentEncoder(
      options, std::move(encoder), std::move(chatTemplate), std::move(formats), std::move(about)));
}

std::unique_ptr<DocumentEncoder::Session> ChatDocumentEncoder::session() const {
  return std::make_unique<ChatSession>(*this);
}

Result<void> ChatDocumentEncoder::judge(const BuildCounts& counts) const {
  const auto found = counts.dropped.find(kNoTrainedToken);
  const uint64_t untrained = found == counts.dropped.end() ? 0 : found->second;
  const auto samples = static_cast<double>(counts.documents + untrained);
  const auto share = [&](uint64_t count) { return static_cast<double>(count) / samples; };
  if (!options_.allowsUntrained && samples > 0 && share(untrained) > kMostUnfit)
    return badInput(options_.output.native(),
                    fmt::format("{} of {:.0f} samples ({:.1f} %) have no trained token", untrained,
                                samples, 100 * share(untrained)),
                    "Look at template, --train-on and --max-length, or go on without these samples "
                    "with --allow-untrained");
  if (!options_.allowsCut && samples > 0 && share(counts.truncatedDocuments) > kMostUnfit)
    return badInput(options_.output.native(),
                    fmt::format("{} of {:.0f} samples ({:.1f} %) are longer than --max-length {}",
                                counts.truncatedDocuments, samples,
                                100 * share(counts.truncatedDocuments), options_.maxLength),
                    "Raise --max-length, or go on with cut samples with --allow-cut");
  return {};
}

std::vector<std::string> ChatDocumentEncoder::missingTokens() const {
  std::vector<std::string> missing;
  for (const std::string& token : options_.chatTemplate.specialTokens)
    if (!encoder_.isSpecial(token)) missing.push_back(token);
  return missing;
}

bool ChatDocumentEncoder::endsTurns() const {
  Conversation probe;
  probe.messages = {{.role = "user", .content = "x"}, {.role = "assistant", .content = "y"}};
  const auto pieces = template_.render(probe, {.now = options_.now});
  if (!pieces) return true;  // it wants another kind of conversation
  std::string trained;
  for (const ChatPiece& piece : *pieces)
    if (piece.isTrained) trained += piece.text;
  trained.resize(trained.find_last_not_of(" \n") + 1);
  const std::vector<std::string>& special = encoder_.tokens().special;
  return trained.empty() ||
         std::any_of(special.begin(), special.end(),
                     [&](const std::string& token) { return trained.ends_with(token); });
}

}  // namespace z2
