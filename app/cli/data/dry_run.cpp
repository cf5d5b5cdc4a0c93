#include "app/cli/data/dry_run.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "app/cli/command.h"
#include "app/cli/data/document_view.h"
#include "core/base/progress.h"
#include "core/data/conversations/record_samples.h"

namespace z2::cli {

namespace {

constexpr size_t kNamedSamples = 10;
constexpr double kBarWidth = 40;

double percent(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string countLine(const char* what, uint64_t count, const std::vector<uint64_t>& numbers,
                      uint64_t records) {
  std::string line = fmt::format("{}: {} ({:.1f} %)", what, count, percent(count, records));
  if (numbers.empty()) return line + "\n";
  const size_t named = std::min(numbers.size(), kNamedSamples);
  return fmt::format(
      "{}: {}{}\n", line,
      fmt::join(numbers.begin(), numbers.begin() + static_cast<ptrdiff_t>(named), ", "),
      named < count ? ", …" : "");
}

std::string page(const SampleSurvey& survey, int64_t maxLength) {
  std::string text =
      fmt::format("{} samples, {} tokens, {} of them trained ({:.1f} %); the longest has {}\n",
                  survey.samples, survey.tokens, survey.trainedTokens,
                  percent(survey.trainedTokens, survey.tokens), survey.longest);
  if (maxLength > 0)
    text += countLine(fmt::format("cut at --max-length {}", maxLength).c_str(), survey.cut,
                      survey.cutSamples, survey.records);
  text += countLine("without a trained token", survey.untrained, survey.untrainedSamples,
                    survey.records);
  text += countLine("no sample", survey.unusable, survey.unusableSamples, survey.records);
  uint64_t most = 1;
  for (const LengthBucket& bucket : survey.lengths) most = std::max(most, bucket.documents);
  for (const LengthBucket& bucket : survey.lengths) {
    std::string bar;
    const auto size = static_cast<int>(kBarWidth * static_cast<double>(bucket.documents) /
                                       static_cast<double>(most));
    for (int i = 0; i < size; ++i) bar += "█";
    text += fmt::format("{:>8} to {:>8} tokens: {:>8} {}\n", bucket.from, bucket.to,
                        bucket.documents, bar);
  }
  return text;
}

// What is trained in green, what is cut in grey, where there are colours.
std::string coloured(const std::vector<PreviewToken>& tokens, bool hasColours) {
  std::string text;
  std::string_view colour;
  for (const PreviewToken& token : tokens) {
    const std::string_view wanted = token.isCut       ? "\033[90m"
                                    : token.isTrained ? "\033[32m"
                                                      : "\033[0m";
    if (hasColours && wanted != colour) text += wanted;
    colour = wanted;
    appendSafely(token.bytes, text);
  }
  return text + (hasColours ? "\033[0m\n" : "\n");
}

std::string sampleText(const SamplePreview& sample) {
  const bool hasColours = ::isatty(STDOUT_FILENO) != 0;
  std::string text =
      fmt::format("\nsample {} ({}): {} tokens, {} trained{}\n", sample.number, sample.place,
                  sample.tokens, sample.trainedTokens, sample.isCut ? ", cut" : "");
  if (!sample.problem.empty()) text += "left out: " + sample.problem + "\n";
  if (!sample.isUsable) {
    appendSafely(sample.record, text);
    return text + "\n";
  }
  if (sample.rejected.empty()) return text + coloured(sample.sequence, hasColours);
  return text + "[chosen]\n" + coloured(sample.sequence, hasColours) + "[rejected]\n" +
         coloured(sample.rejected, hasColours);
}

}  // namespace

Result<void> dryRunConversations(const ChatBuildOptions& options,
                                 std::shared_ptr<const Tokenizer> tokenizer,
                                 const DryRunOptions& wanted) {
  Z2_TRY(const auto samples, openRecordSamples(options, std::move(tokenizer)));
  for (const auto& lines : {samples->formats(), samples->notices()})
    for (const std::string& line : lines) std::fprintf(stderr, "%s\n", line.c_str());
  std::optional<SamplePreview> shown;
  if (wanted.sample) {
    Z2_TRY(shown, samples->sample(*wanted.sample));
  }
  installStopSignals();
  SampleSurvey survey;
  {
    Progress progress("looking at samples", wanted.first, Progress::Unit::kItems);
    Z2_TRY(survey, samples->survey(wanted.first, [&](const SampleSurvey& soFar) {
      progress.advance(soFar.records - progress.done());
      return !stopRequested();
    }));
  }
  if (stopRequested()) return interrupted("stopped; nothing was written");
  if (wanted.isJson) {
    Json json = toJson(survey);
    json["task"] = options.task == SampleTask::kSft ? "sft" : "dpo";
    json["template"] = options.chatTemplate.name;
    json["formats"] = samples->formats();
    json["notices"] = samples->notices();
    if (shown) json["sample"] = toJson(*shown);
    printJson(json);
    return {};
  }
  const std::string text =
      page(survey, options.maxLength) + (shown ? sampleText(*shown) : std::string());
  std::fputs(text.c_str(), stdout);
  return {};
}

}  // namespace z2::cli
