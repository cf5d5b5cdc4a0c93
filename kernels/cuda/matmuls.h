#pragma once

// cuBLASLt for the plug-in: handle, workspace, and one chosen algorithm for each shape, so that the
// same shape takes the same kernel, and gives the same bits, throughout a run.

#include <memory>
#include <string>

#include "kernels/cuda/device.h"
#include "kernels/fp8.h"
#include "kernels/matmul.h"

namespace z2::cuda {

class Matmuls {
 public:
  // Null and a reason when cuBLASLt is not to be had.
  static std::unique_ptr<Matmuls> open(Z2Context* context, std::string& reason);
  ~Matmuls();

  Z2Status run(Z2Context* context, const Z2Matmul& p);
  Z2Status run(Z2Context* context, const Z2MatmulFp8& p);
  // Shapes whose algorithm was measured and not found in the tuning file, and the seconds of that.
  struct Measured {
    int count = 0;
    double seconds = 0;
  };
  [[nodiscard]] Measured measured() const;
  // The library that was taken and its version, for people.
  [[nodiscard]] std::string description() const;

 private:
  struct Impl;
  explicit Matmuls(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace z2::cuda
