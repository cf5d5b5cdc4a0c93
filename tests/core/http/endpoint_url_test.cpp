#include "core/http/endpoint_url.h"

#include <gtest/gtest.h>

namespace z2 {
namespace {

TEST(EndpointUrl, ServersPathsAndWholeAddresses) {
  const auto of = [](const char* endpoint) { return chatUrlOf(endpoint).value_or("refused"); };
  EXPECT_EQ(of("http://127.0.0.1:8080"), "http://127.0.0.1:8080/v1/chat/completions");
  EXPECT_EQ(of("http://127.0.0.1:8080/"), "http://127.0.0.1:8080/v1/chat/completions");
  EXPECT_EQ(of("https://api.example.com/v1"), "https://api.example.com/v1/chat/completions");
  EXPECT_EQ(of("https://api.example.com/api/paas/v4/"),
            "https://api.example.com/api/paas/v4/chat/completions");
  EXPECT_EQ(of("https://api.example.com/x/chat/completions"),
            "https://api.example.com/x/chat/completions");
  EXPECT_EQ(of("http://[::1]:80"), "http://[::1]:80/v1/chat/completions");
  for (const char* wrong : {"api.example.com", "ftp://a", "https://", "http://a b", "file:///etc",
                            "https://user:secret@example.com", "https://a/v1?x=1"})
    EXPECT_EQ(of(wrong), "refused") << wrong;
  // A password is not repeated in the error.
  EXPECT_EQ(chatUrlOf("https://user:secret@example.com").error().text().find("secret"),
            std::string::npos);
}

TEST(EndpointUrl, WhichAreThisMachine) {
  for (const char* url : {"http://127.0.0.1:1/v1", "https://localhost", "http://[::1]:8"})
    EXPECT_TRUE(isLoopbackUrl(url)) << url;
  for (const char* url : {"http://127.example.com", "http://10.0.0.1", "http://localhost.example"})
    EXPECT_FALSE(isLoopbackUrl(url)) << url;
}

}  // namespace
}  // namespace z2
