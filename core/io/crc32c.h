#pragma once

// CRC-32C (Castagnoli), reflected polynomial 0x82F63B78: what TFRecord files carry (RFC 3720,
// appendix B.4, gives test vectors).

#include <cstdint>
#include <string_view>

namespace z2 {

[[nodiscard]] uint32_t crc32c(std::string_view bytes);

}  // namespace z2
