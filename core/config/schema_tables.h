#pragma once

// The tables behind schema(), one a group.

#include <vector>

#include "core/config/schema.h"

namespace z2::tables {

[[nodiscard]] std::vector<Field> modelFields();
[[nodiscard]] std::vector<Field> dataFields();
[[nodiscard]] std::vector<Field> trainFields();
[[nodiscard]] std::vector<Field> optimFields();
[[nodiscard]] std::vector<Field> loraFields();
[[nodiscard]] std::vector<Field> dpoFields();
[[nodiscard]] std::vector<Field> fusedFields();
[[nodiscard]] std::vector<Field> distFields();

}  // namespace z2::tables
