#include "core/tokenizer/sentencepiece_model.h"

#include <string>
#include <string_view>
#include <utility>

#include "core/io/limits.h"
#include "core/io/wire_format.h"

// Field numbers are those of sentencepiece_model.proto.

namespace z2 {

namespace {

tl::unexpected<Error> broken(std::string_view where, std::string_view part) {
  return corrupt(std::string(where), "the " + std::string(part) + " of this model is broken",
                 "Get the file again; it is no sentencepiece model, or not all of it");
}

Result<void> parsePiece(std::string_view message, std::string_view where, SentencePiece& piece) {
  WireReader reader(message);
  while (reader.next()) {
    if (reader.field() == 1 && reader.isBytes()) piece.piece = reader.bytes();
    if (reader.field() == 2) piece.score = reader.asFloat();
    if (reader.field() != 3) continue;
    if (reader.number() < 1 || reader.number() > 6) return broken(where, "type of a piece");
    piece.type = static_cast<SentencePiece::Type>(reader.number());
  }
  if (reader.isBroken()) return broken(where, "list of pieces");
  if (piece.piece.size() > limits::kStringBytes) return broken(where, "length of a piece");
  return {};
}

Result<void> parseTrainerSpec(std::string_view message, std::string_view where,
                              SentencePieceModel& model) {
  WireReader reader(message);
  while (reader.next()) {
    switch (reader.field()) {
      case 3:
        if (reader.number() < 1 || reader.number() > 4) return broken(where, "type");
        model.kind = static_cast<SentencePieceModel::Kind>(reader.number());
        break;
      case 4:
        model.vocabSize = reader.asInt32();
        break;
      case 10:
        model.characterCoverage = reader.asFloat();
        break;
      case 24:
        model.treatsWhitespaceAsSuffix = reader.number() != 0;
        break;
      case 25:
        model.splitsDigits = reader.number() != 0;
        break;
      case 35:
        model.hasByteFallback = reader.number() != 0;
        break;
      case 40:
        model.unkId = reader.asInt32();
        break;
      case 41:
        model.bosId = reader.asInt32();
        break;
      case 42:
        model.eosId = reader.asInt32();
        break;
      case 43:
        model.padId = reader.asInt32();
        break;
      case 44:
        model.unkSurface = reader.bytes();
        break;
      case 45:
        model.unkPiece = reader.bytes();
        break;
      case 46:
        model.bosPiece = reader.bytes();
        break;
      case 47:
        model.eosPiece = reader.bytes();
        break;
      case 48:
        model.padPiece = reader.bytes();
        break;
      default:
        break;
    }
  }
  if (reader.isBroken()) return broken(where, "trainer's part");
  return {};
}

Result<void> parseNormalizerSpec(std::string_view message, std::string_view where,
                                 SentencePieceModel& model) {
  WireReader reader(message);
  while (reader.next()) {
    if (reader.field() == 1) model.normalizerName = reader.bytes();
    if (reader.field() == 2) model.precompiledCharsmap = reader.bytes();
    if (reader.field() == 3) model.addsDummyPrefix = reader.number() != 0;
    if (reader.field() == 4) model.removesExtraWhitespaces = reader.number() != 0;
    if (reader.field() == 5) model.escapesWhitespaces = reader.number() != 0;
  }
  if (reader.isBroken()) return broken(where, "normalizer");
  return {};
}

std::string normalizerSpec(const SentencePieceModel& model) {
  WireWriter spec;
  spec.putBytes(1, model.normalizerName);
  spec.putBytes(2, model.precompiledCharsmap);
  spec.putBool(3, model.addsDummyPrefix);
  spec.putBool(4, model.removesExtraWhitespaces);
  spec.putBool(5, model.escapesWhitespaces);
  return spec.take();
}

std::string trainerSpec(const SentencePieceModel& model) {
  WireWriter spec;
  spec.putVarint(3, static_cast<uint64_t>(model.kind));
  spec.putInt32(4, static_cast<int32_t>(model.pieces.size()));
  spec.putFloat(10, model.characterCoverage);
  spec.putBool(24, model.treatsWhitespaceAsSuffix);
  spec.putBool(25, model.splitsDigits);
  spec.putBool(35, model.hasByteFallback);
  spec.putInt32(40, model.unkId);
  spec.putInt32(41, model.bosId);
  spec.putInt32(42, model.eosId);
  spec.putInt32(43, model.padId);
  spec.putBytes(44, model.unkSurface);
  spec.putBytes(45, model.unkPiece);
  spec.putBytes(46, model.bosPiece);
  spec.putBytes(47, model.eosPiece);
  spec.putBytes(48, model.padPiece);
  return spec.take();
}

}  // namespace

Result<SentencePieceModel> parseSentencePieceModel(std::string_view bytes, std::string_view where) {
  SentencePieceModel model;
  model.kind = SentencePieceModel::Kind::kUnigram;  // the proto's default
  WireReader reader(bytes);
  while (reader.next()) {
    if (reader.field() >= 1 && reader.field() <= 5 && reader.field() != 4 && !reader.isBytes())
      return broken(where, "structure");
    if (reader.field() == 1) {
      if (model.pieces.size() == limits::kVocabulary)
        return badInput(std::string(where), "this model has too many pieces");
      Z2_TRY_VOID(parsePiece(reader.bytes(), where, model.pieces.emplace_back()));
    } else if (reader.field() == 2) {
      Z2_TRY_VOID(parseTrainerSpec(reader.bytes(), where, model));
    } else if (reader.field() == 3) {
      Z2_TRY_VOID(parseNormalizerSpec(reader.bytes(), where, model));
    } else if (reader.field() == 5) {
      WireReader spec(reader.bytes());
      while (spec.next())
        if (spec.field() == 2) model.denormalizerCharsmap = spec.bytes();
      if (spec.isBroken()) return broken(where, "denormalizer");
    }
  }
  if (reader.isBroken()) return broken(where, "structure");
  if (model.pieces.empty()) return broken(where, "list of pieces");
  return model;
}

std::string writeSentencePieceModel(const SentencePieceModel& model) {
  WireWriter message;
  for (const SentencePiece& piece : model.pieces) {
    WireWriter part;
    part.putBytes(1, piece.piece);
    part.putFloat(2, piece.score);
    if (piece.type != SentencePiece::Type::kNormal)
      part.putVarint(3, static_cast<uint64_t>(piece.type));
    message.putBytes(1, part.take());
  }
  message.putBytes(2, trainerSpec(model));
  message.putBytes(3, normalizerSpec(model));
  if (!model.denormalizerCharsmap.empty()) {
    WireWriter denormalizer;
    denormalizer.putBytes(2, model.denormalizerCharsmap);
    message.putBytes(5, denormalizer.take());
  }
  return message.take();
}

}  // namespace z2
