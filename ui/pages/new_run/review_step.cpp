#include "ui/pages/new_run/review_step.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>

#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/plural.h"
#include "ui/base/text.h"
#include "ui/forms/field_row.h"
#include "ui/pages/new_run/fit_choice.h"
#include "ui/pages/new_run/memory_bar.h"
#include "ui/pages/new_run/new_run_plan.h"
#include "ui/services/workbench.h"
#include "ui/theme/theme.h"
#include "ui/widgets/run_name.h"

namespace z2::ui {

namespace {

constexpr int kCommandHeight = 120;
constexpr int kNameWidth = 320;

QString number(double value) { return QLocale().toString(value, 'f', 0); }

// As it would be typed in a shell.
QString quoted(const QString& text) {
  static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./:=,+@%-]+$"));
  if (plain.match(text).hasMatch()) return text;
  QString inside = text;
  inside.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
  return QLatin1Char('\'') + inside + QLatin1Char('\'');
}

}  // namespace

ReviewStep::ReviewStep(Workbench& workbench, NewRunPlan& plan, QWidget* parent)
    : PlanStep(workbench, plan, parent),
      nameLabel_(child<QLabel>(inside())),
      name_(child<QLineEdit>(inside())),
      nameProblem_(child<QLabel>(inside())) {
  auto* row = child<QHBoxLayout>();
  name_->setObjectName(QStringLiteral("run-name"));
  name_->setMinimumWidth(kNameWidth);
  nameLabel_->setBuddy(name_);
  nameProblem_->setProperty("role", QStringLiteral("problem"));
  row->addWidget(nameLabel_);
  row->addWidget(name_);
  row->addWidget(nameProblem_, 1);
  column()->addLayout(row);
  connect(name_, &QLineEdit::textChanged, this, [this] {
    if (isBuilt()) showCommand();
    nameProblem_->setText(nameProblem());
    Q_EMIT nameChanged();
  });
}

void ReviewStep::make(Parts&) {
  problems_ = child<QLabel>(inside());
  fit_ = child<FitChoice>(plan(), inside());
  notes_ = child<QLabel>(inside());
  bar_ = child<MemoryBar>(inside());
  commandLabel_ = child<QLabel>(inside());
  command_ = child<QPlainTextEdit>(inside());
  copy_ = child<QPushButton>(inside());
  problems_->setObjectName(QStringLiteral("problems"));
  problems_->setProperty("role", QStringLiteral("problem"));
  problems_->setWordWrap(true);
  column()->addWidget(problems_);
  column()->addWidget(fit_);

  auto* grid = child<QGridLayout>();
  grid->setHorizontalSpacing(spacing::kSection);
  grid->setVerticalSpacing(spacing::kGrid);
  grid->setColumnStretch(2, 1);
  parameters_ = addFigure("parameters", *grid);
  tokens_ = addFigure("tokens", *grid);
  time_ = addFigure("time", *grid);
  disk_ = addFigure("disk", *grid);
  memory_ = addFigure("memory", *grid);
  column()->addSpacing(spacing::kGrid);
  column()->addLayout(grid);
  column()->addWidget(bar_);
  notes_->setObjectName(QStringLiteral("notes"));
  notes_->setProperty("role", QStringLiteral("secondary"));
  notes_->setWordWrap(true);
  notes_->setTextFormat(Qt::PlainText);
  column()->addWidget(notes_);
  column()->addSpacing(spacing::kGrid);

  auto* commandRow = child<QHBoxLayout>();
  commandLabel_->setBuddy(command_);
  commandRow->addWidget(commandLabel_);
  commandRow->addStretch();
  commandRow->addWidget(copy_);
  column()->addLayout(commandRow);
  command_->setObjectName(QStringLiteral("command"));
  command_->setReadOnly(true);
  command_->setTabChangesFocus(true);
  command_->setFixedHeight(kCommandHeight);
  command_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  column()->addWidget(command_);
  column()->addStretch();
  connect(copy_, &QPushButton::clicked, this,
          [this] { QGuiApplication::clipboard()->setText(command_->toPlainText()); });
}

ReviewStep::Figure ReviewStep::addFigure(const char* name, QGridLayout& grid) {
  Figure figure{child<QLabel>(inside()), child<QLabel>(inside()), child<QLabel>(inside())};
  const int row = grid.rowCount();
  figure.value->setObjectName(QLatin1String(name));
  figure.label->setProperty("role", QStringLiteral("secondary"));
  figure.note->setProperty("role", QStringLiteral("secondary"));
  figure.note->setWordWrap(true);
  QFont strong = figure.value->font();
  strong.setBold(true);
  figure.value->setFont(strong);
  figure.value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  grid.addWidget(figure.label, row, 0);
  grid.addWidget(figure.value, row, 1);
  grid.addWidget(figure.note, row, 2);
  return figure;
}

QString ReviewStep::name() const { return name_->text(); }

void ReviewStep::setName(const QString& name) { name_->setText(name); }

QString ReviewStep::nameProblem() const {
  return runNameProblem(workbench().runs(), name_->text());
}

bool ReviewStep::isOnGpu() const {
  const Json device = plan().check().draft.flat.value("train.device", Json());
  return device == "cuda" || (device == "auto" && plan().stock().gpuMemory > 0);
}

void ReviewStep::present() {
  const PlanCheck& check = plan().check();
  QStringList problems;
  const bool isChinese = schemaLanguage() == Language::kChinese;
  for (const ConfigIssue& issue : check.draft.issues) {
    const Field* field = findField(issue.key);
    const QString label =
        field != nullptr ? toQString(field->label.in(schemaLanguage())) : QString();
    problems.append(tr("%1: %2").arg(label, toQString(isChinese ? issue.zh : issue.en)));
  }
  problems_->setText(problems.join(QLatin1Char('\n')));
  problems_->setVisible(!problems.isEmpty());
  fit_->showPlan();
  QStringList notes;
  if (check.setup)
    for (const std::string& note : check.setup->notes)
      notes.append(QStringLiteral("• ") + coreText(note));
  notes_->setText(notes.join(QLatin1Char('\n')));
  notes_->setVisible(!notes.isEmpty());
  nameProblem_->setText(nameProblem());
  const bool isKnown = check.estimate.has_value();
  for (const Figure& figure : {parameters_, tokens_, time_, disk_, memory_}) {
    figure.value->setText(QStringLiteral("–"));
    figure.note->clear();
  }
  bar_->setVisible(isKnown);
  if (isKnown) {
    showModel();
    showTime();
    showDisk();
    showMemory();
  }
  showCommand();
}

void ReviewStep::showModel() {
  const PlanCheck& check = plan().check();
  const LlamaConfig& model = check.estimate->model;
  parameters_.value->setText(shortCount(static_cast<double>(check.estimate->parameters)));
  const QStringList shape = {tr("%1 layers of %2", nullptr, pluralOf(model.numHiddenLayers))
                                 .arg(number(static_cast<double>(model.numHiddenLayers)),
                                      number(static_cast<double>(model.hiddenSize))),
                             tr("%1 heads", nullptr, pluralOf(model.numAttentionHeads))
                                 .arg(number(static_cast<double>(model.numAttentionHeads))),
                             tr("vocabulary %1").arg(number(static_cast<double>(model.vocabSize)))};
  parameters_.note->setText(shape.join(tr(", ")));
  tokens_.value->setText(shortCount(check.runTokens));
  const auto steps = check.draft.flat["train.steps"].get<double>();
  QString note =
      tr("%1 steps of %2 tokens", nullptr, pluralOf(static_cast<int64_t>(steps)))
          .arg(number(steps), number(static_cast<double>(check.estimate->tokensPerStep)));
  if (check.dataTokens > 0)
    note += QStringLiteral(" · ") +
            tr("the data is seen %1 times")
                .arg(QLocale().toString(check.runTokens / check.dataTokens, 'f',
                                        check.runTokens < 10 * check.dataTokens ? 2 : 0));
  tokens_.note->setText(note);
}

void ReviewStep::showTime() {
  const PlanCheck& check = plan().check();
  if (check.speed.tokensPerSecond <= 0) return;
  time_.value->setText(tr("≈ %1").arg(duration(check.runTokens / check.speed.tokensPerSecond)));
  const QString rate = shortCount(check.speed.tokensPerSecond);
  switch (check.speed.source) {
    case SpeedGuess::Source::kSameRun:
      time_.note->setText(
          tr("%1 tokens/s, as %2 with the same shape was measured").arg(rate, check.speed.run));
      break;
    case SpeedGuess::Source::kOtherRun:
      time_.note->setText(tr("%1 tokens/s, reckoned from the arithmetic that %2 did a second")
                              .arg(rate, check.speed.run));
      break;
    case SpeedGuess::Source::kProcessor:
      time_.note->setText(
          isOnGpu()
              ? tr("at least %1 tokens/s; no run has measured this machine's GPU yet").arg(rate)
              : tr("%1 tokens/s, a guess from the processor's clock; the first run measures it")
                    .arg(rate));
      break;
  }
}

void ReviewStep::showDisk() {
  const PlanCheck& check = plan().check();
  const auto kept = check.draft.flat["train.keep_latest"].get<double>() +
                    check.draft.flat["train.keep_best"].get<double>();
  const auto each = static_cast<double>(check.estimate->checkpointBytes);
  // One more while the newest is written.
  const double needed = each * (kept + 1);
  disk_.value->setText(byteSize(needed));
  QString note =
      tr("at most %1 checkpoints of %2", nullptr, pluralOf(static_cast<int64_t>(kept) + 1))
          .arg(number(kept + 1), byteSize(each));
  if (check.diskFree > 0)
    note += QStringLiteral(" · ") + (needed > check.diskFree
                                         ? tr("⚠ only %1 are free").arg(byteSize(check.diskFree))
                                         : tr("%1 are free").arg(byteSize(check.diskFree)));
  disk_.note->setText(note);
}

void ReviewStep::showMemory() {
  const RunEstimate& estimate = *plan().check().estimate;
  const bool isGpu = isOnGpu();
  const double limit = isGpu ? plan().stock().gpuMemory : plan().check().machineMemory;
  const auto totalOf = [&](const MemoryPlan& memory) {
    return static_cast<double>(isGpu ? RunEstimate::gpuBytes(memory)
                                     : estimate.processBytes(memory));
  };
  // What the engine does by itself where it would not fit otherwise.
  const bool isShort =
      limit > 0 && totalOf(estimate.memory) > limit && totalOf(estimate.leastMemory) <= limit;
  const MemoryPlan& memory = isShort ? estimate.leastMemory : estimate.memory;
  std::vector<MemoryBar::Part> parts;
  const QString names[] = {tr("Weights"),     tr("Gradients"), tr("Optimizer"),
                           tr("Activations"), tr("Logits"),    tr("Workspace")};
  for (int part = 0; part < kMemoryParts; ++part)
    parts.push_back(
        {names[part], static_cast<double>(memory.bytesOf(static_cast<MemoryPart>(part)))});
  if (!isGpu)
    parts.push_back({tr("Checkpoint copy and program"),
                     static_cast<double>(estimate.snapshotBytes + kRuntimeBytes)});
  const double total = totalOf(memory);
  memory_.value->setText(byteSize(total));
  QString note = isGpu ? tr("on the GPU") : tr("of this computer");
  if (limit > 0)
    note = isGpu ? tr("of %1 on the GPU (%2)").arg(byteSize(limit), plan().stock().gpuName)
                 : tr("of %1 of this computer").arg(byteSize(limit));
  if (limit > 0 && total > limit)
    note += QStringLiteral(" · ") + tr("⚠ too much: lower the micro-batch or the sequence length");
  if (isShort) note += QStringLiteral(" · ") + tr("each layer is computed twice to fit, slower");
  memory_.note->setText(note);
  bar_->setParts(std::move(parts), limit);
}

void ReviewStep::showCommand() {
  const QString folder = quoted(pathText(workbench().workspace().runs() / toPath(name_->text())));
  QString command =
      QStringLiteral("z2all run new --task %1 --dir ").arg(toQString(nameOf(plan().check().task))) +
      folder;
  for (const std::string& setting : plan().draft().settings())
    command += QStringLiteral(" \\\n  --set ") + quoted(toQString(setting));
  command += QStringLiteral("\nz2all run start ") + folder;
  if (command != command_->toPlainText()) command_->setPlainText(command);
}

void ReviewStep::retranslate() {
  setLead(tr("What the run will be and cost. Nothing is written before you start or save it."));
  nameLabel_->setText(tr("&Name of the run:"));
  parameters_.label->setText(tr("Parameters"));
  tokens_.label->setText(tr("Tokens"));
  time_.label->setText(tr("Time"));
  disk_.label->setText(tr("Disk"));
  memory_.label->setText(tr("Memory"));
  commandLabel_->setText(tr("The same on the command &line:"));
  copy_->setText(tr("Copy"));
}

}  // namespace z2::ui
