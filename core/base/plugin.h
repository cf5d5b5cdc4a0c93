#pragma once

// Shared libraries of the project that lie beside the program and are loaded when they are needed.

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace z2 {

// The address of `symbol` in `library` ("libz2_….so"), which stays loaded until the process ends.
// `need` begins the error ("parquet files cannot be read"), `fix` ends it.
[[nodiscard]] Result<void*> pluginSymbol(std::string_view library, const char* symbol,
                                         std::string_view need, std::string_view fix);
// What to say of a plug-in that does not speak this program's version.
[[nodiscard]] tl::unexpected<Error> pluginMismatch(std::string_view library);

}  // namespace z2
