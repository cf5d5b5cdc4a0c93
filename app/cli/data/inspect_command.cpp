// z2all data inspect

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "app/cli/data/data_command.h"
#include "app/cli/data/document_view.h"
#include "core/data/data_manifest.h"
#include "core/data/dpo_sampler.h"
#include "core/data/length_histogram.h"
#include "core/data/sft_sampler.h"
#include "core/data/token_file.h"
#include "core/io/checksum.h"
#include "core/tokenizer/tokenizer.h"

namespace z2::cli {

namespace {

struct InspectArguments {
  std::string prefix;
  int64_t sample = -1;
  std::string tokenizer;
  int64_t sequenceLength = 0;  // 0: packing is not asked for
  bool isVerifying = false;
  bool isJson = false;
};

// --tokenizer, else the one that the manifest names where it is still there and the same. Nothing
// where there is none.
Result<std::shared_ptr<const Tokenizer>> tokenizerOf(const InspectArguments& arguments,
                                                     const DataManifest& manifest) {
  const bool isNamed = !arguments.tokenizer.empty();
  const std::string& path = isNamed ? arguments.tokenizer : manifest.tokenizerPath;
  if (path.empty()) return std::shared_ptr<const Tokenizer>();
  auto tokenizer = Tokenizer::open(path);
  const bool isSame = tokenizer && (manifest.tokenizerSha256.empty() ||
                                    manifest.tokenizerSha256 == (*tokenizer)->hash());
  if (isSame) return std::move(*tokenizer);
  if (!isNamed) {
    std::fprintf(stderr, "%s is not the tokenizer that made the data any more: no text is shown\n",
                 path.c_str());
    return std::shared_ptr<const Tokenizer>();
  }
  if (!tokenizer) return tokenizer;
  return badInput(path, "this is not the tokenizer that made the data",
                  "Name the one whose sha256 is " + manifest.tokenizerSha256);
}

// The document as JSON, or, for a person at a terminal, as text in `shown`.
Result<Json> sampleJson(const TokenFile& file, const InspectArguments& arguments,
                        const DataManifest& manifest, std::string& shown) {
  Z2_TRY(const DocumentView document,
         readDocumentView(file, static_cast<uint64_t>(arguments.sample)));
  Z2_TRY(const std::shared_ptr<const Tokenizer> tokenizer, tokenizerOf(arguments, manifest));
  if (arguments.isJson || ::isatty(STDOUT_FILENO) == 0 || !tokenizer)
    return documentJson(document, tokenizer.get());
  shown = colouredText(document, *tokenizer);
  return Json::object();
}

// The checksums of the manifest against the files.
Result<void> verify(const std::string& prefix, const DataManifest& manifest) {
  for (const auto& [suffix, expected] : manifest.files) {
    const std::filesystem::path path = withSuffix(prefix, suffix);
    Z2_TRY(const std::string actual, checksumOfFile(path));
    if (actual != expected.xxh3)
      return corrupt(path.native(), "the content is not what the manifest says",
                     "Make the data again, or copy it again from where it came");
  }
  return {};
}

Json inspectionJson(const TokenFile& file, const DataManifest& manifest) {
  Json json = {{"task", manifest.task},
               {"documents", file.index().documents()},
               {"sequences", file.index().sequences()},
               {"tokens", file.index().tokens()},
               {"trained_tokens", manifest.trainedTokens},
               {"dtype", nameOf(file.index().type())},
               {"tokenizer", manifest.tokenizerPath},
               {"tokenizer_sha256", manifest.tokenizerSha256},
               {"vocab_size", manifest.vocabSize}};
  const Json all = manifest.toJson();
  for (const char* key : {"sources", "dropped", "truncated_documents", "truncated_tokens"})
    json[key] = all.at(key);
  for (const char* key : {"template", "formats", "train_on", "max_length", "truncation"})
    if (manifest.options.contains(key)) json[key] = manifest.options.at(key);
  json["lengths"] = Json::array();
  for (const LengthBucket& bucket : lengthHistogram(file.index()))
    json["lengths"].push_back(
        {{"from", bucket.from}, {"to", bucket.to}, {"documents", bucket.documents}});
  return json;
}

// How the samples would be packed for training.
Result<Json> packingJson(const InspectArguments& arguments, const DataManifest& manifest) {
  PackingReport report;
  if (manifest.task == "sft") {
    Z2_TRY(const SftSampler sampler, SftSampler::open({.data = arguments.prefix,
                                                       .sequenceLength = arguments.sequenceLength,
                                                       .vocabSize = manifest.vocabSize}));
    report = sampler.packing();
  } else if (manifest.task == "dpo") {
    Z2_TRY(const DpoSampler sampler, DpoSampler::open({.data = arguments.prefix,
                                                       .sequenceLength = arguments.sequenceLength,
                                                       .vocabSize = manifest.vocabSize}));
    report = sampler.packing();
  } else {
    return badInput(arguments.prefix,
                    "--seq-len packs samples for fine-tuning; this is other data");
  }
  return Json{{"sequence_length", arguments.sequenceLength},
              {"rows", report.rows},
              {"efficiency", report.efficiency()},
              {"trained_tokens", report.trainedTokens},
              {"cut", report.cut},
              {"left_out", report.leftOut}};
}

Result<void> inspect(const InspectArguments& arguments) {
  Z2_TRY(const auto known, DataManifest::read(arguments.prefix));
  const bool hasMask = known && known->files.contains(".mask");
  Z2_TRY(const TokenFile file,
         TokenFile::open(arguments.prefix,
                         hasMask ? TokenFile::Mask::kRequired : TokenFile::Mask::kIgnored));
  DataManifest manifest;
  manifest.trainedTokens = file.index().tokens();
  if (known) {
    manifest = *known;
    if (manifest.tokens != file.index().tokens() || manifest.documents != file.index().documents())
      return corrupt(arguments.prefix, "the manifest belongs to other files",
                     "Make the data again, or copy all of PREFIX.*");
  }
  if (arguments.isVerifying) {
    if (!known) return badInput(arguments.prefix, "there is no manifest to verify the files with");
    Z2_TRY_VOID(verify(arguments.prefix, manifest));
  }
  Json json = inspectionJson(file, manifest);
  if (arguments.isVerifying) json["verified"] = true;
  if (arguments.sequenceLength > 0) {
    Z2_TRY(json["packing"], packingJson(arguments, manifest));
  }
  std::string shown;
  if (arguments.sample >= 0) {
    Z2_TRY(const Json sample, sampleJson(file, arguments, manifest, shown));
    for (const auto& [key, value] : sample.items()) json[key] = value;
  }
  if (arguments.isJson)
    printJson(json);
  else
    std::fprintf(stdout, "%s\n%s",
                 json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str(),
                 shown.c_str());
  return {};
}

}  // namespace

void addDataInspectCommand(CLI::App& data, Chosen& chosen) {
  CLI::App& command = *data.add_subcommand("inspect", "Say what a token file holds");
  auto arguments = std::make_shared<InspectArguments>();
  command.add_option("prefix", arguments->prefix, "PREFIX of PREFIX.bin and PREFIX.idx")
      ->required();
  command
      .add_option("--sample", arguments->sample,
                  "Show document N, from 0: ids, mask and text; on a terminal what is "
                  "trained is green")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--tokenizer", arguments->tokenizer,
                     "Tokenizer that shows it as text [the one that made the data]");
  command
      .add_option("--seq-len", arguments->sequenceLength,
                  "Say how samples for fine-tuning would be packed into rows of this length")
      ->check(CLI::PositiveNumber);
  command.add_flag("--verify", arguments->isVerifying, "Compare the files with their checksums");
  command.add_flag("--json", arguments->isJson, "Print one line of JSON");
  onChosen(command, chosen, [arguments] { return inspect(*arguments); });
}

}  // namespace z2::cli
