#pragma once

// Long work of the window other than runs: training a tokenizer, building data, importing,
// exporting, verifying. Each job is a `z2all` process of its own with a folder WORKSPACE/.jobs/ID
// (core/jobs), so that closing or killing the window harms nothing: the next window finds it there
// and goes on showing it.
//
// Lives in the GUI thread and never blocks it: files and processes are looked at on a thread of its
// own.

#include <filesystem>
#include <memory>
#include <optional>

#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2::ui {

struct Job {
  enum class State { kRunning, kCancelling, kFinished, kCancelled, kFailed };
  QString id;
  QString kind;           // "tokenizer.train", "data.tokenize", …: which page cares
  QString title;          // as the job bar shows it, in the language of its start
  QStringList arguments;  // of z2all
  State state = State::kRunning;
  std::optional<double> fraction = {};  // of the phase, 0 … 1; empty while unknown
  QString phase = {};       // "reading", "merging", …; may be empty. phaseText shows it
  QStringList phases = {};  // that it went through so far, the present one last
  double done = 0;          // of the phase, in units
  double rate = 0;          // units a second; 0: unknown
  QString unit = {};        // "B", "items", "steps"
  std::optional<double> secondsLeft = {};  // of the phase
  double startedAt = 0;                    // Unix seconds
  std::optional<Error> error = {};         // why it failed, when it did
  Json result = {};                        // its standard output when it finished and was JSON
  [[nodiscard]] bool isOver() const { return state >= State::kFinished; }
};

// "Reading text", "Merging pairs": a phase for people; an unknown one as it is.
[[nodiscard]] QString phaseText(const QString& phase);
// "12.3 MB/s", "840 /s"; empty when unknown.
[[nodiscard]] QString rateText(const Job& job);

class JobService : public QObject {
  Q_OBJECT

 public:
  // Takes up what an earlier window left in `workspace`; what ended over a week ago is removed.
  explicit JobService(const std::filesystem::path& workspace, QObject* parent = nullptr);
  ~JobService() override;  // leaves the processes running

  // Starts `z2all ARGUMENTS`; returns the job's id at once. That it could not be started is told
  // as a job that failed.
  QString start(const QString& kind, const QString& title, const QStringList& arguments);
  // Asks it to stop (SIGINT); a second call ends it (SIGKILL).
  void cancel(const QString& id);
  // Removes a job that is over, and its folder.
  void forget(const QString& id);

  // Newest first. Valid until the next signal.
  [[nodiscard]] const QList<Job>& jobs() const { return jobs_; }
  [[nodiscard]] const Job* find(const QString& id) const;
  // The newest job of this kind that runs; null when none does.
  [[nodiscard]] const Job* running(const QString& kind) const;

 Q_SIGNALS:
  void added(const QString& id);
  void changed(const QString& id);   // five times a second a job at most
  void finished(const QString& id);  // once, after the last changed: the job is over
  void forgotten(const QString& id);

 private:
  class Watch;
  void take(const Job& job);
  [[nodiscard]] Job* own(const QString& id);

  QList<Job> jobs_;
  int started_ = 0;
  std::unique_ptr<Watch> watch_;
};

}  // namespace z2::ui
