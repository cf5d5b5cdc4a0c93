#include "core/tokenizer/tokenizer.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/io/files.h"
#include "core/io/limits.h"
#include "core/io/sha256.h"
#include "core/tokenizer/encode_buffers.h"
#include "core/tokenizer/hf_json.h"
#include "core/tokenizer/hf_tokenizer.h"
#include "core/tokenizer/spm_tokenizer.h"

namespace z2 {

namespace fs = std::filesystem;

EncodeScratch::EncodeScratch() : buffers_(std::make_unique<Buffers>()) {}
EncodeScratch::~EncodeScratch() = default;
EncodeScratch::EncodeScratch(EncodeScratch&&) noexcept = default;
EncodeScratch& EncodeScratch::operator=(EncodeScratch&&) noexcept = default;

namespace {

// The tokenizer file of a folder: tokenizer.json, else the only *tokenizer.json, else
// tokenizer.model, else the only *.model.
Result<fs::path> tokenizerFileOf(const fs::path& folder) {
  std::error_code failure;
  if (fs::exists(folder / "tokenizer.json", failure)) return folder / "tokenizer.json";
  std::vector<fs::path> json;
  std::vector<fs::path> models;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().native();
    if (name.ends_with("tokenizer.json")) json.push_back(entry.path());
    if (name.ends_with(".model")) models.push_back(entry.path());
  }
  if (failure) return systemError(failure.value(), "listing", folder.native());
  if (json.size() == 1) return json[0];
  if (json.empty() && fs::exists(folder / "tokenizer.model", failure))
    return folder / "tokenizer.model";
  if (json.empty() && models.size() == 1) return models[0];
  if (json.empty() && models.empty())
    return badInput(folder.native(), "there is no tokenizer in this folder",
                    "Give a folder with tokenizer.json or tokenizer.model");
  return badInput(folder.native(), "there is more than one tokenizer in this folder",
                  "Give the file itself");
}

}  // namespace

Result<std::shared_ptr<const Tokenizer>> Tokenizer::open(const fs::path& path) {
  std::error_code failure;
  const bool isFolder = fs::is_directory(path, failure);
  fs::path file = path;
  if (isFolder) {
    Z2_TRY(file, tokenizerFileOf(path));
  }
  Z2_TRY(const std::string bytes, readFile(file, limits::kTokenizerFileBytes));
  std::shared_ptr<Tokenizer> made;
  if (file.extension() == ".model") {
    Z2_TRY(SentencePieceModel model, parseSentencePieceModel(bytes, file.native()));
    Z2_TRY(made, SpmTokenizer::make(std::move(model)));
  } else {
    Z2_TRY(TokenizerDefinition definition, parseHfTokenizer(bytes, file.native()));
    Z2_TRY_VOID(readHfTokenizerConfig(file.parent_path(), definition));
    Z2_TRY(made, HfTokenizer::make(std::move(definition)));
  }
  made->finish(bytes);
  return made;
}

Result<std::shared_ptr<const Tokenizer>> Tokenizer::create(TokenizerDefinition definition) {
  const std::string bytes = writeHfTokenizer(definition);
  Z2_TRY(std::shared_ptr<Tokenizer> made, HfTokenizer::make(std::move(definition)));
  made->finish(bytes);
  return made;
}

Result<std::shared_ptr<const Tokenizer>> Tokenizer::create(SentencePieceModel model) {
  const std::string bytes = writeSentencePieceModel(model);
  Z2_TRY(std::shared_ptr<Tokenizer> made, SpmTokenizer::make(std::move(model)));
  made->finish(bytes);
  return made;
}

void Tokenizer::finish(std::string_view fileBytes) {
  hash_ = sha256Hex(fileBytes);
  identity_ = std::make_shared<const char>('\0');
  endOfTextId_ = eosId_;
  for (const char* name : {"<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>"}) {
    if (endOfTextId_) break;
    const auto id = tokenId(name);
    if (id && isSpecial(*id)) endOfTextId_ = id;
  }
}

void Tokenizer::setSpecialTokens(std::vector<SpecialToken> tokens) {
  specialTokens_ = std::move(tokens);
  std::sort(specialTokens_.begin(), specialTokens_.end(),
            [](const SpecialToken& a, const SpecialToken& b) { return a.id < b.id; });
}

bool Tokenizer::isSpecial(int32_t id) const {
  const auto found =
      std::lower_bound(specialTokens_.begin(), specialTokens_.end(), id,
                       [](const SpecialToken& token, int32_t value) { return token.id < value; });
  return found != specialTokens_.end() && found->id == id;
}

Result<void> Tokenizer::encode(std::string_view text, const EncodeOptions& options,
                               EncodeScratch& scratch, std::vector<int32_t>& out) const {
  if (options.addBos && !bosId_)
    return badInput("tokenizer", "it has no beginning-of-text token",
                    "Leave BOS out, or name one as bos_token in tokenizer_config.json");
  if (options.addEos && !eosId_)
    return badInput("tokenizer", "it has no end-of-text token",
                    "Leave EOS out, or name one as eos_token in tokenizer_config.json");
  EncodeScratch::Buffers& buffers = scratch.buffers();
  if (buffers.owner != identity_) {
    buffers.cache.clear();
    buffers.owner = identity_;
  }
  const size_t before = out.size();
  if (options.addBos) out.push_back(*bosId_);
  if (auto done = encodeText(text, options.allowSpecial, buffers, out); !done) {
    out.resize(before);
    return done;
  }
  if (options.addEos) out.push_back(*eosId_);
  return {};
}

std::string Tokenizer::decode(std::span<const int32_t> ids, bool skipSpecial) const {
  return decodeIds(ids, skipSpecial);
}

}  // namespace z2
