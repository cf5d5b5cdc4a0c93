#pragma once

// Files of kernels/*_cpu.cpp are compiled once for each instruction set, Z2_ISA naming it. What
// they include puts its functions into that namespace, so that no copy made for a newer CPU can
// replace one that an older CPU runs. For the same reason they call no inline function of the
// standard library beyond <cmath>'s and <cstring>'s.
#ifndef Z2_ISA
#define Z2_ISA generic
#endif
