#include "ui/pages/data/record_preview.h"

#include <algorithm>
#include <system_error>

#include "core/io/json.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

constexpr size_t kLongestText = 4000;  // bytes of a record that are shown
constexpr size_t kRecordsForFields = 50;

QString shortened(std::string_view text) {
  if (text.size() <= kLongestText) return toQString(text);
  return toQString(text.substr(0, kLongestText)) + QStringLiteral(" …");
}

void noteFields(std::string_view record, QStringList& fields) {
  const auto parsed = parseJson(record, "record");
  if (!parsed || !parsed->is_object()) return;
  for (const auto& [name, value] : parsed->items()) {
    const QString field = toQString(name);
    if (!value.is_object() && !fields.contains(field)) fields.append(field);
  }
}

class PageReader {
 public:
  PageReader(RecordReader& reader, const FieldChoice& choice, size_t count)
      : reader_(reader), composer_(choice), count_(count) {}

  Result<void> read(const PageStart& start, PreviewPage& page) {
    size_t skip = start.skip;
    while (true) {
      RecordBlock block;
      Z2_TRY(const bool isThere, reader_.next(block));
      if (!isThere) return {};
      for (size_t i = skip; i < block.records.size(); ++i) {
        if (static_cast<size_t>(page.records.size()) == count_) {
          page.hasNext = true;
          page.next = {block.start, i};
          return {};
        }
        page.records.append(show(block, block.records[i], page.fields));
      }
      skip = 0;
    }
  }

 private:
  PreviewRecord show(const RecordBlock& block, const RecordBlock::Record& record,
                     QStringList& fields) {
    const std::string_view raw = block.text(record);
    PreviewRecord shown{.line = record.line, .text = {}, .problem = {}};
    if (record.problem != nullptr) {
      shown.problem = QString::fromUtf8(record.problem);
      shown.text = shortened(raw);
      return shown;
    }
    if (!reader_.isJson()) {
      shown.text = shortened(raw);
      return shown;
    }
    if (seen_++ < kRecordsForFields) noteFields(raw, fields);
    std::string text;
    if (const auto made = composer_.compose(raw, text)) {
      shown.text = shortened(text);
    } else {
      shown.problem = toQString(made.error().reason);
      if (!made.error().detail.empty())
        shown.problem += QStringLiteral(": ") + toQString(made.error().detail);
      shown.text = shortened(raw);
    }
    return shown;
  }

  RecordReader& reader_;
  RecordComposer composer_;
  size_t count_;
  size_t seen_ = 0;
};

}  // namespace

PreviewPage readPage(const std::filesystem::path& path, TextUnit unit, const FieldChoice& choice,
                     const PageStart& start, size_t count) {
  PreviewPage page;
  const auto read = [&]() -> Result<void> {
    Z2_TRY(const RecordFormat format, detectRecordFormat(path));
    Z2_TRY(const auto reader, openRecords(path, format, unit, start.block));
    if (format != RecordFormat::kParquet) {
      std::error_code failure;
      const auto bytes = static_cast<double>(std::filesystem::file_size(path, failure));
      if (!failure && bytes > 0) page.position = static_cast<double>(start.block.offset) / bytes;
    }
    return PageReader(*reader, choice, count).read(start, page);
  };
  if (const auto done = read(); !done) page.problem = toQString(done.error().text());
  return page;
}

}  // namespace z2::ui
