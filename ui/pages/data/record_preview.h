#pragma once

// A page of the records of a file of any size, as they will be tokenized. Not for the GUI thread.

#include <filesystem>
#include <vector>

#include <QList>
#include <QString>
#include <QStringList>

#include "core/data/records/record_composer.h"
#include "core/data/records/record_format.h"

namespace z2::ui {

// Where a page begins: a block of the reader, and records in it that stand before the page.
struct PageStart {
  RecordPosition block;
  size_t skip = 0;
};

struct PreviewRecord {
  uint64_t line = 0;
  QString text;     // at most some thousand characters
  QString problem;  // why it will be left out; then the text is the raw record
};

struct PreviewPage {
  QList<PreviewRecord> records;
  QStringList fields;  // seen in JSON records, in their order
  bool hasNext = false;
  PageStart next;
  double position = 0;  // share of the file before the page
  QString problem;      // the file cannot be read
};

[[nodiscard]] PreviewPage readPage(const std::filesystem::path& path, TextUnit unit,
                                   const FieldChoice& choice, const PageStart& start,
                                   size_t count = 20);

}  // namespace z2::ui
