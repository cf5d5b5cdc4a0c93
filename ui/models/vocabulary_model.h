#pragma once

// The pieces of a tokenizer as a table: id, text, bytes; or those of them that match a search.

#include <memory>
#include <string>
#include <vector>

#include <QAbstractTableModel>
#include <QString>

#include "core/tokenizer/tokenizer.h"

namespace z2::ui {

// What a piece looks like: its bytes as text, with visible spaces (·), tabs (→) and newlines (↵);
// bytes that are no whole character as ⟨E4 BD⟩. Special tokens are spelt as they are.
[[nodiscard]] QString pieceText(const Tokenizer& tokenizer, int32_t id);
[[nodiscard]] QString pieceText(const std::string& bytes);

// Everything that the table shows, made beside the GUI thread once a tokenizer.
struct Vocabulary {
  std::vector<QString> texts;  // by id
  std::vector<QString> raw;    // as the text has them, for the search; empty where not valid UTF-8
  std::vector<uint16_t> bytes;
  std::vector<bool> isSpecial;
};
[[nodiscard]] std::shared_ptr<const Vocabulary> vocabularyOf(const Tokenizer& tokenizer);
// Ids whose text holds `search` (case-sensitive only when it has capitals), and the id of that
// number first. An empty search: all.
[[nodiscard]] std::vector<int32_t> searchVocabulary(const Vocabulary& vocabulary,
                                                    const QString& search);

class VocabularyModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { kId, kPiece, kBytes, kColumns };

  using QAbstractTableModel::QAbstractTableModel;
  // The rows are `ids` of the vocabulary; null: none.
  void show(std::shared_ptr<const Vocabulary> vocabulary, std::vector<int32_t> ids);
  void retranslate();

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 private:
  std::shared_ptr<const Vocabulary> vocabulary_;
  std::vector<int32_t> ids_;
};

}  // namespace z2::ui
