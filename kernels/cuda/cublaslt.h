#pragma once

// cuBLASLt as it was found at run time: nothing links it.

#include <cublasLt.h>

#include "kernels/cuda/library.h"

namespace z2::cuda::cublaslt {

// The functions of the library that are used, by the types of its header.
struct Functions {
  decltype(&cublasLtCreate) create;
  decltype(&cublasLtDestroy) destroy;
  decltype(&cublasLtGetVersion) version;
  decltype(&cublasLtMatmul) matmul;
  decltype(&cublasLtMatmulDescCreate) descCreate;
  decltype(&cublasLtMatmulDescDestroy) descDestroy;
  decltype(&cublasLtMatmulDescSetAttribute) descSet;
  decltype(&cublasLtMatrixLayoutCreate) layoutCreate;
  decltype(&cublasLtMatrixLayoutDestroy) layoutDestroy;
  decltype(&cublasLtMatmulPreferenceCreate) preferenceCreate;
  decltype(&cublasLtMatmulPreferenceDestroy) preferenceDestroy;
  decltype(&cublasLtMatmulPreferenceSetAttribute) preferenceSet;
  decltype(&cublasLtMatmulAlgoGetHeuristic) heuristic;
  decltype(&cublasLtMatmulAlgoCheck) check;
  decltype(&cublasLtMatmulAlgoConfigSetAttribute) configSet;
};

template <typename F>
inline bool bind(const Library& library, const char* name, F& function) {
  function = reinterpret_cast<F>(findSymbol(library, name));
  return function != nullptr;
}

inline bool bindAll(const Library& library, Functions& f) {
  return bind(library, "cublasLtCreate", f.create) && bind(library, "cublasLtDestroy", f.destroy) &&
         bind(library, "cublasLtGetVersion", f.version) &&
         bind(library, "cublasLtMatmul", f.matmul) &&
         bind(library, "cublasLtMatmulDescCreate", f.descCreate) &&
         bind(library, "cublasLtMatmulDescDestroy", f.descDestroy) &&
         bind(library, "cublasLtMatmulDescSetAttribute", f.descSet) &&
         bind(library, "cublasLtMatrixLayoutCreate", f.layoutCreate) &&
         bind(library, "cublasLtMatrixLayoutDestroy", f.layoutDestroy) &&
         bind(library, "cublasLtMatmulPreferenceCreate", f.preferenceCreate) &&
         bind(library, "cublasLtMatmulPreferenceDestroy", f.preferenceDestroy) &&
         bind(library, "cublasLtMatmulPreferenceSetAttribute", f.preferenceSet) &&
         bind(library, "cublasLtMatmulAlgoGetHeuristic", f.heuristic) &&
         bind(library, "cublasLtMatmulAlgoCheck", f.check) &&
         bind(library, "cublasLtMatmulAlgoConfigSetAttribute", f.configSet);
}

}  // namespace z2::cuda::cublaslt
