// z2all data import

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/cli/data/data_command.h"
#include "core/data/import/import_tokens.h"
#include "core/tokenizer/tokenizer.h"

namespace z2::cli {

namespace {

struct ImportArguments {
  std::vector<std::string> files;
  std::string format;
  std::string output;
  std::string tokenizer;
  int32_t endOfText = -1;
  bool isOverwriting = false;
  bool isJson = false;
};

Result<void> importFiles(const ImportArguments& arguments) {
  ImportOptions options;
  options.files.assign(arguments.files.begin(), arguments.files.end());
  options.format = arguments.format == "ibin"   ? ForeignFormat::kSampleIndex
                   : arguments.format == "llmc" ? ForeignFormat::kLlmC
                                                : ForeignFormat::kMegatron;
  options.output = arguments.output;
  options.isOverwriting = arguments.isOverwriting;
  if (!arguments.tokenizer.empty()) {
    Z2_TRY(const std::shared_ptr<const Tokenizer> tokenizer, Tokenizer::open(arguments.tokenizer));
    options.vocabSize = tokenizer->vocabSize();
    options.tokenizerSha256 = tokenizer->hash();
    options.endOfText = tokenizer->endOfTextId();
  }
  if (arguments.endOfText >= 0) options.endOfText = arguments.endOfText;
  Z2_TRY(const DataManifest manifest, importTokens(options));
  if (arguments.isJson) {
    printJson(manifest.toJson());
    return {};
  }
  fmt::print("{}: {} documents, {} tokens ({})\n", arguments.output, manifest.documents,
             manifest.tokens, nameOf(manifest.type));
  if (options.format != ForeignFormat::kMegatron && !options.endOfText)
    std::fprintf(stderr,
                 "each file became one document: give --tokenizer or --end-of-text to find the "
                 "documents inside\n");
  return {};
}

}  // namespace

void addDataImportCommand(CLI::App& data, Chosen& chosen) {
  CLI::App& command = *data.add_subcommand("import", "Take over token files of other programs");
  auto arguments = std::make_shared<ImportArguments>();
  command.add_option("files", arguments->files, "Token files, laid end to end in this order")
      ->required();
  command
      .add_option("--format", arguments->format,
                  "ibin: llm-zero2all's .bin files (and their .ibin, which is checked); llmc: "
                  "llm.c's .bin; megatron: PREFIX.bin and PREFIX.idx")
      ->required()
      ->check(CLI::IsMember({"ibin", "llmc", "megatron"}));
  command.add_option("--output", arguments->output, "PREFIX of the files that are made")
      ->required();
  command.add_option("--tokenizer", arguments->tokenizer,
                     "The tokenizer that made the files: ids are checked against it");
  command
      .add_option("--end-of-text", arguments->endOfText,
                  "Id that ends each document [the tokenizer's]")
      ->check(CLI::NonNegativeNumber);
  command.add_flag("--overwrite", arguments->isOverwriting, "Replace files that are there");
  command.add_flag("--json", arguments->isJson, "Print the manifest as JSON");
  onChosen(command, chosen, [arguments] { return importFiles(*arguments); });
}

}  // namespace z2::cli
