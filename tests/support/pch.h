#pragma once

// Precompiled for the test programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/pch.h"
