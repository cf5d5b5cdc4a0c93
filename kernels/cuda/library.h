#pragma once

// NVIDIA's libraries are opened when the plug-in is, from where they are found, so that a node
// needs a driver and these libraries in any of the places people have them, and nothing of ours.

#include <string>

namespace z2::cuda {

struct Library {
  void* handle = nullptr;
  std::string path;  // what was taken; after a failure: every place that was tried
};

// In this order: the folders of Z2_CUDA_LIBS (separated by ':'), the plug-in's own folder, the
// system's search path, the `nvidia/*/lib` folders beside the Python packages of an active virtual
// environment, of the python3 on PATH and of the user, the toolkit's folder. Libraries stay open as
// long as the process. `name`: "libcublasLt.so.13".
Library openLibrary(const std::string& name);

// The symbol, or null.
void* findSymbol(const Library& library, const char* name);

}  // namespace z2::cuda
