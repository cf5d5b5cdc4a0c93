#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/cli/export_check.h"
#include "app/cli/model_commands.h"
#include "app/cli/peft_export.h"
#include "core/base/format.h"
#include "core/chat/template_source.h"
#include "core/generate/conversation.h"
#include "core/generate/model_tokenizer.h"
#include "core/generate/trained_template.h"
#include "core/io/files.h"
#include "core/io/new_folder.h"
#include "core/model_files/gguf/gguf_export.h"
#include "core/model_files/hf_export.h"
#include "core/model_files/model_source.h"

namespace z2::cli {

namespace {

namespace fs = std::filesystem;

struct ExportArguments {
  std::string source;
  std::string format = "hf";
  std::string output;
  std::string dtype;
  std::string tokenizer;
  std::string chatTemplate;
  double shardGigabytes = 5;
  bool isChecked = false;
  bool asJson = false;
};

// A model on its way out.
struct Export {
  ModelSource source;
  HfConfig config = {};
  std::shared_ptr<const Tokenizer> tokenizer = {};  // null: none was found
  fs::path tokenizerPath = {};
  std::string chatTemplate = {};  // empty: none

  [[nodiscard]] TensorReader reader() const {
    return [this](const HfTensor& tensor, std::span<float> values) {
      return source.readTensor(tensor, values);
    };
  }
};

// Takes the tokenizer, and the token ids that a run's configuration does not have.
void takeTokenizer(const std::string& named, std::shared_ptr<const Tokenizer> tokenizer,
                   Export& out) {
  const ModelDescription& model = out.source.description();
  out.tokenizerPath = tokenizerPathOf(model, named);
  if (!out.config.bosId && tokenizer->bosId()) out.config.bosId = *tokenizer->bosId();
  if (!out.config.padId && tokenizer->padId()) out.config.padId = *tokenizer->padId();
  if (out.config.eosIds.empty()) out.config.eosIds = stopIdsOf(model, *tokenizer);
  out.tokenizer = std::move(tokenizer);
}

// What ends a turn ends a generation as well: other programs look for it among the end tokens.
void addEndOfTurn(Export& out) {
  if (out.chatTemplate.empty() || !out.tokenizer) return;
  TemplateSource source;
  source.name = "chat template";
  source.source = out.chatTemplate;
  const auto format = ConversationFormat::fromTemplate(source, out.tokenizer);
  if (!format) {
    std::fprintf(stderr, "z2all: note: the template is written as it is: %s\n",
                 format.error().text().c_str());
    return;
  }
  std::vector<int64_t>& ends = out.config.eosIds;
  for (const int64_t id : format->stopIds())
    if (std::ranges::find(ends, id) == ends.end()) ends.push_back(id);
}

Result<Export> openExport(const ExportArguments& arguments) {
  Z2_TRY(ModelSource source, ModelSource::open(arguments.source));
  Export out{.source = std::move(source)};
  out.config = out.source.description().config;
  Result<std::shared_ptr<const Tokenizer>> tokenizer =
      openModelTokenizer(out.source.description(), arguments.tokenizer);
  if (tokenizer) {
    takeTokenizer(arguments.tokenizer, *std::move(tokenizer), out);
    Z2_TRY(const std::optional<TemplateSource> own,
           templateOf(out.source.description(), out.tokenizerPath));
    if (own) out.chatTemplate = own->source;
  } else if (arguments.format == "gguf" || !arguments.tokenizer.empty()) {
    return tl::unexpected(std::move(tokenizer).error());
  } else {
    // A directory can do without, but not unnoticed.
    std::fprintf(stderr, "z2all: exported without a tokenizer: %s\n",
                 tokenizer.error().text().c_str());
  }
  if (!arguments.chatTemplate.empty()) {
    Z2_TRY(const TemplateSource named, findTemplate(arguments.chatTemplate, out.tokenizerPath));
    out.chatTemplate = named.source;
  }
  addEndOfTurn(out);
  return out;
}

Result<void> refuseOther(const ExportArguments& arguments,
                         const std::optional<ExportCheck>& check) {
  if (!check || check->isSame()) return {};
  return corrupt(arguments.output,
                 fmt::format("what was written has a loss of {:.4f}, the model {:.4f}",
                             check->after, check->before),
                 "Do not use it; write it again, and look at the disk");
}

// Compares the losses where that was asked for, and says what was written. `written`: what the
// check reads.
Result<void> report(const ExportArguments& arguments, const Export& model, const fs::path& written,
                    const Json& files, uint64_t bytes) {
  std::optional<ExportCheck> check;
  if (arguments.isChecked) {
    Z2_TRY(check, checkExport(model.source, written, arguments.dtype, model.tokenizer.get()));
  }
  const int64_t parameters = model.config.model.parameterCount();
  if (arguments.asJson) {
    Json said = {{"output", arguments.output}, {"source", model.source.weightsFolder().native()},
                 {"parameters", parameters},   {"bytes", bytes},
                 {"dtype", arguments.dtype},   {"files", files}};
    if (check) said["check"] = toJson(*check);
    printJson(said);
    return refuseOther(arguments, check);
  }
  fmt::print("{}: {} parameters in {} from {}\n", arguments.output,
             formatCount(static_cast<double>(parameters)), formatBytes(static_cast<double>(bytes)),
             model.source.weightsFolder().native());
  for (const Json& file : files) fmt::print("  {}\n", file.get<std::string>());
  if (check)
    fmt::print("loss {:.6f} before, {:.6f} as written ({} tokens)\n", check->before, check->after,
               check->tokens);
  return refuseOther(arguments, check);
}

Result<void> exportHf(const ExportArguments& arguments, const Export& model) {
  HfExportOptions options{.type = arguments.dtype == "bf16"   ? DType::kBF16
                                  : arguments.dtype == "fp16" ? DType::kF16
                                                              : DType::kF32,
                          .shardBytes = static_cast<uint64_t>(arguments.shardGigabytes * 1e9),
                          .chatTemplate = model.chatTemplate};
  if (model.tokenizer) options.tokenizer = model.tokenizerPath;
  Z2_TRY(const HfExportReport done,
         writeHfDirectory(arguments.output, model.config, model.reader(), options));
  Json files = Json::array();
  for (const fs::path& file : done.files) files.push_back(file.native());
  return report(arguments, model, arguments.output, files, done.weightBytes);
}

// A name that every file system and shell takes.
std::string safeName(std::string_view name) {
  std::string safe(name);
  std::ranges::replace_if(
      safe,
      [](unsigned char c) {
        return c < 0x80 && std::isalnum(c) == 0 && c != '-' && c != '_' && c != '.';
      },
      '-');
  safe.erase(0, std::min(safe.find_first_not_of(".-"), safe.size()));
  return safe.empty() ? "model" : safe;
}

GgmlType ggmlTypeOf(std::string_view dtype) {
  if (dtype == "fp32") return GgmlType::kF32;
  if (dtype == "bf16") return GgmlType::kBF16;
  return dtype == "q8_0" ? GgmlType::kQ8_0 : GgmlType::kF16;
}

// The folder, which must be new, or a file of the name that was given.
Result<void> exportGguf(const ExportArguments& arguments, const Export& model) {
  const fs::path output = fs::path(arguments.output).lexically_normal();
  const bool isFile = output.extension() == ".gguf";
  const fs::path named = output.has_filename() ? output : output.parent_path();
  const std::string name = safeName((isFile ? named.stem() : named.filename()).native());
  const GgufExportOptions options{.type = ggmlTypeOf(arguments.dtype),
                                  .name = name,
                                  .tokenizer = model.tokenizer,
                                  .chatTemplate = model.chatTemplate};
  GgufExportReport done;
  std::string file = output.filename().native();
  fs::path written = output;
  if (isFile) {
    if (output.has_parent_path()) Z2_TRY_VOID(makeFolders(output.parent_path()));
    Z2_TRY(done, writeGguf(output, model.config, model.reader(), options));
  } else {
    file = name + "-" + arguments.dtype + ".gguf";
    written = named / file;
    Z2_TRY(NewFolder folder, NewFolder::begin(named));
    Z2_TRY(done, writeGguf(folder.path() / file, model.config, model.reader(), options));
    Z2_TRY_VOID(folder.commit());
  }
  for (const std::string& note : done.notes)
    std::fprintf(stderr, "z2all: note: %s\n", note.c_str());
  return report(arguments, model, written, Json::array({file}), done.bytes);
}

Result<void> runExport(ExportArguments arguments) {
  if (arguments.format == "peft" && arguments.isChecked)
    return usageError("adapters alone have no loss to check", "Leave --check out");
  if (arguments.format == "peft")
    return exportPeft(arguments.source, arguments.output, arguments.asJson);
  const bool isGguf = arguments.format == "gguf";
  if (arguments.dtype.empty()) arguments.dtype = isGguf ? "fp16" : "fp32";
  if (!isGguf && arguments.dtype == "q8_0")
    return usageError("a Hugging Face directory has no q8_0", "Use --format gguf");
  Z2_TRY(const Export model, openExport(arguments));
  return isGguf ? exportGguf(arguments, model) : exportHf(arguments, model);
}

}  // namespace

void addModelExportCommand(CLI::App& model, Chosen& chosen) {
  CLI::App* command = model.add_subcommand(
      "export",
      "Write a model for other programs: a Hugging Face directory, or GGUF for llama.cpp");
  const auto arguments = std::make_shared<ExportArguments>();
  command
      ->add_option("MODEL", arguments->source,
                   "A run (its newest checkpoint that verifies), a checkpoint or a Hugging Face "
                   "directory")
      ->required();
  command->add_option("--format", arguments->format, "hf, gguf or peft")
      ->check(CLI::IsMember({"hf", "gguf", "peft"}))
      ->capture_default_str();
  command
      ->add_option("--output", arguments->output,
                   "A new directory; for gguf also a file that ends with .gguf")
      ->required();
  command
      ->add_option("--dtype", arguments->dtype,
                   "Type of the weights: fp32 (hf's default), fp16 (gguf's), bf16; gguf also q8_0")
      ->check(CLI::IsMember({"fp32", "fp16", "bf16", "q8_0"}));
  command->add_option("--tokenizer", arguments->tokenizer,
                      "The tokenizer to put beside it, instead of the run's");
  command->add_option("--chat-template", arguments->chatTemplate,
                      "chatml, llama2, llama3, alpaca, z2all, a Jinja file or a model's folder, "
                      "instead of the template that the tokenizer has");
  command->add_option("--shard-gb", arguments->shardGigabytes, "hf: largest size of a file")
      ->check(CLI::Range(0.000'001, 1000.0))
      ->capture_default_str();
  command->add_flag("--check", arguments->isChecked,
                    "Read it back and compare its loss on a text with the model's; another one is "
                    "an error");
  command->add_flag("--json", arguments->asJson, "One JSON object");
  command->footer(
      "hf: AutoModelForCausalLM and AutoTokenizer of transformers 4 and 5 load the result.\n"
      "gguf: llama.cpp runs it: llama-cli -m OUTPUT/NAME.gguf\n"
      "peft: the adapters of a run with lora.rank alone; the other two merge them.");
  onChosen(*command, chosen, [arguments] { return runExport(*arguments); });
}

}  // namespace z2::cli
