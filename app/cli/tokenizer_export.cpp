// z2all tokenizer export: the same tokenizer as a Hugging Face folder or a sentencepiece model.

#include <filesystem>
#include <memory>
#include <string>

#include "app/cli/tokenizer_commands.h"
#include "core/tokenizer/hf_json.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/train/spm_trainer.h"

namespace z2::cli {

namespace {

struct Options {
  std::string tokenizer;
  std::string format = "hf";
  std::string output;
};

Result<void> exportHf(const Tokenizer& tokenizer, const Options& options) {
  if (const TokenizerDefinition* definition = tokenizer.definition())
    return writeHfTokenizerFolder(*definition, options.output);
  Z2_TRY(const TokenizerDefinition converted, toHfDefinition(*tokenizer.sentencePiece()));
  return writeHfTokenizerFolder(converted, options.output);
}

Result<void> exportSpm(const Tokenizer& tokenizer, const Options& options) {
  const SentencePieceModel* model = tokenizer.sentencePiece();
  if (model == nullptr)
    return badInput(options.tokenizer,
                    "a tokenizer.json cannot be said as a sentencepiece model: its merges and its "
                    "pattern have no place there",
                    "Export it with --format hf, or train with --type spm");
  return writeSpmTokenizerFolder(*model, options.output);
}

Result<void> exportTokenizer(const Options& options) {
  std::error_code ignored;
  if (std::filesystem::exists(options.output, ignored) &&
      !std::filesystem::is_directory(options.output, ignored))
    return badInput(options.output, "the output is a file", "Name a folder with --output");
  Z2_TRY(const std::shared_ptr<const Tokenizer> tokenizer, Tokenizer::open(options.tokenizer));
  if (options.format == "hf") {
    Z2_TRY_VOID(exportHf(*tokenizer, options));
  } else {
    Z2_TRY_VOID(exportSpm(*tokenizer, options));
  }
  fmt::print("{}\n", options.output);
  return {};
}

}  // namespace

void addTokenizerExport(CLI::App& group, Chosen& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *group.add_subcommand("export", "Write a tokenizer as another program reads it");
  command
      .add_option("--tokenizer", options->tokenizer, "Tokenizer folder, tokenizer.json or .model")
      ->required();
  command
      .add_option("--format", options->format,
                  "hf: tokenizer.json and its companions; spm: tokenizer.model")
      ->check(CLI::IsMember({"hf", "spm"}))
      ->required();
  command.add_option("--output", options->output, "Folder to write")->required();
  onChosen(command, chosen, [options] { return exportTokenizer(*options); });
}

}  // namespace z2::cli
