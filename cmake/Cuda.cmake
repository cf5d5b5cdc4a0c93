# The CUDA plug-in is built where nvcc is; nothing else depends on it. Sanitizers stay off the GPU.
find_program(Z2_NVCC nvcc HINTS /usr/local/cuda/bin)
set(Z2_CUDA_ARCHITECTURES "90a-real" CACHE STRING
    "GPUs to build for, as CMake names them; packaging/bundle takes more")
set(Z2_CUDNN_FRONTEND ${Z2_CACHE}/cudnn_frontend/include CACHE PATH "Headers of cudnn-frontend")
if(Z2_NVCC AND NOT Z2_SANITIZE)
  # On Hopper its own kernels are called, which code for another chip leaves empty.
  if(Z2_CUDA_ARCHITECTURES MATCHES "(^|;)([0-9]+|[0-9]+-virtual|90-real)(;|$)" AND
     NOT Z2_CUDA_ARCHITECTURES MATCHES "90a-real")
    message(FATAL_ERROR "Z2_CUDA_ARCHITECTURES=${Z2_CUDA_ARCHITECTURES} also runs on Hopper: add 90a-real")
  endif()
  set(CMAKE_CUDA_COMPILER ${Z2_NVCC})
  set(CMAKE_CUDA_ARCHITECTURES ${Z2_CUDA_ARCHITECTURES})
  set(CMAKE_CUDA_FLAGS_RELWITHDEBINFO "-O3 -lineinfo")
  enable_language(CUDA)
  # CMake 3.25 does not know that nvcc has C++20.
  set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
  set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION -std=c++20)
  set(Z2_HAS_CUDA ON)
else()
  set(Z2_HAS_CUDA OFF)
  message(STATUS "No nvcc: the CUDA plug-in is not built; training runs on the CPU")
endif()
