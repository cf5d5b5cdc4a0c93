#pragma once

// What the demo makes in a workspace, and of what: command line and window train the same one.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/demo/demo_text.h"
#include "core/run/workspace.h"

namespace z2 {

// A value type; nothing is touched on the disk.
struct DemoPlan {
  Workspace workspace;
  DemoLanguage language = DemoLanguage::kEnglish;
  int64_t steps = 300;

  // "demo-en", "demo-zh": of its tokenizer, its data and its run.
  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::filesystem::path tokenizer() const { return workspace.tokenizers() / name(); }
  // The PREFIX of the training data; its text lies beside it.
  [[nodiscard]] std::filesystem::path data() const { return workspace.data() / name() / name(); }
  [[nodiscard]] std::filesystem::path run() const { return workspace.runs() / name(); }
  // What shapes the model and its training, as KEY=VALUE: 10 million parameters.
  [[nodiscard]] std::vector<std::string> recipe() const;
  // recipe() and where tokenizer and data are.
  [[nodiscard]] std::vector<std::string> settings() const;
  // Beginnings that the trained model is asked to continue.
  [[nodiscard]] std::vector<std::string> prompts() const;
};

}  // namespace z2
