#pragma once

// The C boundary of libz2_parquet.so. Nothing but plain values crosses it: no exception, no C++
// object. A reader belongs to one thread at a time.

#include <cstddef>
#include <cstdint>

extern "C" {

struct Z2ParquetTable {
  uint32_t version;  // kZ2ParquetVersion of the plug-in

  // A reader, or null with the reason in `error` (NUL-terminated, cut to fit).
  void* (*open)(const char* path, char* error, size_t errorSize);
  void (*close)(void* reader);
  uint64_t (*rows)(const void* reader);
  // The next row read will be this one. 0, or -1 with the reason.
  int (*seek)(void* reader, uint64_t row, char* error, size_t errorSize);
  // Gives `sink` the next rows, each one JSON object, until about `bytes` were given. The number of
  // rows; 0 at the end; -1 with the reason.
  int64_t (*read)(void* reader, size_t bytes,
                  void (*sink)(void* context, const char* json, size_t size), void* context,
                  char* error, size_t errorSize);
};

// The one symbol of the plug-in; null when it does not speak `version`.
typedef const Z2ParquetTable* (*Z2ParquetTableFunction)(uint32_t version);
}

inline constexpr uint32_t kZ2ParquetVersion = 1;
inline constexpr const char* kZ2ParquetSymbol = "z2ParquetTable";
