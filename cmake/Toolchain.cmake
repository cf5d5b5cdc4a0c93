# Compiler, linker, warnings, sanitizers: what every target of the project shares.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(Z2_CCACHE ccache)
if(Z2_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${Z2_CCACHE})
endif()

find_program(Z2_MOLD mold)
if(Z2_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# The project's own targets take their warnings from here; system headers are not ours to mend.
add_library(z2_options INTERFACE)
target_include_directories(z2_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(z2_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<BOOL:${Z2_WARNINGS_AS_ERRORS}>:-Werror>)

if(Z2_SANITIZE)
  add_compile_options(-fsanitize=${Z2_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${Z2_SANITIZE})
  # Checked code compiles half as long at -O1. A fuzzer earns the time back.
  if(NOT Z2_FUZZ)
    string(REPLACE -O2 -O1 CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
  endif()
endif()

# Without this libFuzzer does not see which branches of the parsers an input takes.
if(Z2_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Headers that most of core includes: compiled once, with z2_base, and shared by core's libraries.
function(z2_use_pch target)
  if(target STREQUAL z2_base)
    target_precompile_headers(z2_base PRIVATE ${CMAKE_SOURCE_DIR}/core/base/pch.h)
  else()
    target_precompile_headers(${target} REUSE_FROM z2_base)
  endif()
endfunction()
