#pragma once

// A workspace in which every page of the window has something to show: runs in all states, one of
// them trained here, a tokenizer, data of each task, instructions, and models that can chat.

#include <filesystem>

#include <QString>

#include "tests/support/scripted_server.h"
#include "tests/support/temporary_folder.h"

namespace z2::ui {

class FullWorkspace {
 public:
  FullWorkspace();

  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "workspace"; }
  // "texts", "answers", "pairs": where the files of a data set begin.
  [[nodiscard]] std::filesystem::path data(const std::string& name) const {
    return path() / "data" / name / name;
  }
  [[nodiscard]] std::filesystem::path seeds() const { return folder_.path() / "seeds.jsonl"; }
  // Records with two fields, one of them broken.
  [[nodiscard]] std::filesystem::path records() const { return folder_.path() / "records.jsonl"; }
  // Of a server that answers no request before the test is over.
  [[nodiscard]] QString slowServer() const;

 private:
  void writeTexts() const;
  void makeTokenizer() const;
  void makeData() const;
  void makeInstructions() const;
  void makeRuns() const;
  void trainRun() const;

  TemporaryFolder folder_;
  const ScriptedServer slow_;
};

}  // namespace z2::ui
