#pragma once

#include <filesystem>

namespace z2::ui {

// About 200 kB of short documents, an empty line between them: real English where
// ../shared/data/pretrain stands beside the source tree, else the sentences of the demo.
void writeSmallText(const std::filesystem::path& file);

}  // namespace z2::ui
