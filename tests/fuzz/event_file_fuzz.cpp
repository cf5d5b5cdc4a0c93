// A TensorBoard event file: refused, or each scalar has a tag; and every message inside a sound
// frame is read to its end.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/io/tf_record.h"
#include "core/run_import/event_file.h"

namespace {

void check(std::string_view bytes) {
  const auto file = z2::readEventFile(bytes, "fuzz", true);
  if (!file) return;
  for (const auto& scalar : file->scalars)
    if (scalar.tag >= file->tags.size()) std::abort();
  if (file->tornBytes > bytes.size()) std::abort();
  const auto strict = z2::readEventFile(bytes, "fuzz", false);
  if (strict.has_value() != file->damage.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check(bytes);
  // Checksums keep most mutations out, so the bytes are tried as a message as well.
  std::string framed;
  z2::appendTfRecord(framed, bytes);
  check(framed);
  return 0;
}
