#include "core/model/initialise.h"

#include <array>
#include <cmath>
#include <numbers>

namespace z2 {

namespace {

uint64_t fnv1a(std::string_view text) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (const char letter : text) {
    hash ^= static_cast<unsigned char>(letter);
    hash *= 0x100000001B3u;
  }
  return hash;
}

std::array<uint32_t, 4> philox(uint64_t block, uint64_t stream, uint64_t seed) {
  std::array<uint32_t, 4> counter = {
      static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32),
      static_cast<uint32_t>(stream), static_cast<uint32_t>(stream >> 32)};
  auto key0 = static_cast<uint32_t>(seed);
  auto key1 = static_cast<uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const uint64_t a = uint64_t{0xD2511F53u} * counter[0];
    const uint64_t b = uint64_t{0xCD9E8D57u} * counter[2];
    counter = {static_cast<uint32_t>(b >> 32) ^ counter[1] ^ key0, static_cast<uint32_t>(b),
               static_cast<uint32_t>(a >> 32) ^ counter[3] ^ key1, static_cast<uint32_t>(a)};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

// Two independent normals from two words; the first word never gives 0.
std::array<float, 2> boxMuller(uint32_t a, uint32_t b) {
  const double radius = std::sqrt(-2.0 * std::log((static_cast<double>(a) + 0.5) * 0x1p-32));
  const double angle = 2.0 * std::numbers::pi * static_cast<double>(b) * 0x1p-32;
  return {static_cast<float>(radius * std::cos(angle)),
          static_cast<float>(radius * std::sin(angle))};
}

}  // namespace

void fillNormal(std::span<float> out, uint64_t firstElement, float deviation, uint64_t seed,
                std::string_view name) {
  const uint64_t stream = fnv1a(name);
  std::array<float, 4> normals = {};
  uint64_t block = ~uint64_t{0};
  for (size_t i = 0; i < out.size(); ++i) {
    const uint64_t element = firstElement + i;
    if (element / 4 != block) {
      block = element / 4;
      const auto words = philox(block, stream, seed);
      const auto low = boxMuller(words[0], words[1]);
      const auto high = boxMuller(words[2], words[3]);
      normals = {low[0], low[1], high[0], high[1]};
    }
    out[i] = deviation * normals[element % 4];
  }
}

void fillUniform(std::span<float> out, uint64_t firstElement, float bound, uint64_t seed,
                 std::string_view name) {
  const uint64_t stream = fnv1a(name);
  for (size_t i = 0; i < out.size(); ++i) {
    const uint64_t element = firstElement + i;
    const uint32_t word = philox(element / 4, stream, seed)[element % 4];
    out[i] = bound * (static_cast<float>(word >> 8) * 0x1p-23f - 1.0f);
  }
}

}  // namespace z2
