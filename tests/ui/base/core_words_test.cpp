// Every sentence of core that somebody at the window can meet has its Chinese.

#include "ui/base/core_words.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string_view>

#include <QDirIterator>
#include <QFile>
#include <QLocale>
#include <QRegularExpression>
#include <QtTest>

#include "tests/ui/support/source_sentences.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

// What no user of the window reads, and why.
constexpr auto kPassedOver = std::to_array<std::string_view>({
    "core/serve/",                       // read by other programs
    "core/evaluate/",                    // of the command line alone
    "core/generate/bench_generate.cpp",  // the same
    "core/demo/",                        // the text of the demo itself
    "core/config/schema",                // has its Chinese beside it
    "core/config/cross_checks.cpp",      // the same
    "core/config/run_config.cpp",        // the same
    "core/run_import/log_import.cpp",    // lines of a log that is read
    "core/run_import/foreign_names.cpp",
    "core/instruct/task_prompt.cpp",  // what the model is asked, in its own languages
    "app/cli/data/bench",             // measurements
    "core/data/parquet_plugin/",      // its words stand behind "parquet files cannot be read"
});
// Functions whose texts are for the log, for programmers, or names.
constexpr auto kNotSaid = std::to_array<std::string_view>(
    {"Z2_CHECK", "fprintf", "std::fprintf", "info", "warn", "error", "say", "is", "checkStatus",
     "lineOf", "addEvent", "squaredNorm", "timed", "report", "log"});
// An error's sentence must be there as it is; others may be put together of several literals.
constexpr auto kErrors = std::to_array<std::string_view>(
    {"usageError", "badInput", "corrupt", "environmentError", "interrupted", "systemError", "fail",
     "failed", "refuse", "sampleProblem", "problem", "missing", "cannotSay"});
// Where other texts are names of buffers and passes, or help.
constexpr auto kErrorsAlone = std::to_array<std::string_view>(
    {"app/cli/", "core/model/", "core/train/profiled_ops.cpp", "core/model_files/gguf/plain_"});
// Of the command line, what the window runs.
constexpr auto kCommands = std::to_array<std::string_view>(
    {"app/cli/data/", "app/cli/run/", "app/cli/model_export.cpp", "app/cli/peft_export.cpp",
     "app/cli/tokenizer_train.cpp", "app/cli/tokenizer_export.cpp", "app/cli/demo_command.cpp"});

template <typename List>
bool holds(const List& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}
template <typename List>
bool beginsWithOneOf(std::string_view text, const List& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return text.starts_with(beginning); });
}

std::string filled(std::string text) {
  std::replace(text.begin(), text.end(), kPlace, '7');
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// All sentences of resources/core_words, their places marked.
QString allSentences(QStringList* english = nullptr) {
  QString all;
  QDirIterator files(QStringLiteral(":/core_words"));
  while (files.hasNext()) {
    QFile file(files.next());
    if (!file.open(QIODevice::ReadOnly)) continue;
    bool isEnglish = true;
    for (QString line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
      if (line.isEmpty() || line.startsWith(QLatin1Char('#'))) continue;
      if (isEnglish && english != nullptr) english->append(line);
      isEnglish = !isEnglish;
      all +=
          line.replace(QRegularExpression(QStringLiteral("%[1-9]")), QString(QLatin1Char(kPlace))) +
          QLatin1Char('\n');
    }
  }
  return all;
}

QStringList missingIn(std::string_view folder) {
  static const QString kAll = allSentences();
  const fs::path root = Z2_SOURCE_DIR;
  QStringList missing;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    const std::string path = fs::relative(entry.path(), root).generic_string();
    const bool isSource = path.ends_with(".cpp") || path.ends_with(".h");
    if (!isSource || beginsWithOneOf(path, kPassedOver)) continue;
    if (folder == "app/cli" && !beginsWithOneOf(path, kCommands)) continue;
    const bool onlyErrors = beginsWithOneOf(path, kErrorsAlone);
    for (const SourceSentence& sentence : sentencesOf(entry.path())) {
      std::string_view call = sentence.call;
      if (const size_t colon = call.rfind(':');
          colon != std::string_view::npos && call != "std::fprintf")
        call.remove_prefix(colon + 1);
      const bool isError = holds(kErrors, call);
      if (holds(kNotSaid, call) || (onlyErrors && !isError)) continue;
      if (isKnownToCoreText(filled(sentence.text))) continue;
      if (!isError && kAll.contains(toQString(sentence.text).trimmed())) continue;
      QString shown = toQString(sentence.text);
      shown.replace(QLatin1Char(kPlace), QLatin1String("%"));
      missing.append(QStringLiteral("%1:%2: %3(%4)")
                         .arg(toQString(path))
                         .arg(sentence.line)
                         .arg(toQString(sentence.call), shown));
    }
  }
  missing.sort();
  missing.removeDuplicates();
  return missing;
}

}  // namespace

class CoreWordsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cleanup() { QLocale::setDefault(QLocale(QStringLiteral("en"))); }

  void everySentenceOfCoreHasItsChinese() {
    const QStringList missing = missingIn("core");
    for (const QString& sentence : missing) qWarning("%s", qPrintable(sentence));
    QVERIFY2(missing.isEmpty(), "add these and their Chinese to resources/core_words");
  }
  void everyErrorOfTheCommandsThatTheWindowRunsHasItsChinese() {
    const QStringList missing = missingIn("app/cli");
    for (const QString& sentence : missing) qWarning("%s", qPrintable(sentence));
    QVERIFY2(missing.isEmpty(), "add these and their Chinese to resources/core_words");
  }
  void noSentenceStandsThereTwice() {
    QStringList english;
    allSentences(&english);
    QVERIFY(english.size() > 500);
    std::set<QString> seen;
    for (const QString& sentence : english)
      QVERIFY2(seen.insert(sentence).second, qPrintable(sentence));
  }
  void theChineseHasThePlacesOfTheEnglishAndChineseLetters() {
    QLocale::setDefault(QLocale(QStringLiteral("zh_CN")));
    QStringList english;
    allSentences(&english);
    static const QRegularExpression kPlaces(QStringLiteral("%[1-9]"));
    for (const QString& sentence : english) {
      QString text = sentence;
      const QString said = coreText(toUtf8(text.replace(kPlaces, QStringLiteral("7"))));
      QVERIFY2(!said.contains(kPlaces), qPrintable(sentence + QStringLiteral(" → ") + said));
    }
  }
  void englishStaysAsItIs() {
    QCOMPARE(coreText("there is no such file"), QStringLiteral("there is no such file"));
  }
  void placesAreFilled_data() {
    QTest::addColumn<QString>("english");
    QTest::addColumn<QString>("chinese");
    const auto row = [](const char* name, const char* english, const char* chinese) {
      QTest::newRow(name) << QString::fromUtf8(english) << QString::fromUtf8(chinese);
    };
    row("plain", "there is no such file", "没有这个文件");
    row("a full stop is no part of it", "Check the path.", "请检查路径");
    row("a place", "there is no file /a b/c.bin", "没有文件 /a b/c.bin");
    row("a sentence in a place",
        "the run cannot be resumed: none of the run's checkpoints verifies",
        "训练无法继续：这次训练的检查点都未通过校验");
    row("a system's error", "writing failed: No space left on device", "写入失败：磁盘空间不足");
    row("where, what and the remedy",
        "/w/metrics.jsonl:12: this line is not a record of metrics. Only z2all-train may write "
        "this "
        "file",
        "/w/metrics.jsonl:12：这一行不是指标记录。这个文件只应由 z2all-train 写入");
    row("a place of nothing", "no record could be used", "没有可用的记录");
    row("a place that holds a sentence of its own",
        "no record could be used; the first one left out: missing field",
        "没有可用的记录；第一条被略去的：缺少字段");
    row("a list in a place",
        "plug-ins: libz2_parquet.so (parquet files), libz2_curl.so (asking servers); not there: "
        "libz2_spm.so (sentencepiece training)",
        "插件：libz2_parquet.so（读取 parquet 文件）、libz2_curl.so（访问服务器）；缺少："
        "libz2_spm.so（训练 sentencepiece 分词器）");
    row("a list of which one is not known", "parquet files of somebody, no plug-ins",
        "parquet files of somebody, no plug-ins");
    row("a remedy with the words of another sentence",
        "this record has a, which is no known shape. Known are chosen and rejected, with prompt, "
        "conversations (ShareGPT) or instruction (Alpaca), or as two transcripts or lists of "
        "messages. Name its fields with --columns, such as --columns "
        "prompt=question,completion=answer",
        "这条记录有 a，不是已知的形式。已知的有 chosen 和 rejected，配以 "
        "prompt、conversations（ShareGPT）或 instruction（Alpaca），或两段对话记录、两个消息列表。"
        "请指明各字段，例如 prompt=question,completion=answer");
    row("what is not known stays", "a sentence of nobody", "a sentence of nobody");
  }
  void placesAreFilled() {
    QLocale::setDefault(QLocale(QStringLiteral("zh_CN")));
    QFETCH(QString, english);
    QFETCH(QString, chinese);
    QCOMPARE(coreText(toUtf8(english)), chinese);
  }
};

}  // namespace z2::ui

QTEST_GUILESS_MAIN(z2::ui::CoreWordsTest)
#include "core_words_test.moc"
