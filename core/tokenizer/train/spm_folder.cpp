#include <utility>

#include "core/io/files.h"
#include "core/io/json.h"
#include "core/io/new_folder.h"
#include "core/tokenizer/tokenizer_config_file.h"
#include "core/tokenizer/train/spm_trainer.h"

namespace z2 {

namespace {

// The piece's text, or null where the model has none.
Json pieceOr(const SentencePieceModel& model, int32_t id) {
  const bool exists = id >= 0 && static_cast<size_t>(id) < model.pieces.size();
  return exists ? Json(model.pieces[static_cast<size_t>(id)].piece) : Json();
}

}  // namespace

Result<void> writeSpmTokenizerFolder(const SentencePieceModel& model,
                                     const std::filesystem::path& folder) {
  Json map = Json::object();
  const std::pair<const char*, int32_t> roles[] = {{"bos_token", model.bosId},
                                                   {"eos_token", model.eosId},
                                                   {"pad_token", model.padId},
                                                   {"unk_token", model.unkId}};
  for (const auto& [role, id] : roles)
    if (Json piece = pieceOr(model, id); !piece.is_null()) map[role] = std::move(piece);
  Json added = Json::object();
  for (size_t id = 0; id < model.pieces.size(); ++id) {
    const SentencePiece& piece = model.pieces[id];
    if (piece.type != SentencePiece::Type::kControl && piece.type != SentencePiece::Type::kUnknown)
      continue;
    added[std::to_string(id)] = {{"content", piece.piece}, {"lstrip", false},
                                 {"normalized", false},    {"rstrip", false},
                                 {"single_word", false},   {"special", true}};
  }
  Json config = {{"added_tokens_decoder", std::move(added)},
                 {"add_bos_token", false},
                 {"add_eos_token", false}};
  config.update(map);
  config["clean_up_tokenization_spaces"] = false;
  config["legacy"] = true;
  config["sp_model_kwargs"] = Json::object();
  config["tokenizer_class"] = "LlamaTokenizer";
  return fillFolder(folder, [&](const std::filesystem::path& place) -> Result<void> {
    Z2_TRY_VOID(writeJsonFile(place / "special_tokens_map.json", map));
    Z2_TRY_VOID(writeTokenizerConfig(place, config));
    return replaceFile(place / "tokenizer.model", writeSentencePieceModel(model));
  });
}

}  // namespace z2
