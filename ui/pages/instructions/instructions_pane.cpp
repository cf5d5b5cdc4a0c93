#include "ui/pages/instructions/instructions_pane.h"

#include <algorithm>
#include <utility>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/tab_parent.h"
#include "ui/base/text.h"
#include "ui/pages/instructions/review_tab.h"
#include "ui/pages/library/facts.h"
#include "ui/pages/run/table_tab.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kBarWidth = 200;
constexpr int kBarSteps = 1000;

enum { kKeptTab, kDroppedTab, kAboutTab };

}  // namespace

InstructionsPane::InstructionsPane(Workbench& workbench, QWidget* parent)
    : QWidget(parent), workbench_(workbench) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kGrid);
  column->addWidget(makeStrip());
  problem_ = child<QLabel>(this);
  problem_->setWordWrap(true);
  problem_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  column->addWidget(problem_, 1);
  tabs_ = child<QTabWidget>(this);
  tabs_->setObjectName(QStringLiteral("instructionsTabs"));
  tabs_->setDocumentMode(true);  // the page has a frame around it
  tabs_->tabBar()->setDrawBase(false);
  column->addWidget(tabs_, 1);
  review_ = child<ReviewTab>(tabParent(*tabs_));
  dropped_ = child<TableTab>(tabParent(*tabs_));
  dropped_->table().setObjectName(QStringLiteral("instructionsDropped"));
  auto* scroll = child<QScrollArea>(tabParent(*tabs_));
  scroll->setWidgetResizable(true);
  scroll->setFocusPolicy(Qt::NoFocus);  // the facts inside take the keys
  auto* frame = child<QWidget>(scroll->viewport());
  auto* about = child<QVBoxLayout>(frame);
  about->setContentsMargins(0, spacing::kPage, 0, 0);
  facts_ = child<Facts>(frame);
  about->addWidget(facts_);
  about->addStretch();
  scroll->setWidget(frame);
  for (QWidget* tab : std::initializer_list<QWidget*>{review_, dropped_, scroll})
    tabs_->addTab(tab, QString());

  connect(stop_, &QPushButton::clicked, this, [this] {
    if (const Job* writing = job()) workbench_.jobs().cancel(writing->id);
    showState();
  });
  connect(more_, &QPushButton::clicked, this, [this] {
    if (set_) Q_EMIT moreAsked(*set_);
  });
  connect(review_, &ReviewTab::changed, this,
          [this](int index, const InstructionTask& task) { change(index, &task); });
  connect(review_, &ReviewTab::removed, this, [this](int index) { change(index, nullptr); });
  retranslate();
}

QWidget* InstructionsPane::makeStrip() {
  auto* strip = child<QWidget>(this);
  auto* row = child<QHBoxLayout>(strip);
  row->setContentsMargins(0, spacing::kInside, 0, 0);
  row->setSpacing(spacing::kGrid);
  bar_ = child<QProgressBar>(strip);
  bar_->setFixedWidth(kBarWidth);
  bar_->setTextVisible(false);
  bar_->setRange(0, kBarSteps);
  state_ = child<QLabel>(strip);
  state_->setObjectName(QStringLiteral("instructionsState"));
  stop_ = child<QPushButton>(strip);
  stop_->setObjectName(QStringLiteral("instructionsStop"));
  more_ = child<QPushButton>(strip);
  more_->setObjectName(QStringLiteral("instructionsMore"));
  row->addWidget(bar_);
  row->addWidget(state_, 1);
  row->addWidget(stop_);
  row->addWidget(more_);
  return strip;
}

const Job* InstructionsPane::job() const {
  if (!set_) return nullptr;
  const QString output = pathText(set_->paths.kept);
  for (const Job& job : workbench_.jobs().jobs())
    if (job.kind == jobKind() && !job.isOver() && job.arguments.contains(output)) return &job;
  return nullptr;
}

void InstructionsPane::setSet(const std::optional<InstructionSet>& set) {
  const bool isAnother = !set || !set_ || set->name != set_->name;
  set_ = set;
  if (isAnother) review_->setTasks(std::make_shared<const std::vector<InstructionTask>>(), {});
  showState();
  const int asked = ++asked_;
  if (!set_) {
    shown_ = asked;
    return;
  }
  inBackground(
      this, [paths = set_->paths] { return readInstructionDetail(paths); },
      [this, asked](const std::shared_ptr<InstructionDetail>& detail) {
        if (asked != asked_) return;
        shown_ = asked;
        showDetail(detail);
      });
}

void InstructionsPane::showDetail(const std::shared_ptr<InstructionDetail>& detail) {
  problem_->setVisible(!detail->problem.isEmpty());
  tabs_->setVisible(detail->problem.isEmpty());
  problem_->setText(detail->problem);
  if (!set_ || !detail->problem.isEmpty()) return;
  const auto kept = static_cast<int64_t>(detail->kept.size());
  const auto dropped = static_cast<int64_t>(detail->droppedRows.size());
  tabs_->setTabText(kKeptTab, tr("Kept (%1)").arg(number(kept)));
  tabs_->setTabText(kDroppedTab, tr("Left out (%1)").arg(number(dropped)));
  facts_->setFacts(factsOf(*detail));
  review_->setTasks({detail, &detail->kept}, std::move(detail->keptRows));
  dropped_->setRows(std::move(detail->droppedRows));
  showState();
}

void InstructionsPane::showState() {
  const Job* writing = job();
  review_->setWriting(writing != nullptr);
  stop_->setVisible(writing != nullptr);
  stop_->setEnabled(writing != nullptr && writing->state == Job::State::kRunning);
  more_->setVisible(writing == nullptr && set_.has_value());
  if (!set_) return;
  const int64_t count = set_->count();
  const double kept =
      std::max(static_cast<double>(set_->kept), writing != nullptr ? writing->done : 0.0);
  bar_->setVisible(count > 0);
  if (count > 0)
    bar_->setValue(static_cast<int>(std::min(1.0, kept / static_cast<double>(count)) * kBarSteps));
  QStringList parts = {
      count > 0 ? tr("%1 of %2 tasks").arg(number(static_cast<int64_t>(kept)), number(count))
                : tr("%1 tasks").arg(number(static_cast<int64_t>(kept)))};
  if (writing != nullptr && writing->state == Job::State::kCancelling) parts.append(tr("stopping"));
  if (writing != nullptr && writing->rate > 0)
    parts.append(tr("%1 a minute").arg(QLocale().toString(writing->rate * 60, 'f', 0)));
  if (writing != nullptr && writing->secondsLeft)
    parts.append(tr("%1 left").arg(duration(*writing->secondsLeft)));
  state_->setText(parts.join(QStringLiteral(" · ")));
}

QList<QPair<QString, QString>> InstructionsPane::factsOf(const InstructionDetail& detail) const {
  const TaskTotals& totals = detail.totals;
  QStringList dropped;
  for (const auto& [reason, count] : detail.reasons)
    dropped.append(coreText(reason) + QStringLiteral(": ") + number(count));
  const auto setting = [&](const char* name) {
    const auto found = detail.settings.find(name);
    return found == detail.settings.end() ? QString()
           : found->is_string()           ? toQString(found->get<std::string>())
                                          : toQString(jsonLine(*found));
  };
  const auto price = [this](const char* option) { return set_->argument(option).toDouble(); };
  const double cost = (static_cast<double>(totals.promptTokens) * price("--price-in") +
                       static_cast<double>(totals.completionTokens) * price("--price-out")) /
                      1e6;
  QList<QPair<QString, QString>> facts = {
      {tr("Language"), setting("language") == QLatin1String("zh") ? tr("Chinese") : tr("English")},
      {tr("Model"), setting("model")},
      {tr("Server"), set_->argument("--endpoint")},
      {tr("Requests"), tr("%1, in %2 attempts")
                           .arg(number(static_cast<int64_t>(totals.requests)),
                                number(static_cast<int64_t>(totals.attempts)))},
      {tr("Tokens"), tr("%1 asked, %2 answered")
                         .arg(number(totals.promptTokens), number(totals.completionTokens))}};
  if (totals.withoutUsage > 0)
    facts.append({tr("Not counted"), tr("the tokens of %1 requests: the server did not say")
                                         .arg(number(static_cast<int64_t>(totals.withoutUsage)))});
  if (cost > 0) facts.append({tr("Cost"), QLocale().toString(cost, 'f', 4)});
  facts.append(
      {tr("Left out"), dropped.isEmpty() ? tr("nothing") : dropped.join(QLatin1Char('\n'))});
  facts.append({tr("Temperature"), setting("temperature")});
  facts.append({tr("Likeness"), setting("similarity")});
  facts.append({tr("File"), pathText(set_->paths.kept)});
  facts.append({tr("Left out in"), pathText(set_->paths.dropped)});
  return facts;
}

void InstructionsPane::change(int index, const InstructionTask* after) {
  const auto place = static_cast<size_t>(index);
  if (!set_ || index < 0 || place >= review_->tasks().size()) return;
  const std::optional<InstructionTask> to =
      after == nullptr ? std::nullopt : std::optional<InstructionTask>(*after);
  const int asked = ++asked_;  // not settled until it is written and read anew
  inBackground(
      this,
      [output = set_->paths.kept, place, before = review_->tasks()[place], to] {
        return changeTask(output, place, before, to ? &*to : nullptr);
      },
      [this, asked](const Result<void>& done) {
        shown_ = std::max(shown_, asked);
        if (!done) workbench_.notify(noticeOf(done.error(), tr("The data is as it was.")));
        Q_EMIT changed();
      });
}

void InstructionsPane::retranslate() {
  stop_->setText(tr("Stop"));
  more_->setText(tr("Go on…"));
  more_->setToolTip(tr("Have more tasks written, also by another model or server"));
  bar_->setAccessibleName(tr("Tasks kept"));
  dropped_->setHeaders({tr("Reason"), tr("Instruction"), tr("Detail")});
  dropped_->setTexts(tr("Tasks left out"), tr("Filter"), tr("Nothing was left out."));
  tabs_->setTabText(kKeptTab, tr("Kept"));
  tabs_->setTabText(kDroppedTab, tr("Left out"));
  tabs_->setTabText(kAboutTab, tr("About"));
  showState();
}

void InstructionsPane::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    retranslate();
    setSet(set_);  // the tables in the new language
  }
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
