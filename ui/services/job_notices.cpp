#include "ui/services/job_notices.h"

#include <algorithm>
#include <array>

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

#include "ui/base/text.h"

namespace z2::ui {

namespace {

// What to say of a kind of jobs; untranslated, of the context "JobNotices". %1: what was made.
struct Words {
  const char* kind;
  const char* done;    // null: it shows by itself
  const char* failed;  // what it means for the work
  std::optional<PageId> page = {};
};

constexpr auto kWords = std::to_array<Words>({
    {"demo", QT_TRANSLATE_NOOP("JobNotices", "The demo is trained"),
     QT_TRANSLATE_NOOP("JobNotices", "What was made so far is kept."), PageId::kRun},
    {"tokenizer.train", QT_TRANSLATE_NOOP("JobNotices", "The tokenizer %1 is ready"),
     QT_TRANSLATE_NOOP("JobNotices", "No tokenizer was made."), PageId::kTokenizers},
    {"data.tokenize", QT_TRANSLATE_NOOP("JobNotices", "The data %1 is ready"),
     QT_TRANSLATE_NOOP("JobNotices", "No data was made; nothing is left of it."), PageId::kData},
    {"data.generate", QT_TRANSLATE_NOOP("JobNotices", "The instructions %1 are ready"),
     QT_TRANSLATE_NOOP("JobNotices", "What was written so far is kept; Go on… continues it."),
     PageId::kData},
    {"model.import", QT_TRANSLATE_NOOP("JobNotices", "The model %1 was imported"),
     QT_TRANSLATE_NOOP("JobNotices", "Nothing was imported."), PageId::kModels},
    {"model.export", QT_TRANSLATE_NOOP("JobNotices", "The model was exported"),
     QT_TRANSLATE_NOOP("JobNotices", "Nothing was exported.")},
    {"tokenizer.export", QT_TRANSLATE_NOOP("JobNotices", "The tokenizer was exported"),
     QT_TRANSLATE_NOOP("JobNotices", "Nothing was exported.")},
    {"run.import", QT_TRANSLATE_NOOP("JobNotices", "The run %1 was imported"),
     QT_TRANSLATE_NOOP("JobNotices", "Nothing was imported."), PageId::kRun},
    {"run.sample", nullptr,
     QT_TRANSLATE_NOOP("JobNotices", "Texts that were written before are kept.")},
});

QString translated(const char* text) { return QCoreApplication::translate("JobNotices", text); }

QString argumentOf(const Job& job, const QString& option) {
  const qsizetype at = job.arguments.indexOf(option);
  return at < 0 ? QString() : job.arguments.value(at + 1);
}

// What comparing the losses of a model and its export came to.
QString checkText(const Json& result) {
  if (!result.is_object() || !result.contains("check")) return {};
  const Json& check = result["check"];
  const QLocale locale;
  const double before = check.value("loss_before", 0.0);
  const double after = check.value("loss_after", 0.0);
  return translated(
             QT_TRANSLATE_NOOP(
                 "JobNotices",
                 "Read back, it gives the same loss: %1, the model %2, on %3 tokens of text."))
      .arg(locale.toString(after, 'f', 4), locale.toString(before, 'f', 4),
           number(check.value("tokens", int64_t{0})));
}

}  // namespace

QString productOf(const Job& job) {
  if (job.kind == QLatin1String("demo"))
    return QStringLiteral("demo-") + argumentOf(job, QStringLiteral("--language"));
  return QFileInfo(argumentOf(job, QStringLiteral("--output"))).fileName();
}

std::optional<JobNews> newsOf(const Job& job) {
  const auto words = std::find_if(kWords.begin(), kWords.end(), [&](const Words& known) {
    return job.kind == QLatin1String(known.kind);
  });
  if (words == kWords.end()) return std::nullopt;
  if (job.state == Job::State::kFailed && job.error)
    return JobNews{.notice = noticeOf(*job.error, translated(words->failed))};
  if (job.state != Job::State::kFinished || words->done == nullptr) return std::nullopt;
  const QString product = productOf(job);
  QString done = translated(words->done);
  if (done.contains(QLatin1String("%1"))) done = done.arg(product);
  JobNews news{.notice = {.kind = Notice::Kind::kGood, .what = done, .meaning = {}, .remedy = {}},
               .page = words->page,
               .selection = {product}};
  if (job.kind == QLatin1String("demo")) news.selection.append(QStringLiteral("samples"));
  if (!words->page) news.notice.meaning = argumentOf(job, QStringLiteral("--output"));
  if (const QString check = checkText(job.result); !check.isEmpty())
    news.notice.meaning += QLatin1Char('\n') + check;
  return news;
}

}  // namespace z2::ui
