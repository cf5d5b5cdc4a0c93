#pragma once

// TensorBoard's event files (events.out.tfevents.*): TFRecord frames around Event messages. Field
// numbers are those of TensorFlow's event.proto, summary.proto and tensor.proto.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace z2 {

// A number that was logged under a tag.
struct EventScalar {
  uint32_t tag = 0;      // index into EventFile::tags
  bool isFloat = false;  // value came as fp32; its shortest text is the writer's
  int64_t step = 0;
  double time = 0;  // Unix seconds
  double value = 0;
};

struct EventText {
  std::string tag;
  int64_t step = 0;
  double time = 0;
  std::string text;
};

// What a file holds. Scalars come as simple_value or, from newer writers, as tensors of one element
// (fp64, fp32, bf16, fp16 or whole numbers) that belong to the plug-in "scalars" or to none.
struct EventFile {
  std::vector<std::string> tags;
  std::vector<EventScalar> scalars;       // in the order of the file
  std::vector<EventText> texts;           // of the plug-in "text"
  std::map<std::string, uint64_t> other;  // "histograms: TAG" and how many
  uint64_t records = 0;
  uint64_t tornBytes = 0;  // of a record at the end that is not whole
  std::string damage;      // why reading ended early; empty: it did not
};

// `where` names the file in errors. A torn end is fine. Damage is an error (corrupt) that names the
// offset; with `passesDamage` what is before it is given, and `damage` says what happened.
[[nodiscard]] Result<EventFile> readEventFile(std::string_view bytes, std::string_view where,
                                              bool passesDamage);

}  // namespace z2
