#pragma once

// Addresses of servers that speak OpenAI's API.

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace z2 {

// The address that chats are posted to. A server alone ("http://127.0.0.1:8080") gets
// "/v1/chat/completions", a path that does not end in it ("https://…/v1", "https://…/api/paas/v4")
// gets "/chat/completions". kUsage for anything but http and https, and for a password in it.
[[nodiscard]] Result<std::string> chatUrlOf(std::string_view endpoint);

// Whether it names this machine.
[[nodiscard]] bool isLoopbackUrl(std::string_view url);
[[nodiscard]] bool isEncryptedUrl(std::string_view url);

}  // namespace z2
