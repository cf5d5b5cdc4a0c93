// Jobs as the window sees them: started, followed, cancelled, failed, and found again.

#include "ui/services/job_service.h"

#include <sys/resource.h>

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "ui/base/text.h"
#include "ui/services/job_notices.h"

namespace z2::ui {

class JobServiceTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void finishesWithItsResult();
  void failsWithItsError();
  void cancelLeavesNothing();
  void anotherWindowTakesItUp();
  void whatEndedWithoutAWindowIsToldOnce();
  void fullDiskLeavesNoTokenizer();

 private:
  QString textFile(int megabytes);
  QStringList training(int megabytes, int vocabulary);
  QTemporaryDir folder_;
};

QString JobServiceTest::textFile(int megabytes) {
  const QString name = folder_.filePath(QStringLiteral("text-%1.txt").arg(megabytes));
  QFile file(name);
  if (!file.open(QIODevice::WriteOnly)) return {};
  uint32_t state = 7;
  while (file.pos() < std::max(1, megabytes * 1'000'000)) {
    state = state * 1664525 + 1013904223;
    file.write(QByteArray::number(state) + (state % 7 == 0 ? '\n' : ' '));
  }
  return name;
}

QStringList JobServiceTest::training(int megabytes, int vocabulary) {
  return {QStringLiteral("tokenizer"),
          QStringLiteral("train"),
          QStringLiteral("--json"),
          QStringLiteral("--input"),
          textFile(megabytes),
          QStringLiteral("--vocab-size"),
          QString::number(vocabulary),
          QStringLiteral("--output"),
          folder_.filePath(QStringLiteral("tokenizer"))};
}

void JobServiceTest::finishesWithItsResult() {
  const QTemporaryDir workspace;
  JobService jobs(toPath(workspace.path()));
  QSignalSpy finished(&jobs, &JobService::finished);
  const QString id =
      jobs.start(QStringLiteral("tokenizer.train"), QStringLiteral("t"), training(1, 300));
  QVERIFY(jobs.find(id) != nullptr);
  QCOMPARE(jobs.running(QStringLiteral("tokenizer.train"))->id, id);
  QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 60'000);
  const Job* job = jobs.find(id);
  QCOMPARE(job->state, Job::State::kFinished);
  QCOMPARE(job->result["vocab_size"].get<int>(), 300);
  QVERIFY(job->phases.contains(QStringLiteral("reading")));
  QVERIFY(job->phases.contains(QStringLiteral("merging")));
  QDir(folder_.filePath(QStringLiteral("tokenizer"))).removeRecursively();
  jobs.forget(id);
  QVERIFY(jobs.find(id) == nullptr);
  QTRY_VERIFY(!QFile::exists(workspace.filePath(QStringLiteral(".jobs/") + id)));
}

void JobServiceTest::failsWithItsError() {
  const QTemporaryDir workspace;
  JobService jobs(toPath(workspace.path()));
  const QString id = jobs.start(QStringLiteral("x"), QStringLiteral("x"),
                                {QStringLiteral("tokenizer"), QStringLiteral("inspect"),
                                 QStringLiteral("--tokenizer"), QStringLiteral("/no/such/place")});
  QTRY_VERIFY_WITH_TIMEOUT(jobs.find(id)->isOver(), 60'000);
  QCOMPARE(jobs.find(id)->state, Job::State::kFailed);
  QVERIFY(jobs.find(id)->error->where.find("/no/such/place") != std::string::npos);
}

void JobServiceTest::cancelLeavesNothing() {
  const QTemporaryDir workspace;
  JobService jobs(toPath(workspace.path()));
  const QString id = jobs.start(QStringLiteral("x"), QStringLiteral("x"), training(24, 60'000));
  QTRY_VERIFY_WITH_TIMEOUT(!jobs.find(id)->phase.isEmpty(), 60'000);
  jobs.cancel(id);
  QCOMPARE(jobs.find(id)->state, Job::State::kCancelling);
  QTRY_COMPARE_WITH_TIMEOUT(jobs.find(id)->state, Job::State::kCancelled, 60'000);
  QVERIFY(!QFile::exists(folder_.filePath(QStringLiteral("tokenizer"))));
}

void JobServiceTest::anotherWindowTakesItUp() {
  const QTemporaryDir workspace;
  QString id;
  {
    JobService jobs(toPath(workspace.path()));
    id = jobs.start(QStringLiteral("x"), QStringLiteral("a title"), training(24, 60'000));
    QTRY_VERIFY_WITH_TIMEOUT(!jobs.find(id)->phase.isEmpty(), 60'000);
  }
  JobService jobs(toPath(workspace.path()));
  QTRY_VERIFY_WITH_TIMEOUT(jobs.find(id) != nullptr, 10'000);
  QCOMPARE(jobs.find(id)->title, QStringLiteral("a title"));
  QVERIFY(!jobs.find(id)->isOver());
  jobs.cancel(id);
  jobs.cancel(id);  // at once
  QTRY_VERIFY_WITH_TIMEOUT(jobs.find(id)->isOver(), 60'000);
  QCOMPARE(jobs.find(id)->state, Job::State::kCancelled);
}

void JobServiceTest::whatEndedWithoutAWindowIsToldOnce() {
  const QTemporaryDir workspace;
  QString id;
  {
    JobService jobs(toPath(workspace.path()));
    id = jobs.start(QStringLiteral("tokenizer.train"), QStringLiteral("t"), training(1, 300));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(workspace.filePath(QStringLiteral(".jobs/") + id +
                                                              QStringLiteral("/keeper.json"))),
                             60'000);
  }
  QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(workspace.filePath(QStringLiteral(".jobs/") + id +
                                                            QStringLiteral("/end.json"))),
                           60'000);
  const auto toldOf = [&](const QString& told) {
    JobService jobs(toPath(workspace.path()));
    const QSignalSpy finished(&jobs, &JobService::finished);
    if (!QTest::qWaitFor([&] { return jobs.find(told) != nullptr; }, 10'000)) return -1;
    QTest::qWait(20);  // whatever else is queued
    if (finished.count() == 1 && !newsOf(*jobs.find(told))) return -1;
    return static_cast<int>(finished.count());
  };
  QCOMPARE(toldOf(id), 1);
  QVERIFY(
      QFile::exists(workspace.filePath(QStringLiteral(".jobs/") + id + QStringLiteral("/told"))));
  QCOMPARE(toldOf(id), 0);
  QDir(folder_.filePath(QStringLiteral("tokenizer"))).removeRecursively();
}

void JobServiceTest::fullDiskLeavesNoTokenizer() {
  const QTemporaryDir workspace;
  const QStringList arguments = training(2, 20'000);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  // The tokenizer's file would be larger; what the job itself writes is not.
  const rlimit small{.rlim_cur = 100'000, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  JobService jobs(toPath(workspace.path()));
  const QString id = jobs.start(QStringLiteral("x"), QStringLiteral("x"), arguments);
  QTRY_VERIFY_WITH_TIMEOUT(!jobs.find(id)->phase.isEmpty() || jobs.find(id)->isOver(), 60'000);
  ::setrlimit(RLIMIT_FSIZE, &before);
  QTRY_VERIFY_WITH_TIMEOUT(jobs.find(id)->isOver(), 60'000);
  QCOMPARE(jobs.find(id)->state, Job::State::kFailed);
  QVERIFY(!jobs.find(id)->error->what.empty());
  const QDir place(folder_.filePath(QStringLiteral("tokenizer")));
  QVERIFY(!place.exists(QStringLiteral("tokenizer.json")));
}

}  // namespace z2::ui

QTEST_GUILESS_MAIN(z2::ui::JobServiceTest)
#include "job_service_test.moc"
