// z2all data inspect

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/cli/data/data_command.h"
#include "core/data/data_manifest.h"
#include "core/data/length_histogram.h"
#include "core/data/token_file.h"
#include "core/io/checksum.h"
#include "core/tokenizer/tokenizer.h"

namespace z2::cli {

namespace {

struct InspectArguments {
  std::string prefix;
  int64_t sample = -1;
  std::string tokenizer;
  bool isVerifying = false;
  bool isJson = false;
};

Result<Json> sampleJson(const TokenFile& file, const InspectArguments& arguments,
                        const DataManifest& manifest) {
  const auto number = static_cast<uint64_t>(arguments.sample);
  if (number >= file.index().documents())
    return badInput(arguments.prefix,
                    fmt::format("there is no document {}; the last one is {}", number,
                                static_cast<int64_t>(file.index().documents()) - 1));
  std::vector<int32_t> ids(file.index().documentTokens(number));
  file.read(file.index().documentStart(number), ids);
  Json json = {{"ids", ids}, {"mask", std::vector<int>(ids.size(), 1)}};
  if (arguments.tokenizer.empty()) {
    json["text"] = nullptr;
    return json;
  }
  Z2_TRY(const std::shared_ptr<const Tokenizer> tokenizer, Tokenizer::open(arguments.tokenizer));
  if (!manifest.tokenizerSha256.empty() && manifest.tokenizerSha256 != tokenizer->hash())
    return badInput(arguments.tokenizer, "this is not the tokenizer that made the data",
                    "Name the one whose sha256 is " + manifest.tokenizerSha256);
  json["text"] = tokenizer->decode(ids);
  return json;
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
               {"tokenizer_sha256", manifest.tokenizerSha256},
               {"vocab_size", manifest.vocabSize}};
  const Json all = manifest.toJson();
  for (const char* key : {"sources", "dropped", "truncated_documents", "truncated_tokens"})
    json[key] = all.at(key);
  json["lengths"] = Json::array();
  for (const LengthBucket& bucket : lengthHistogram(file.index()))
    json["lengths"].push_back(
        {{"from", bucket.from}, {"to", bucket.to}, {"documents", bucket.documents}});
  return json;
}

Result<void> inspect(const InspectArguments& arguments) {
  Z2_TRY(const auto known, DataManifest::read(arguments.prefix));
  Z2_TRY(const TokenFile file, TokenFile::open(arguments.prefix));
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
  if (arguments.sample >= 0) {
    Z2_TRY(const Json sample, sampleJson(file, arguments, manifest));
    for (const auto& [key, value] : sample.items()) json[key] = value;
  }
  if (arguments.isJson)
    printJson(json);
  else
    std::fprintf(stdout, "%s\n",
                 json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  return {};
}

}  // namespace

void addDataInspectCommand(CLI::App& data, Chosen& chosen) {
  CLI::App& command = *data.add_subcommand("inspect", "Say what a token file holds");
  auto arguments = std::make_shared<InspectArguments>();
  command.add_option("prefix", arguments->prefix, "PREFIX of PREFIX.bin and PREFIX.idx")
      ->required();
  command.add_option("--sample", arguments->sample, "Show document N, from 0")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--tokenizer", arguments->tokenizer, "Show the document as text, too");
  command.add_flag("--verify", arguments->isVerifying, "Compare the files with their checksums");
  command.add_flag("--json", arguments->isJson, "Print one line of JSON");
  onChosen(command, chosen, [arguments] { return inspect(*arguments); });
}

}  // namespace z2::cli
