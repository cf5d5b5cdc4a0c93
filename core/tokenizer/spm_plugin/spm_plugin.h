#pragma once

// The C boundary of libz2_spm.so, sentencepiece's trainer as a plug-in.
//
// sentencepiece exports symbols of protobuf that clash with other libraries', so no program links
// it: z2all loads this plug-in when a sentencepiece model is to be trained. Nothing of C++ crosses
// the boundary: no exception, no standard type.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Raised whenever something below changes.
#define Z2_SPM_VERSION 1

typedef struct Z2SpmTraining {
  // Options of sentencepiece's trainer by name, as its command line has them.
  const char* const* names;
  const char* const* values;
  size_t optionCount;

  void* context;  // given to the functions below
  // The next sentence: 1 and `text` (valid until the next call), 0 at the end, -1 to give up.
  int32_t (*nextSentence)(void* context, const char** text, size_t* size);
  // Exactly one of these is called, before train returns: the bytes of the .model, or what failed.
  void (*onModel)(void* context, const char* bytes, size_t size);
  void (*onFailure)(void* context, const char* message);
} Z2SpmTraining;

// The symbol z2SpmVersion.
typedef uint32_t (*Z2SpmVersionFunction)(void);
// The symbol z2SpmTrain. Not thread-safe; sentencepiece aborts the process on some broken inputs,
// so call it in a process of its own.
typedef void (*Z2SpmTrainFunction)(const Z2SpmTraining* training);

#ifdef __cplusplus
}
#endif
