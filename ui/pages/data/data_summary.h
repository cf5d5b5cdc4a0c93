#pragma once

// Token files of the workspace, and what is read of them for the page. None of these functions
// belongs in the GUI thread.

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include <QList>
#include <QString>

#include "core/data/data_manifest.h"
#include "core/data/length_histogram.h"
#include "core/data/token_file.h"
#include "ui/pages/library/piece_view.h"

namespace z2::ui {

struct DataSummary {
  QString name;                  // of the prefix in the data folder: "poems" or "poems/poems"
  std::filesystem::path prefix;  // absolute
  DataManifest manifest;
  std::optional<DataManifest> valid;
  double bytes = 0;
  QString problem = {};  // then the manifest means nothing

  // It is made of samples, for fine-tuning or alignment.
  [[nodiscard]] bool hasSamples() const { return manifest.task == "sft" || manifest.task == "dpo"; }
};
// Every PREFIX.manifest.json in the folder and in its folders, by name.
[[nodiscard]] QList<DataSummary> readDataFolder(const std::filesystem::path& folder);

// What takes longer than reading a manifest.
struct DataDetail {
  std::shared_ptr<const TokenFile> file;
  std::vector<LengthBucket> lengths;
  std::shared_ptr<const Tokenizer> tokenizer;  // the one that made it, when it is there
  QString tokenizerName;
  struct Dropped {
    QString place;  // file:line
    QString reason;
    QString begins;
  };
  std::vector<Dropped> dropped;  // the first ones
  QString problem;
};
[[nodiscard]] DataDetail readDetail(const DataSummary& summary,
                                    const std::filesystem::path& tokenizers);

// The pieces of one document; ids as texts where the tokenizer is not known.
struct DocumentPieces {
  std::vector<Piece> pieces;
  uint64_t tokens = 0;
};
[[nodiscard]] DocumentPieces readDocument(const TokenFile& file, const Tokenizer* tokenizer,
                                          uint64_t number);

}  // namespace z2::ui
