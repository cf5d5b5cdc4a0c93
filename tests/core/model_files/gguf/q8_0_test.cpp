#include "core/model_files/gguf/q8_0.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace z2 {
namespace {

// The bytes that gguf.quants.quantize of the Python package gguf 0.19 gives for these values.
TEST(Q8, EqualsTheReference) {
  std::vector<float> values(32);
  for (int i = 0; i < 32; ++i)
    values[static_cast<size_t>(i)] = static_cast<float>(i * 37 % 64 - 32) * 0.09375F;
  values[5] = 0.0F;
  std::vector<std::byte> bytes(34);
  quantizeQ8(values, bytes);
  const int expected[32] = {-127, 20,  -87, 60,   -48,  0,   -8,  -115, 32,  -75, 71,
                            -36,  111, 4,   -103, 44,   -64, 83,  -24,  123, 16,  -91,
                            56,   -52, 95,  -12,  -119, 28,  -79, 67,   -40, 107};
  for (size_t i = 0; i < 32; ++i)
    EXPECT_EQ(static_cast<int>(static_cast<int8_t>(bytes[2 + i])), expected[i]) << i;
  EXPECT_EQ(static_cast<int>(bytes[0]), 12);
  EXPECT_EQ(static_cast<int>(bytes[1]), 38);

  std::vector<float> back(32);
  dequantizeQ8(bytes, back);
  for (size_t i = 0; i < 32; ++i) EXPECT_NEAR(back[i], values[i], 3.0F / 127 * 0.51F);
}

TEST(Q8, AHalfIsRoundedAwayFromZero) {
  std::vector<float> values(32, 0.0F);
  values[0] = 127.0F;
  values[1] = 2.5F;
  values[2] = -2.5F;
  std::vector<std::byte> bytes(34);
  quantizeQ8(values, bytes);
  EXPECT_EQ(static_cast<int8_t>(bytes[2 + 1]), 3);
  EXPECT_EQ(static_cast<int8_t>(bytes[2 + 2]), -3);
}

TEST(Q8, ZerosStayZeros) {
  const std::vector<float> values(64, 0.0F);
  std::vector<std::byte> bytes(68, std::byte{1});
  quantizeQ8(values, bytes);
  EXPECT_EQ(bytes, std::vector<std::byte>(68));
}

}  // namespace
}  // namespace z2
