#include "ui/models/vocabulary_model.h"

#include <algorithm>
#include <string>

#include <QStringDecoder>

#include "ui/base/text.h"

namespace z2::ui {

namespace {

// Empty when the bytes are no valid text.
QString asText(const std::string& bytes) {
  QStringDecoder decoder(QStringDecoder::Utf8, QStringConverter::Flag::Stateless);
  const QString text = decoder(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
  return decoder.hasError() ? QString() : text;
}

QString withVisibleSpaces(const QString& text) {
  QString shown;
  for (const QChar c : text) {
    if (c == QLatin1Char(' '))
      shown += QChar(0x00B7);
    else if (c == QLatin1Char('\n'))
      shown += QChar(0x21B5);
    else if (c == QLatin1Char('\t'))
      shown += QChar(0x2192);
    else if (c.category() == QChar::Other_Control)
      shown += QStringLiteral("⟨%1⟩").arg(c.unicode(), 2, 16, QLatin1Char('0')).toUpper();
    else
      shown += c;
  }
  return shown;
}

QString asHex(const std::string& bytes) {
  const QByteArray raw(bytes.data(), static_cast<qsizetype>(bytes.size()));
  return QStringLiteral("⟨") + QString::fromLatin1(raw.toHex(' ').toUpper()) + QStringLiteral("⟩");
}

}  // namespace

QString pieceText(const std::string& bytes) {
  const QString text = asText(bytes);
  return text.isEmpty() ? asHex(bytes) : withVisibleSpaces(text);
}

QString pieceText(const Tokenizer& tokenizer, int32_t id) {
  if (tokenizer.isSpecial(id)) return toQString(tokenizer.tokenString(id));
  const std::string bytes = tokenizer.tokenBytes(id);
  return bytes.empty() ? toQString(tokenizer.tokenString(id)) : pieceText(bytes);
}

std::shared_ptr<const Vocabulary> vocabularyOf(const Tokenizer& tokenizer) {
  auto vocabulary = std::make_shared<Vocabulary>();
  const int32_t size = tokenizer.vocabSize();
  for (int32_t id = 0; id < size; ++id) {
    const std::string bytes = tokenizer.tokenBytes(id);
    vocabulary->texts.push_back(pieceText(tokenizer, id));
    vocabulary->raw.push_back(asText(bytes));
    vocabulary->bytes.push_back(static_cast<uint16_t>(std::min<size_t>(bytes.size(), 0xFFFF)));
    vocabulary->isSpecial.push_back(tokenizer.isSpecial(id));
  }
  return vocabulary;
}

std::vector<int32_t> searchVocabulary(const Vocabulary& vocabulary, const QString& search) {
  std::vector<int32_t> found;
  const auto size = static_cast<int32_t>(vocabulary.texts.size());
  bool isNumber = false;
  const int number = search.toInt(&isNumber);
  if (isNumber && number >= 0 && number < size) found.push_back(number);
  const auto sensitivity = search == search.toLower() ? Qt::CaseInsensitive : Qt::CaseSensitive;
  for (int32_t id = 0; id < size; ++id) {
    if (isNumber && id == number) continue;
    const auto at = static_cast<size_t>(id);
    if (search.isEmpty() || vocabulary.raw[at].contains(search, sensitivity) ||
        vocabulary.texts[at].contains(search, sensitivity))
      found.push_back(id);
  }
  return found;
}

void VocabularyModel::show(std::shared_ptr<const Vocabulary> vocabulary, std::vector<int32_t> ids) {
  beginResetModel();
  vocabulary_ = std::move(vocabulary);
  ids_ = std::move(ids);
  endResetModel();
}

void VocabularyModel::retranslate() { Q_EMIT headerDataChanged(Qt::Horizontal, 0, kColumns - 1); }

int VocabularyModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(ids_.size());
}

int VocabularyModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : kColumns;
}

QVariant VocabularyModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const int32_t id = ids_[static_cast<size_t>(index.row())];
  const auto at = static_cast<size_t>(id);
  const bool isText = index.column() == kPiece;
  if (role == Qt::TextAlignmentRole)
    return static_cast<int>((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  if (index.column() == kId) return id;
  if (isText) return vocabulary_->texts[at];
  return vocabulary_->isSpecial[at] ? QVariant(tr("special"))
                                    : QVariant(static_cast<int>(vocabulary_->bytes[at]));
}

QVariant VocabularyModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= kColumns) return {};
  if (role == Qt::TextAlignmentRole)
    return static_cast<int>((section == kPiece ? Qt::AlignLeft : Qt::AlignRight) |
                            Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  const QString names[] = {tr("Id"), tr("Piece"), tr("Bytes")};
  return names[section];
}

}  // namespace z2::ui
