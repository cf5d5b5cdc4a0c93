#pragma once

namespace z2::ui {

// What training of small models reaches on all cores of this processor, in floating point
// operations a second: a guess from its clock, for before anything was measured.
[[nodiscard]] double guessProcessorFlops();

}  // namespace z2::ui
