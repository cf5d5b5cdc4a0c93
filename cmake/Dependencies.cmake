# What the project stands on. packaging/setup brings all of it; here it is only found.

find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(simdjson REQUIRED)
find_package(spdlog REQUIRED)

# Debian has fmt's functions only as a shared library: they are compiled here, once, for every file that
# compiled them for itself would take a third longer.
add_library(z2_fmt STATIC ${CMAKE_SOURCE_DIR}/cmake/fmt.cpp)
target_compile_definitions(z2_fmt PUBLIC SPDLOG_FMT_EXTERNAL SPDLOG_HEADER_ONLY)

# A node has none of Debian's libraries: these are linked as archives.
function(z2_static_library target file)
  find_library(${target}_ARCHIVE NAMES ${file} REQUIRED)
  add_library(${target} STATIC IMPORTED)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${${target}_ARCHIVE})
endfunction()
z2_static_library(z2_pcre2 libpcre2-8.a)
z2_static_library(z2_zstd libzstd.a)
z2_static_library(z2_xxhash libxxhash.a)
z2_static_library(z2_event_core libevent_core.a)
z2_static_library(z2_event_extra libevent_extra.a)
add_library(z2_event_random STATIC ${CMAKE_SOURCE_DIR}/cmake/event_random.cpp)
add_library(z2_event INTERFACE)
target_link_libraries(z2_event INTERFACE z2_event_extra z2_event_core z2_event_random)

# The wheels that packaging/setup unpacked, in a folder outside the tree.
if(DEFINED ENV{Z2_CACHE})
  set(Z2_CACHE $ENV{Z2_CACHE} CACHE PATH "Folder of the unpacked wheels")
else()
  set(Z2_CACHE $ENV{HOME}/.cache/zero2all CACHE PATH "Folder of the unpacked wheels")
endif()

set(Z2_LIBTORCH ${Z2_CACHE}/libtorch/torch CACHE PATH "LibTorch: a folder with include/ and lib/")
if(NOT EXISTS ${Z2_LIBTORCH}/lib/libtorch_cpu.so)
  message(FATAL_ERROR "LibTorch is not in ${Z2_LIBTORCH}. Run packaging/setup, or set Z2_LIBTORCH.")
endif()
file(STRINGS ${Z2_LIBTORCH}/include/torch/headeronly/version.h torchVersion
     REGEX "#define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
string(REGEX REPLACE "[^0-9]+([0-9]+)[^0-9]+([0-9]+)[^0-9]+([0-9]+).*" "\\1.\\2.\\3"
       Z2_LIBTORCH_VERSION "${torchVersion}")
# The CPU libraries alone: torch_cpu and c10. Their RPATH finds the CUDA runtime beside them.
add_library(z2_torch INTERFACE)
target_include_directories(z2_torch SYSTEM INTERFACE
  ${Z2_LIBTORCH}/include ${Z2_LIBTORCH}/include/torch/csrc/api/include)
target_link_libraries(z2_torch INTERFACE
  ${Z2_LIBTORCH}/lib/libtorch_cpu.so ${Z2_LIBTORCH}/lib/libc10.so)

set(Z2_PYARROW ${Z2_CACHE}/pyarrow/pyarrow CACHE PATH "Arrow: a folder with include/ and its libraries")
if(NOT EXISTS ${Z2_PYARROW}/libarrow.so.2500)
  message(FATAL_ERROR "Arrow is not in ${Z2_PYARROW}. Run packaging/setup, or set Z2_PYARROW.")
endif()
add_library(z2_arrow INTERFACE)
target_include_directories(z2_arrow SYSTEM INTERFACE ${Z2_PYARROW}/include)
target_link_libraries(z2_arrow INTERFACE
  ${Z2_PYARROW}/libarrow.so.2500 ${Z2_PYARROW}/libparquet.so.2500)

if(Z2_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
