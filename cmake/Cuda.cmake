# The CUDA plug-in is built where nvcc is; nothing else depends on it. Sanitizers stay off the GPU.
find_program(Z2_NVCC nvcc HINTS /usr/local/cuda/bin)
set(Z2_CUDA_ARCHITECTURES "90a-real" CACHE STRING
    "GPUs to build for, as CMake names them; a bundle takes 80-real;86-real;89-real;90a-real;90-virtual")
set(Z2_CUDNN_FRONTEND ${Z2_CACHE}/cudnn_frontend/include CACHE PATH "Headers of cudnn-frontend")
if(Z2_NVCC AND NOT Z2_SANITIZE)
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
