#include "core/data/conversations/sample_preview.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace z2 {

namespace {

void list(std::vector<uint64_t>& numbers, uint64_t number) {
  if (numbers.size() < SampleSurvey::kMostListed) numbers.push_back(number);
}

Json piecesJson(const std::vector<PreviewToken>& tokens) {
  Json pieces = Json::array();
  for (const PreviewToken& token : tokens)
    pieces.push_back({{"id", token.id},
                      {"text", token.bytes},
                      {"special", token.isSpecial},
                      {"trained", token.isTrained},
                      {"cut", token.isCut}});
  return pieces;
}

}  // namespace

void SurveyCounter::addSample(const Counted& counted) {
  if (counted.isCut) {
    ++survey_.cut;
    list(survey_.cutSamples, survey_.records);
  }
  ++survey_.records;
  ++survey_.samples;
  survey_.tokens += counted.tokens;
  survey_.trainedTokens += counted.trainedTokens;
  survey_.longest = std::max(survey_.longest, counted.length);
  lengths_.add(counted.length);
}

void SurveyCounter::addUntrained(uint64_t length) {
  list(survey_.untrainedSamples, survey_.records);
  ++survey_.records;
  ++survey_.untrained;
  survey_.longest = std::max(survey_.longest, length);
  lengths_.add(length);
}

void SurveyCounter::addUnusable() {
  list(survey_.unusableSamples, survey_.records);
  ++survey_.records;
  ++survey_.unusable;
}

const SampleSurvey& SurveyCounter::survey() {
  survey_.lengths = lengths_.buckets();
  return survey_;
}

Json toJson(const SamplePreview& sample) {
  Json json = {{"number", sample.number},
               {"place", sample.place},
               {"format", sample.format.empty() ? Json(nullptr) : Json(sample.format)},
               {"problem", sample.problem.empty() ? Json(nullptr) : Json(sample.problem)},
               {"tokens", sample.tokens},
               {"trained_tokens", sample.trainedTokens},
               {"cut", sample.isCut}};
  if (sample.rejected.empty()) {
    json["pieces"] = piecesJson(sample.sequence);
  } else {
    json["prompt_tokens"] = sample.promptTokens;
    json["chosen"] = piecesJson(sample.sequence);
    json["rejected"] = piecesJson(sample.rejected);
  }
  return json;
}

Json toJson(const SampleSurvey& survey) {
  Json json = {{"records", survey.records},
               {"samples", survey.samples},
               {"tokens", survey.tokens},
               {"trained_tokens", survey.trainedTokens},
               {"cut", survey.cut},
               {"untrained", survey.untrained},
               {"unusable", survey.unusable},
               {"longest", survey.longest},
               {"complete", survey.isComplete},
               {"cut_samples", survey.cutSamples},
               {"untrained_samples", survey.untrainedSamples},
               {"unusable_samples", survey.unusableSamples}};
  json["lengths"] = Json::array();
  for (const LengthBucket& bucket : survey.lengths)
    json["lengths"].push_back(
        {{"from", bucket.from}, {"to", bucket.to}, {"documents", bucket.documents}});
  return json;
}

}  // namespace z2
