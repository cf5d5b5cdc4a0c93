#include "ui/pages/run/run_page.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/tab_parent.h"
#include "ui/base/text.h"
#include "ui/models/run_state_text.h"
#include "ui/pages/models/export_dialog.h"
#include "ui/pages/run/curves_tab.h"
#include "ui/pages/run/detail_rows.h"
#include "ui/pages/run/log_tab.h"
#include "ui/pages/run/samples_tab.h"
#include "ui/pages/run/table_tab.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/fork_dialog.h"
#include "ui/widgets/run_action_bar.h"

namespace z2::ui {

namespace {

// Checkpoints and events change seldom.
constexpr int kDetailsInterval = 5000;
constexpr int kProgressSteps = 1000;

// A style sheet is read anew each time, also when it says the same.
void colorText(QLabel& label, const QColor& color, const QString& more) {
  const QString sheet = QStringLiteral("color: %1; ").arg(color.name()) + more;
  if (label.styleSheet() != sheet) label.setStyleSheet(sheet);
}

}  // namespace

RunPage::RunPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent),
      state_(child<QLabel>(inside())),
      steps_(child<QLabel>(inside())),
      progress_(child<QProgressBar>(inside())),
      actions_(child<RunActionBar>(workbench, this)),
      problem_(child<QLabel>(inside())),
      tabs_(child<QTabWidget>(inside())),
      empty_(child<EmptyState>(QStringLiteral("runs"), inside())),
      curves_(child<CurvesTab>(workbench, tabParent(*tabs_))) {
  auto* line = std::make_unique<QHBoxLayout>().release();
  line->setSpacing(spacing::kGrid * 2);
  steps_->setObjectName(QStringLiteral("runSteps"));
  tabs_->setObjectName(QStringLiteral("runTabs"));
  progress_->setRange(0, kProgressSteps);
  progress_->setTextVisible(false);
  progress_->setFixedHeight(6);
  progress_->setMaximumWidth(280);
  line->addWidget(state_);
  line->addWidget(progress_, 1);
  line->addWidget(steps_);
  line->addStretch(1);
  body()->addLayout(line);
  problem_->setWordWrap(true);
  problem_->hide();
  body()->addWidget(problem_);
  body()->addWidget(tabs_, 1);
  body()->addWidget(empty_, 1);
  connect(empty_, &EmptyState::chosen, this, [this] { this->workbench().open(PageId::kRuns); });
  addToHeader(actions_);
  tabs_->addTab(curves_, QString());
  makeTabs();
  connect(&workbench.runs(), &RunWatcher::changed, this, [this](const QStringList& names) {
    if (!names.contains(run_) || !isVisible()) return;
    showState();
    readDetailsOfNewState();
  });
  connect(&workbench.runs(), &RunWatcher::changed, this, [this] {
    if (run_.isEmpty() && !this->workbench().runs().runs().isEmpty())
      select({this->workbench().runs().runs().front().name});
  });
  detailsTimer_.setInterval(kDetailsInterval);
  connect(&detailsTimer_, &QTimer::timeout, this, [this] {
    if (isVisible()) readDetails();
  });
  detailsTimer_.start();
}

void RunPage::makeTabs() {
  // In the order of their names, behind the curves.
  makeTab([this](QWidget* tab) { return log_ = child<LogTab>(tab); });
  makeTab([this](QWidget* tab) { return samples_ = child<SamplesTab>(workbench(), tab); });
  makeTab([this](QWidget* tab) {
    config_ = child<TableTab>(tab);
    onlyChanged_ = child<QPushButton>(config_);
    onlyChanged_->setCheckable(true);
    config_->addControl(onlyChanged_);
    connect(onlyChanged_, &QPushButton::toggled, this, &RunPage::showConfig);
    return config_;
  });
  makeTab([this](QWidget* tab) {
    checkpoints_ = child<TableTab>(tab);
    makeCheckpointButtons();
    return checkpoints_;
  });
  makeTab([this](QWidget* tab) { return events_ = child<TableTab>(tab); });
  parts().add([this] {
    sayDetails();
    areTabsMade_ = true;
  });
}

void RunPage::makeTab(std::function<QWidget*(QWidget*)> make) {
  auto* tab = child<QWidget>(tabParent(*tabs_));
  auto* column = child<QVBoxLayout>(tab);
  column->setContentsMargins(0, 0, 0, 0);
  tabs_->addTab(tab, QString());
  parts().add([tab, column, make = std::move(make)] { column->addWidget(make(tab)); });
}

void RunPage::makeCheckpointButtons() {
  RunActions& actions = workbench().actions();
  for (QPushButton** button : {&verify_, &generate_, &chat_, &export_, &fork_})
    *button = child<QPushButton>(checkpoints_);
  for (QPushButton* button : {verify_, generate_, chat_, export_, fork_}) {
    checkpoints_->addControl(button);
    button->setEnabled(false);
  }
  connect(checkpoints_, &TableTab::chosen, this, [this] {
    for (QPushButton* button : {verify_, generate_, chat_, export_, fork_})
      button->setEnabled(chosenStep().has_value());
  });
  connect(verify_, &QPushButton::clicked, this, [this, &actions] {
    if (const auto step = chosenStep()) actions.verifyCheckpoint(run_, *step);
  });
  connect(generate_, &QPushButton::clicked, this, [this] {
    if (const auto step = chosenStep())
      workbench().open(PageId::kModels, {run_ + QStringLiteral("/step_%1").arg(*step)});
  });
  connect(chat_, &QPushButton::clicked, this, [this] {
    if (const auto step = chosenStep())
      workbench().open(PageId::kChat, {run_ + QStringLiteral("/step_%1").arg(*step)});
  });
  connect(export_, &QPushButton::clicked, this, &RunPage::exportChosen);
  connect(fork_, &QPushButton::clicked, this, [this] {
    if (const auto step = chosenStep())
      child<ForkDialog>(workbench(), run_, *step, window())->open();
  });
}

std::optional<int64_t> RunPage::chosenStep() const {
  if (checkpoints_ == nullptr) return std::nullopt;
  const int row = checkpoints_->chosenRow();
  if (row < 0 || static_cast<size_t>(row) >= details_.checkpoints.size()) return std::nullopt;
  return details_.checkpoints[static_cast<size_t>(row)].step;
}

// What was chosen stays so when others come; else the newest one.
void RunPage::chooseCheckpoint(std::optional<int64_t> step) {
  const auto& all = details_.checkpoints;
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const CheckpointRow& row) { return !step || row.step == *step; });
  checkpoints_->choose(found == all.end() ? 0 : static_cast<int>(found - all.begin()));
}

void RunPage::exportChosen() {
  const auto step = chosenStep();
  if (!step) return;
  const std::filesystem::path checkpoint =
      workbench().workspace().runs() / toUtf8(run_ + QStringLiteral("/ckpt/step_%1").arg(*step));
  child<ExportDialog>(workbench(), checkpoint,
                      run_ + QStringLiteral(" · ") + tr("step %1").arg(number(*step)), window())
      ->open();
}

void RunPage::select(const QStringList& names) {
  if (names.isEmpty() || names.front().isEmpty()) return;
  if (names.front() != run_) {
    run_ = names.front();
    hasDetails_ = false;
    details_ = {};
    const std::filesystem::path path = workbench().workspace().runs() / toUtf8(run_);
    curves_->setRun(path);
    actions_->setRun(run_);
    parts().whenBuilt([this, path, run = run_] {
      if (run != run_) return;
      log_->setFile(path / "engine.log");
      samples_->setRun(run_);
      showDetails();
    });
    readDetails();
  }
  const QStringList places = {QStringLiteral("curves"),      QStringLiteral("log"),
                              QStringLiteral("samples"),     QStringLiteral("config"),
                              QStringLiteral("checkpoints"), QStringLiteral("events")};
  if (names.size() > 1 && places.contains(names.at(1)))
    tabs_->setCurrentIndex(static_cast<int>(places.indexOf(names.at(1))));
  showState();
}

bool RunPage::isSettled() const {
  if (!Page::isSettled()) return false;
  if (run_.isEmpty()) return workbench().runs().hasLooked();
  return curves_->isSettled() && samples_->isSettled() && hasDetails_ &&
         workbench().runs().hasLooked();
}

void RunPage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  if (run_.isEmpty() && !workbench().runs().runs().isEmpty())
    select({workbench().runs().runs().front().name});
  showState();
  readDetails();
}

void RunPage::showState() {
  const RunSummary* run = workbench().runs().find(run_);
  setTitle(run != nullptr ? run->title : run_.isEmpty() ? tr("Run") : run_);
  tabs_->setVisible(!run_.isEmpty());
  empty_->setVisible(run_.isEmpty());
  const bool isKnown = run != nullptr && run->problem.isEmpty();
  progress_->setVisible(isKnown);
  steps_->setVisible(isKnown);
  problem_->setVisible(run != nullptr && !run->problem.isEmpty());
  if (run != nullptr) problem_->setText(coreText(toUtf8(run->problem)));
  if (!isKnown) return state_->clear();
  const RunStatus& status = run->report.status;
  state_->setText(stateMark(status.state) + QLatin1Char(' ') + stateWord(status.state));
  colorText(*state_, stateColor(status.state), QStringLiteral("font-weight: 600"));
  const double done =
      status.steps > 0 ? static_cast<double>(status.step) / static_cast<double>(status.steps) : 0;
  progress_->setValue(static_cast<int>(std::clamp(done, 0.0, 1.0) * kProgressSteps));
  progress_->setAccessibleName(tr("Progress"));
  if (std::exchange(barColor_, stateColor(status.state)) != stateColor(status.state))
    progress_->setStyleSheet(QStringLiteral("QProgressBar::chunk { background: %1; }")
                                 .arg(stateColor(status.state).name()));
  QStringList parts = {tr("step %1 of %2")
                           .arg(QLocale().toString(qlonglong{status.step}),
                                QLocale().toString(qlonglong{status.steps}))};
  if (run->loss) parts.append(tr("loss %1").arg(shortNumber(run->loss)));
  if (run->tokensPerSecond && isActive(status.state))
    parts.append(tr("%1 tokens/s").arg(shortCount(*run->tokensPerSecond)));
  if (status.state == RunState::kRunning)
    if (const auto seconds = curves_->secondsLeft(status.steps))
      parts.append(tr("≈ %1 left").arg(duration(*seconds)));
  steps_->setText(parts.join(QStringLiteral("  ·  ")));
  if (!status.error.empty()) {
    problem_->setText(coreText(status.error));
    colorText(*problem_, colors().failed, {});
    problem_->show();
  }
}

// Steps come every second; files of events and checkpoints seldom, then most often with a state.
void RunPage::readDetailsOfNewState() {
  const RunSummary* run = workbench().runs().find(run_);
  if (run == nullptr) return;
  const std::pair now(run->report.status.state, run->report.lastCheckpoint);
  if (std::exchange(seen_, now) != now) readDetails();
}

void RunPage::readDetails() {
  if (run_.isEmpty() || isReading_) return;
  isReading_ = true;
  inBackground(
      this, [path = workbench().workspace().runs() / toUtf8(run_)] { return readRunDetails(path); },
      [this, run = run_](RunDetails details) {
        isReading_ = false;
        if (run != run_) {
          readDetails();
          return;
        }
        if (std::exchange(hasDetails_, true) && details == details_) return;
        const auto chosen = chosenStep();
        details_ = std::move(details);
        parts().whenBuilt([this, chosen] {
          showDetails();
          chooseCheckpoint(chosen);
        });
      });
}

void RunPage::showDetails() {
  showConfig();
  events_->setRows(eventRows(details_));
  checkpoints_->setRows(checkpointRows(details_));
  curves_->setMarks(marksOf(details_));
  std::vector<int64_t> steps;
  for (const CheckpointRow& checkpoint : details_.checkpoints) steps.push_back(checkpoint.step);
  samples_->setCheckpoints(steps);
}

void RunPage::showConfig() { config_->setRows(configRows(details_, onlyChanged_->isChecked())); }

void RunPage::retranslate() {
  const QStringList names = {tr("Curves"),        tr("Log"),         tr("Samples"),
                             tr("Configuration"), tr("Checkpoints"), tr("Events")};
  for (int i = 0; i < names.size(); ++i) tabs_->setTabText(i, names.at(i));
  empty_->setTexts(tr("No run is chosen"),
                   tr("A run's curves, log, samples and checkpoints stand here."),
                   tr("Go to the runs"));
  showState();
  if (areTabsMade_) {
    sayDetails();
    showDetails();
  }
}

void RunPage::sayDetails() {
  config_->setHeaders({tr("Setting"), tr("Value"), tr("Key")});
  config_->setTexts(tr("Configuration"), tr("Filter settings"),
                    hasDetails_ && !onlyChanged_->isChecked()
                        ? tr("The configuration cannot be read.")
                        : tr("Nothing differs from the preset."));
  onlyChanged_->setText(tr("Only what differs from the preset"));
  checkpoints_->setHeaders({tr("Step"), tr("Validation loss"), tr("Size"), tr("Folder")});
  checkpoints_->setTexts(tr("Checkpoints"), tr("Filter checkpoints"),
                         tr("No checkpoint yet. The first one comes with the next multiple of "
                            "train.checkpoint_interval, and when the run is stopped."));
  events_->setHeaders({tr("Time"), tr("Event"), tr("Step"), tr("Details")});
  events_->setTexts(tr("Events"), tr("Filter events"), tr("Nothing has happened yet."));
  verify_->setText(tr("Verify"));
  verify_->setToolTip(tr("Reads every byte of the chosen checkpoint and compares its checksums"));
  generate_->setText(tr("Generate text"));
  generate_->setToolTip(tr("Opens the chosen checkpoint on the Models page"));
  chat_->setText(tr("Chat"));
  chat_->setToolTip(tr("Talks with the chosen checkpoint on the Chat page"));
  export_->setText(tr("Export…"));
  export_->setToolTip(tr("Writes the chosen checkpoint for other programs: Hugging Face or GGUF"));
  fork_->setText(tr("Fork…"));
  fork_->setToolTip(tr("A new run that begins with the weights of the chosen checkpoint"));
}

}  // namespace z2::ui
