#include "core/http/endpoint_url.h"

#include <algorithm>

#include <fmt/format.h>

namespace z2 {

namespace {

constexpr std::string_view kChat = "/chat/completions";

// "user@host:port", without what stands around it.
std::string_view authorityOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

}  // namespace

Result<std::string> chatUrlOf(std::string_view endpoint) {
  constexpr std::string_view kExample = "Give for example https://api.example.com/v1";
  if (!endpoint.starts_with("http://") && !endpoint.starts_with("https://"))
    return usageError(fmt::format("\"{}\" is no address of a server", endpoint),
                      std::string(kExample));
  const std::string_view authority = authorityOf(endpoint);
  const bool isPlain = std::ranges::all_of(endpoint, [](char c) { return c > ' ' && c < 0x7F; });
  if (authority.empty() || !isPlain || endpoint.find_first_of("?#") != std::string_view::npos)
    return usageError(fmt::format("\"{}\" is no address of a server", endpoint),
                      std::string(kExample));
  if (authority.find('@') != std::string_view::npos)
    return usageError("an address must not hold a password: it would be shown and logged",
                      "Give the key with --key-file");
  while (endpoint.ends_with('/')) endpoint.remove_suffix(1);
  if (endpoint.ends_with(kChat)) return std::string(endpoint);
  const bool isServerAlone = endpoint.size() == endpoint.find(authority) + authority.size();
  return fmt::format("{}{}{}", endpoint, isServerAlone ? "/v1" : "", kChat);
}

bool isLoopbackUrl(std::string_view url) {
  std::string_view host = authorityOf(url);
  if (host.starts_with('[')) return host.starts_with("[::1]");
  host = host.substr(0, host.find(':'));
  return host == "localhost" || (host.starts_with("127.") &&
                                 host.find_first_not_of("0123456789.") == std::string_view::npos);
}

bool isEncryptedUrl(std::string_view url) { return url.starts_with("https://"); }

}  // namespace z2
