#include "app/cli/data/document_view.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace z2::cli {

namespace {

constexpr std::array<const char*, 3> kPairParts = {"prompt", "chosen", "rejected"};

Json partJson(std::span<const int32_t> ids, std::span<const uint8_t> mask,
              const Tokenizer* tokenizer) {
  Json json = {{"ids", std::vector<int32_t>(ids.begin(), ids.end())},
               {"mask", std::vector<int>(mask.begin(), mask.end())}};
  json["text"] = tokenizer == nullptr ? Json(nullptr) : Json(tokenizer->decode(ids));
  return json;
}

// Calls `take(name, first token, count)` for each sequence of a pair.
template <typename Take>
void eachPairPart(const DocumentView& document, const Take& take) {
  size_t begin = 0;
  for (size_t i = 0; i < kPairParts.size(); ++i) {
    const auto count = static_cast<size_t>(document.lengths[i]);
    take(kPairParts[i], begin, count);
    begin += count;
  }
}

std::string coloured(std::span<const int32_t> ids, std::span<const uint8_t> mask,
                     const Tokenizer& tokenizer) {
  std::string text;
  bool isGreen = false;
  for (size_t i = 0; i < ids.size(); ++i) {
    if ((mask[i] != 0) != isGreen) {
      isGreen = !isGreen;
      text += isGreen ? "\033[32m" : "\033[0m";
    }
    appendSafely(tokenizer.tokenBytes(ids[i]), text);
  }
  return text + "\033[0m\n";
}

}  // namespace

void appendSafely(std::string_view bytes, std::string& text) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F)
      text += fmt::format("\\x{:02x}", byte);
    else
      text += c;
  }
}

Result<DocumentView> readDocumentView(const TokenFile& file, uint64_t number) {
  const TokenIndex& index = file.index();
  if (number >= index.documents())
    return badInput(file.prefix().native(),
                    fmt::format("there is no document {}; the last one is {}", number,
                                static_cast<int64_t>(index.documents()) - 1));
  DocumentView view;
  view.ids.resize(index.documentTokens(number));
  const uint64_t first = index.documentStart(number);
  file.read(first, view.ids);
  view.mask.assign(view.ids.size(), 1);
  if (file.hasMask()) {
    const auto mask = file.mask(first, view.ids.size());
    view.mask.assign(mask.begin(), mask.end());
  }
  const uint64_t end =
      number + 1 < index.documents() ? index.documentFirstSequence(number + 1) : index.sequences();
  for (uint64_t i = index.documentFirstSequence(number); i < end; ++i)
    view.lengths.push_back(index.sequenceTokens(i));
  return view;
}

Json documentJson(const DocumentView& document, const Tokenizer* tokenizer) {
  Json json = partJson(document.ids, document.mask, tokenizer);
  if (document.lengths.size() != kPairParts.size()) return json;
  eachPairPart(document, [&](const char* name, size_t begin, size_t count) {
    json[name] = partJson(std::span(document.ids).subspan(begin, count),
                          std::span(document.mask).subspan(begin, count), tokenizer);
  });
  return json;
}

std::string colouredText(const DocumentView& document, const Tokenizer& tokenizer) {
  if (document.lengths.size() != kPairParts.size())
    return coloured(document.ids, document.mask, tokenizer);
  std::string text;
  eachPairPart(document, [&](const char* name, size_t begin, size_t count) {
    text += fmt::format("[{}]\n", name) + coloured(std::span(document.ids).subspan(begin, count),
                                                   std::span(document.mask).subspan(begin, count),
                                                   tokenizer);
  });
  return text;
}

}  // namespace z2::cli
