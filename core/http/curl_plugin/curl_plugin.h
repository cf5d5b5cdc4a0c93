#pragma once

// The C boundary of libz2_curl.so, libcurl as a plug-in. Nothing but plain values crosses it: no
// exception, no C++ object. A client belongs to one thread at a time.

#include <cstddef>
#include <cstdint>

extern "C" {

struct Z2CurlPost {
  const char* url;
  const char* bearer;  // of "Authorization: Bearer …"; empty: none
  const char* body;    // JSON
  size_t bodySize;
  int64_t timeoutMs;   // from the start to the last byte of the answer
  size_t answerLimit;  // bytes
  int32_t isLocal;     // no proxy is asked
};

// What became of an answer. The order is part of the boundary.
enum Z2CurlOutcome {
  kZ2CurlAnswered = 0,     // `status` and `body` are set
  kZ2CurlUnreachable = 1,  // no connection: no such host, nobody listens
  kZ2CurlUntrusted = 2,    // TLS did not work out
  kZ2CurlTimeout = 3,
  kZ2CurlBroken = 4,  // the connection ended before the answer did
};

struct Z2CurlAnswer {
  int64_t number;
  int32_t outcome;      // a Z2CurlOutcome
  int32_t status;       // of HTTP
  int64_t retryAfterS;  // of the header Retry-After; 0: there was none
  const char* body;
  size_t bodySize;
  const char* failure;  // in libcurl's words; empty when it was answered
};

struct Z2CurlTable {
  uint32_t version;  // kZ2CurlVersion of the plug-in

  // A client, or null.
  void* (*open)();
  void (*close)(void* client);
  // 0, or -1 when libcurl takes no more. Nothing of `post` is used after the call.
  int (*start)(void* client, int64_t number, const Z2CurlPost* post);
  // Nothing when it has been answered.
  void (*cancel)(void* client, int64_t number);
  // Waits for up to `waitMs` for something to happen and gives `sink` what has ended. 0, or -1 with
  // the reason in `error` (NUL-terminated, cut to fit).
  int (*poll)(void* client, int waitMs, void (*sink)(void* context, const Z2CurlAnswer* answer),
              void* context, char* error, size_t errorSize);
};

// The one symbol of the plug-in; null when it does not speak `version`.
typedef const Z2CurlTable* (*Z2CurlTableFunction)(uint32_t version);
}

inline constexpr uint32_t kZ2CurlVersion = 1;
inline constexpr const char* kZ2CurlSymbol = "z2CurlTable";
