#include "ui/pages/run/samples_tab.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTextBrowser>
#include <QTextCursor>
#include <QVBoxLayout>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/services/workbench.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

const QString kKind = QStringLiteral("run.sample");

// A poem's lines stay together.
QString inOneBlock(const std::string& text) {
  return toQString(text).replace(QLatin1Char('\n'), QChar::LineSeparator);
}

}  // namespace

SamplesTab::SamplesTab(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      workbench_(workbench),
      prompt_(child<QLineEdit>(this)),
      generate_(child<QPushButton>(this)),
      text_(child<QTextBrowser>(this)),
      empty_(child<QLabel>(this)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, spacing::kGrid, 0, 0);
  auto* row = child<QHBoxLayout>();
  prompt_->setObjectName(QStringLiteral("samplePrompt"));
  generate_->setObjectName(QStringLiteral("sampleStart"));
  text_->setObjectName(QStringLiteral("sampleText"));
  row->addWidget(prompt_, 1);
  row->addWidget(generate_);
  column->addLayout(row);
  empty_->setWordWrap(true);
  empty_->setProperty("role", QStringLiteral("lead"));
  empty_->setAlignment(Qt::AlignCenter);
  column->addWidget(empty_, 1);
  text_->document()->setDocumentMargin(spacing::kPage);
  column->addWidget(text_, 1);
  connect(prompt_, &QLineEdit::textEdited, this, [this] { isPromptOurs_ = false; });
  connect(prompt_, &QLineEdit::textChanged, this, &SamplesTab::showButton);
  connect(prompt_, &QLineEdit::returnPressed, generate_, &QPushButton::click);
  connect(generate_, &QPushButton::clicked, this, &SamplesTab::generate);
  for (const auto signal : {&JobService::changed, &JobService::finished})
    connect(&workbench.jobs(), signal, this, [this](const QString& id) {
      const Job* job = workbench_.jobs().find(id);
      if (job != nullptr && job->kind == kKind) read();
    });
  retranslate();
}

void SamplesTab::setRun(const QString& run) {
  run_ = run;
  steps_.clear();
  samples_.clear();
  read();
}

void SamplesTab::setCheckpoints(const std::vector<int64_t>& steps) {
  if (steps == steps_) return;
  steps_ = steps;
  showButton();
}

void SamplesTab::read() {
  showButton();
  const int number = ++asked_;
  inBackground(
      this,
      [path = workbench_.workspace().runs() / toPath(run_)] {
        return readSamples(path).value_or(std::vector<RunSample>());
      },
      [this, number](std::vector<RunSample> samples) {
        if (number != asked_) return;
        shown_ = number;
        samples_ = std::move(samples);
        present();
      });
}

void SamplesTab::present() {
  empty_->setVisible(samples_.empty());
  text_->setVisible(!samples_.empty());
  std::stable_sort(samples_.begin(), samples_.end(),
                   [](const RunSample& a, const RunSample& b) { return a.step > b.step; });
  // Those who come back go on with their own words.
  if (isPromptOurs_ && !samples_.empty()) prompt_->setText(toQString(samples_.front().prompt));
  text_->clear();
  QTextCursor cursor(text_->document());
  QTextBlockFormat heading;
  heading.setTopMargin(spacing::kGrid);
  QTextBlockFormat paragraph;
  paragraph.setTopMargin(spacing::kInside);
  paragraph.setLineHeight(140, QTextBlockFormat::ProportionalHeight);
  QTextCharFormat strong;
  strong.setFontWeight(QFont::DemiBold);
  QTextCharFormat given;
  given.setForeground(colors().secondary);
  int64_t step = -1;
  for (const RunSample& sample : samples_) {
    if (sample.step != step) {
      if (step >= 0) cursor.insertBlock();
      cursor.setBlockFormat(heading);
      cursor.insertText(tr("Step %1").arg(number(sample.step)), strong);
      step = sample.step;
    }
    cursor.insertBlock(paragraph, {});
    cursor.insertText(inOneBlock(sample.prompt), given);
    cursor.insertText(inOneBlock(sample.text), QTextCharFormat());
  }
  text_->moveCursor(QTextCursor::Start);
}

void SamplesTab::generate() {
  if (!generate_->isEnabled()) return;
  workbench_.jobs().start(
      kKind, tr("Samples of %1").arg(run_),
      {QStringLiteral("run"), QStringLiteral("sample"),
       pathText(workbench_.workspace().runs() / toPath(run_)), QStringLiteral("--device"),
       QStringLiteral("cpu"), QStringLiteral("--prompt"), prompt_->text()});
}

void SamplesTab::showButton() {
  const bool isAtWork = workbench_.jobs().running(kKind) != nullptr;
  generate_->setText(isAtWork ? tr("Writing…") : tr("Let the checkpoints write"));
  generate_->setEnabled(!isAtWork && !steps_.empty() && !prompt_->text().trimmed().isEmpty());
  generate_->setToolTip(
      steps_.empty() ? tr("There is no checkpoint yet")
                     : tr("Each checkpoint continues this text; on the processor, so that training "
                          "on a GPU is not disturbed"));
}

void SamplesTab::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (!run_.isEmpty()) read();
}

void SamplesTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::PaletteChange) present();
  QWidget::changeEvent(event);
}

void SamplesTab::retranslate() {
  prompt_->setAccessibleName(tr("Text to continue"));
  prompt_->setPlaceholderText(tr("Text to continue"));
  if (isPromptOurs_ && samples_.empty()) prompt_->setText(tr("Once upon a time"));
  text_->setAccessibleName(tr("Samples"));
  empty_->setText(
      tr("Nothing has been written yet. Let each checkpoint continue the same text, and read how "
         "the model learned to write."));
  showButton();
  present();
}

}  // namespace z2::ui
