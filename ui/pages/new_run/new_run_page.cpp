#include "ui/pages/new_run/new_run_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "core/run_setup/create_run.h"
#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/plural.h"
#include "ui/base/text.h"
#include "ui/forms/field_row.h"
#include "ui/pages/new_run/data_step.h"
#include "ui/pages/new_run/model_step.h"
#include "ui/pages/new_run/new_run_plan.h"
#include "ui/pages/new_run/review_step.h"
#include "ui/pages/new_run/settings_sources.h"
#include "ui/pages/new_run/tokenizer_step.h"
#include "ui/pages/new_run/training_step.h"
#include "ui/pages/settings/run_defaults.h"
#include "ui/theme/theme.h"
#include "ui/widgets/run_name.h"

namespace z2::ui {

namespace {

constexpr int kListWidth = 220;
constexpr int kMostHeight = 200;  // of a step in the list

}  // namespace

NewRunPage::NewRunPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent),
      plan_(child<NewRunPlan>(workbench.workspace().folder(), this)),
      list_(child<QListWidget>(inside())),
      stack_(child<QStackedWidget>(inside())),
      sources_(child<QPushButton>(this)),
      settings_(child<SettingsSources>(workbench, *plan_, sources_, this)),
      back_(child<QPushButton>(inside())),
      next_(child<QPushButton>(inside())),
      export_(child<QPushButton>(inside())),
      save_(child<QPushButton>(inside())),
      queue_(child<QPushButton>(inside())),
      start_(child<QPushButton>(inside())) {
  sources_->setObjectName(QStringLiteral("settings-from"));
  addToHeader(sources_);
  connect(settings_, &SettingsSources::cloned, this, [this](const QString& wish) {
    review_->setName(freeRunName(this->workbench().runs(), wish));
    hasName_ = true;
  });
  list_->setObjectName(QStringLiteral("steps"));
  list_->setFixedWidth(kListWidth);
  list_->setWordWrap(true);
  list_->setSpacing(2);
  auto* row = child<QHBoxLayout>();
  row->setSpacing(spacing::kPage);
  row->addWidget(list_);
  auto* right = child<QVBoxLayout>();
  right->addWidget(stack_, 1);
  row->addLayout(right, 1);
  body()->addLayout(row, 1);
  addSteps();
  addButtons();
  connect(list_, &QListWidget::currentRowChanged, this, [this](int step) { goTo(step); });
  connect(plan_, &NewRunPlan::checked, this, [this] { showPlan(); });
  connect(review_, &ReviewStep::nameChanged, this, [this] { showPlan(); });
  connect(&workbench.runs(), &RunWatcher::changed, this, [this] {
    if (isVisible()) showPlan();
  });
  plan_->draft().load(runDefaults(workbench.settings()));
  list_->setCurrentRow(0);
}

void NewRunPage::addSteps() {
  tokenizer_ = child<TokenizerStep>(workbench(), *plan_, stack_);
  review_ = child<ReviewStep>(workbench(), *plan_, stack_);
  steps_ = {child<DataStep>(workbench(), *plan_, stack_), tokenizer_,
            child<ModelStep>(workbench(), *plan_, stack_),
            child<TrainingStep>(workbench(), *plan_, stack_), review_};
  for (PlanStep* step : steps_) {
    stack_->addWidget(step);
    std::make_unique<QListWidgetItem>(list_).release();
    step->build(parts());
  }
}

void NewRunPage::addButtons() {
  auto* row = child<QHBoxLayout>();
  row->setSpacing(spacing::kGrid);
  row->addWidget(back_);
  row->addWidget(export_);
  row->addStretch();
  for (QPushButton* button : {save_, queue_, next_, start_}) row->addWidget(button);
  body()->addLayout(row);
  back_->setObjectName(QStringLiteral("back"));
  next_->setObjectName(QStringLiteral("next"));
  export_->setObjectName(QStringLiteral("export"));
  save_->setObjectName(QStringLiteral("save"));
  queue_->setObjectName(QStringLiteral("queue"));
  start_->setObjectName(QStringLiteral("start"));
  next_->setProperty("role", QStringLiteral("primary"));
  start_->setProperty("role", QStringLiteral("primary"));
  export_->setProperty("role", QStringLiteral("quiet"));
  connect(back_, &QPushButton::clicked, this, [this] { goTo(list_->currentRow() - 1); });
  connect(next_, &QPushButton::clicked, this, [this] { goTo(list_->currentRow() + 1); });
  connect(export_, &QPushButton::clicked, this,
          [this] { settings_->askWhereTo(review_->name() + QStringLiteral(".json")); });
  connect(save_, &QPushButton::clicked, this, [this] { create(Then::kSave); });
  connect(queue_, &QPushButton::clicked, this, [this] { create(Then::kQueue); });
  connect(start_, &QPushButton::clicked, this, [this] { create(Then::kStart); });
}

void NewRunPage::goTo(int step) {
  const int last = static_cast<int>(steps_.size()) - 1;
  const int chosen = std::clamp(step, 0, last);
  if (list_->currentRow() != chosen) {
    list_->setCurrentRow(chosen);  // comes back here
    return;
  }
  stack_->setCurrentIndex(chosen);
  showButtons();
}

void NewRunPage::select(const QStringList& names) {
  for (const QString& name : names) {
    const QString kind = name.section(QLatin1Char(':'), 0, 0);
    const QString rest = name.section(QLatin1Char(':'), 1);
    if (kind == QLatin1String("clone")) {
      settings_->cloneRun(rest, {});
    } else if (kind == QLatin1String("fork")) {
      settings_->cloneRun(rest.section(QLatin1Char(':'), 0, 0), rest.section(QLatin1Char(':'), 1));
    } else if (kind == QLatin1String("data")) {
      plan_->wantData(rest);
    } else if (kind == QLatin1String("model")) {
      plan_->draft().set(QStringLiteral("model.init_from"), rest);
      plan_->fitVocabulary();
      goTo(2);
    } else if (kind == QLatin1String("step")) {
      goTo(rest.toInt() - 1);
    }
  }
}

bool NewRunPage::isSettled() const {
  return Page::isSettled() && plan_->isSettled() && !isCreating_;
}

void NewRunPage::showEvent(QShowEvent* event) {
  // Data may have been made on another page.
  plan_->refresh();
  Page::showEvent(event);
}

void NewRunPage::importFrom(const QString& file) { settings_->importFrom(file); }

void NewRunPage::exportTo(const QString& file) { settings_->exportTo(file); }

void NewRunPage::showPlan() {
  if (!hasName_ && workbench().runs().hasLooked()) {
    hasName_ = true;
    review_->setName(freeRunName(workbench().runs(), QStringLiteral("run")));
  }
  for (PlanStep* step : steps_) step->showPlan();
  showSteps();
  showButtons();
}

void NewRunPage::showSteps() {
  for (int i = 0; i < list_->count(); ++i) {
    PlanStep* step = steps_.at(static_cast<size_t>(i));
    const auto issues =
        step == review_ ? plan_->check().draft.issues : plan_->issuesOf(step->keys());
    const bool isWrong = !issues.empty() || (step == review_ && !review_->nameProblem().isEmpty());
    const bool isWarning = step == tokenizer_ && !tokenizer_->warning().isEmpty();
    const QString mark = isWrong     ? QStringLiteral("✕")
                         : isWarning ? QStringLiteral("⚠")
                                     : QStringLiteral("✓");
    QListWidgetItem* item = list_->item(i);
    const QString summary = summaryOf(i);
    item->setText(mark + QStringLiteral("  ") + step->title() + QStringLiteral("\n") + summary);
    item->setToolTip(summary);
    // Fonts of other scripts have higher lines than the one that the list knows.
    const QRect place(0, 0, kListWidth - 2 * spacing::kPage, kMostHeight);
    const QRect needed = list_->fontMetrics().boundingRect(place, Qt::TextWordWrap, item->text());
    item->setSizeHint(QSize(0, needed.height() + spacing::kPage + spacing::kInside));
    item->setForeground(isWrong ? colors().failed : isWarning ? colors().waiting : colors().text);
  }
}

QString NewRunPage::summaryOf(int step) const {
  PlanStep* shown = steps_.at(static_cast<size_t>(step));
  const PlanCheck& check = plan_->check();
  if (shown == review_) {
    if (!review_->nameProblem().isEmpty()) return review_->nameProblem();
    const auto wrong = static_cast<int>(check.draft.issues.size());
    return wrong == 0 ? tr("Ready to start") : tr("To be mended: %1").arg(wrong);
  }
  if (const auto issues = plan_->issuesOf(shown->keys()); !issues.empty()) {
    const bool isChinese = schemaLanguage() == Language::kChinese;
    return toQString(isChinese ? issues.front().zh : issues.front().en);
  }
  if (check.draft.flat.empty()) return {};
  if (step == 0) {
    const QString prefix = settingText(check.draft.flat["data.train"]);
    const QString name = pathText(toPath(prefix).filename());
    return check.dataTokens > 0 ? tr("%1, %2 tokens").arg(name, shortCount(check.dataTokens))
                                : name;
  }
  if (shown == tokenizer_) {
    if (!tokenizer_->warning().isEmpty()) return tokenizer_->warning();
    const QString path = settingText(check.draft.flat["tokenizer.path"]);
    return path.isEmpty() ? tr("None chosen") : pathText(toPath(path).filename());
  }
  if (step == 2)
    return check.estimate ? tr("%1 parameters")
                                .arg(shortCount(static_cast<double>(check.estimate->parameters)))
                          : QString();
  const auto steps = check.draft.flat["train.steps"].get<int64_t>();
  return tr("%1 steps", nullptr, pluralOf(steps)).arg(number(steps));
}

void NewRunPage::showButtons() {
  const int step = list_->currentRow();
  const bool isLast = step == static_cast<int>(steps_.size()) - 1;
  const bool isReady = plan_->check().setup.has_value() && review_->nameProblem().isEmpty() &&
                       !isCreating_ && plan_->isSettled();
  back_->setEnabled(step > 0);
  next_->setVisible(!isLast);
  for (QPushButton* button : {export_, save_, queue_, start_}) button->setVisible(isLast);
  QString why;
  if (!plan_->check().draft.issues.empty()) why = tr("Something is still to be mended; see above");
  if (!review_->nameProblem().isEmpty()) why = review_->nameProblem();
  for (QPushButton* button : {save_, queue_, start_}) {
    button->setEnabled(isReady);
    button->setToolTip(why);
  }
  export_->setEnabled(plan_->check().draft.issues.empty());
}

void NewRunPage::create(Then then) {
  if (isCreating_) return;
  isCreating_ = true;
  showButtons();
  const QString name = review_->name();
  const auto folder = workbench().workspace().runs() / toPath(name);
  inBackground(
      this,
      [folder, task = plan_->check().task, settings = plan_->draft().settings()]() -> Result<void> {
        Z2_TRY(const RunSetup setup, prepareRun(task, Json::object(), settings));
        Z2_TRY_VOID(createRun(folder, setup));
        return {};
      },
      [this, name, then](const Result<void>& done) {
        isCreating_ = false;
        if (done) {
          created(name, then);
        } else {
          workbench().notify(
              noticeOf(done.error(), tr("The run was not made; your settings are kept here.")));
          plan_->refresh();
        }
        showButtons();
      });
}

void NewRunPage::created(const QString& name, Then then) {
  workbench().runs().refresh();
  hasName_ = false;  // the next one gets another
  if (then == Then::kStart) {
    workbench().actions().start(name);
    workbench().open(PageId::kRun, {name});
  } else if (then == Then::kQueue) {
    workbench().actions().enqueue(name);
    workbench().open(PageId::kQueue, {name});
  } else {
    workbench().notify({.kind = Notice::Kind::kGood,
                        .what = tr("%1 is saved").arg(name),
                        .meaning = tr("It waits among the runs until you start it."),
                        .remedy = {}});
    workbench().open(PageId::kRuns, {name});
  }
}

void NewRunPage::retranslate() {
  setTitle(tr("New run"));
  sources_->setText(tr("Take settings from"));
  list_->setAccessibleName(tr("Steps"));
  back_->setText(tr("Back"));
  next_->setText(tr("Next"));
  export_->setText(tr("Save settings as file…"));
  save_->setText(tr("Save for later"));
  queue_->setText(tr("Queue"));
  start_->setText(tr("Start"));
  showPlan();
}

}  // namespace z2::ui
