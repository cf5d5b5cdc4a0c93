#include "ui/services/demo_service.h"

#include <cmath>

#include <QLocale>

#include "core/model/estimate.h"
#include "ui/base/text.h"
#include "ui/services/processor_speed.h"

namespace z2::ui {

namespace {

// Tokenizer, data, evaluations, checkpoints and the sample.
constexpr double kBesideTraining = 30;

}  // namespace

DemoService::DemoService(const Workspace& workspace, JobService& jobs, const RunWatcher& runs,
                         QObject* parent)
    : QObject(parent), workspace_(workspace), jobs_(jobs), runs_(runs) {
  const auto tell = [this](const QString& id) {
    const Job* job = jobs_.find(id);
    if (job == nullptr || job->kind != kind()) return;
    if (job->isOver()) awaited_.clear();
    Q_EMIT changed();
  };
  connect(&jobs, &JobService::added, this, tell);
  connect(&jobs, &JobService::changed, this, tell);
  connect(&jobs, &JobService::finished, this, tell);
  connect(&runs, &RunWatcher::changed, this, &DemoService::lookForRun);
}

DemoPlan DemoService::plan() const {
  const bool isChinese = QLocale().language() == QLocale::Chinese;
  return {.workspace = workspace_,
          .language = isChinese ? DemoLanguage::kChinese : DemoLanguage::kEnglish};
}

void DemoService::start() {
  if (job() != nullptr) return;
  const DemoPlan demo = plan();
  awaited_ = toQString(demo.name());
  const bool isChinese = demo.language == DemoLanguage::kChinese;
  jobs_.start(
      kind(), tr("The demo"),
      {QStringLiteral("demo"), QStringLiteral("--workspace"), pathText(workspace_.folder()),
       QStringLiteral("--language"), isChinese ? QStringLiteral("zh") : QStringLiteral("en")});
  lookForRun();
}

void DemoService::lookForRun() {
  if (awaited_.isEmpty() || runs_.find(awaited_) == nullptr) return;
  Q_EMIT runAppeared(std::exchange(awaited_, {}));
}

double DemoService::usualSeconds() {
  const DemoPlan demo{.workspace = Workspace(std::filesystem::path())};
  const auto config = RunConfig::make(Task::kPretrain, Json(), demo.recipe());
  const auto estimate = config ? estimateRun(*config) : tl::unexpected(config.error());
  const double flops = estimate ? estimate->stepFlops.full * static_cast<double>(demo.steps) : 0;
  return std::ceil((flops / guessProcessorFlops() + kBesideTraining) / 60) * 60;
}

}  // namespace z2::ui
