#include "core/run/run_samples.h"

#include <string_view>
#include <system_error>

#include "core/io/files.h"
#include "core/io/json.h"
#include "core/run/append_line.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

bool isSample(const Json& line) {
  const auto has = [&](const char* key, bool (Json::*isKind)() const) {
    const auto found = line.find(key);
    return found != line.end() && ((*found).*isKind)();
  };
  return line.is_object() && has("step", &Json::is_number_integer) &&
         has("prompt", &Json::is_string) && has("text", &Json::is_string);
}

RunSample sampleOf(const Json& line) {
  return {.step = line["step"].get<int64_t>(),
          .prompt = line["prompt"].get<std::string>(),
          .text = line["text"].get<std::string>(),
          .temperature = line.value("temperature", 0.0),
          .seed = line.value("seed", uint64_t{0}),
          .maxNewTokens = line.value("max_new_tokens", int64_t{0})};
}

}  // namespace

bool RunSample::isSameQuestion(const RunSample& other) const {
  return step == other.step && prompt == other.prompt && temperature == other.temperature &&
         seed == other.seed && maxNewTokens == other.maxNewTokens;
}

fs::path samplesFile(const fs::path& run) { return run / "samples.jsonl"; }

Result<std::vector<RunSample>> readSamples(const fs::path& run) {
  std::vector<RunSample> samples;
  const fs::path file = samplesFile(run);
  std::error_code failure;
  if (!fs::exists(file, failure)) return samples;
  Z2_TRY(const std::string text, readFile(file));
  for (std::string_view rest = text; !rest.empty();) {
    const size_t end = rest.find('\n');
    const auto line = parseJson(rest.substr(0, end), "samples.jsonl");
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (line && isSample(*line)) samples.push_back(sampleOf(*line));
  }
  return samples;
}

Result<void> addSample(const fs::path& run, const RunSample& sample) {
  const Json line = {{"step", sample.step}, {"prompt", sample.prompt},
                     {"text", sample.text}, {"temperature", sample.temperature},
                     {"seed", sample.seed}, {"max_new_tokens", sample.maxNewTokens}};
  return appendLine(samplesFile(run), jsonLine(line), false);
}

}  // namespace z2
