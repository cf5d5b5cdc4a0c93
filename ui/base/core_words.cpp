#include "ui/base/core_words.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QLocale>
#include <QRegularExpression>
#include <QStringList>

#include "ui/base/text.h"

namespace z2::ui {

namespace {

struct Sentence {
  QStringList parts;  // of the English, between its places
  QString chinese;
};

qsizetype lettersOf(const Sentence& sentence) {
  qsizetype count = 0;
  for (const QString& part : sentence.parts) count += part.size();
  return count;
}

// What stands in the places, when the text is this sentence.
std::optional<QStringList> placesIn(const QString& text, const QStringList& parts) {
  if (!text.startsWith(parts.first())) return std::nullopt;
  const qsizetype lastAt = text.size() - parts.last().size();
  qsizetype at = parts.first().size();
  QStringList places;
  for (qsizetype i = 1; i < parts.size(); ++i) {
    const bool isLast = i + 1 == parts.size();
    const qsizetype found = isLast ? lastAt : text.indexOf(parts[i], at);
    if (found < at || found > lastAt || (isLast && !text.endsWith(parts[i]))) return std::nullopt;
    places.append(text.mid(at, found - at));
    at = found + parts[i].size();
  }
  return places;
}

class Words {
 public:
  Words() {
    QDirIterator files(QStringLiteral(":/core_words"), {QStringLiteral("*.zh_CN.txt")});
    while (files.hasNext()) read(files.next());
    // "%1 failed: %2" would take what a longer sentence says better.
    std::stable_sort(withPlaces_.begin(), withPlaces_.end(),
                     [](const auto& a, const auto& b) { return lettersOf(a) > lettersOf(b); });
  }

  [[nodiscard]] bool has(const QString& text) const { return known(text).has_value(); }

  [[nodiscard]] QString spoken(const QString& text) const {
    const QString body = text.endsWith(QLatin1Char('.')) ? text.chopped(1) : text;
    if (const auto said = sentence(body)) return *said;
    for (qsizetype at = body.indexOf(kStop); at >= 0; at = body.indexOf(kStop, at + 1))
      if (const auto first = sentence(body.left(at)))
        return *first + QStringLiteral("。") + spoken(body.mid(at + kStop.size()));
    return list(body).value_or(text);
  }

 private:
  static constexpr QLatin1String kStop{". "};
  static constexpr QLatin1String kColon{": "};
  static constexpr QLatin1String kComma{", "};

  // Blocks of two lines, English and Chinese; a line that begins with # is a remark.
  void read(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return;
    QString english;
    for (const QString& line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
      if (line.startsWith(QLatin1Char('#')) || line.isEmpty()) continue;
      if (english.isEmpty()) {
        english = line;
        continue;
      }
      add(std::exchange(english, QString()), line);
    }
  }

  void add(const QString& english, const QString& chinese) {
    static const QRegularExpression kPlace(QStringLiteral("%[1-9]"));
    QStringList parts = english.split(kPlace);
    if (parts.size() == 1)
      plain_.insert(english, chinese);
    else
      withPlaces_.push_back({std::move(parts), chinese});
  }

  [[nodiscard]] std::optional<QString> known(const QString& text) const {
    if (const auto found = plain_.find(text); found != plain_.end()) return *found;
    for (const Sentence& sentence : withPlaces_)
      if (const auto places = placesIn(text, sentence.parts))
        return filled(sentence.chinese, *places);
    return std::nullopt;
  }

  // "one, another" where each is known.
  [[nodiscard]] std::optional<QString> list(const QString& text) const {
    QStringList all;
    for (const QString& part : text.split(kComma)) {
      const auto said = known(part);
      if (!said) return std::nullopt;
      all.append(*said);
    }
    return all.join(QStringLiteral("、"));
  }

  // Also "where: sentence", as errors name their place.
  [[nodiscard]] std::optional<QString> sentence(const QString& text) const {
    if (auto said = known(text)) return said;
    for (qsizetype at = text.indexOf(kColon); at >= 0; at = text.indexOf(kColon, at + 1))
      if (const auto said = known(text.mid(at + kColon.size())))
        return spoken(text.left(at)) + QStringLiteral("：") + *said;
    return std::nullopt;
  }

  [[nodiscard]] QString filled(const QString& chinese, const QStringList& places) const {
    QString said;
    for (qsizetype i = 0; i < chinese.size(); ++i) {
      const int place = chinese[i] == QLatin1Char('%') ? chinese.mid(i + 1, 1).toInt() : 0;
      if (place < 1 || place > places.size()) {
        said += chinese[i];
        continue;
      }
      said += spoken(places[place - 1]);
      ++i;
    }
    return said;
  }

  QHash<QString, QString> plain_;
  std::vector<Sentence> withPlaces_;  // those with most letters first
};

const Words& words() {
  static const Words kWords;
  return kWords;
}

}  // namespace

QString coreText(std::string_view english) {
  const QString text = toQString(english);
  return QLocale().language() == QLocale::Chinese ? words().spoken(text) : text;
}

QString coreTextInChinese(std::string_view english) { return words().spoken(toQString(english)); }

bool isKnownToCoreText(std::string_view english) { return words().has(toQString(english)); }

}  // namespace z2::ui
