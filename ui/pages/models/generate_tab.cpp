#include "ui/pages/models/generate_tab.h"

#include <limits>

#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSpinBox>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

GenerateTab::GenerateTab(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      workbench_(workbench),
      generator_(child<TextGenerator>(this)),
      prompt_(child<QPlainTextEdit>(this)),
      temperature_(child<QDoubleSpinBox>(this)),
      topK_(child<QSpinBox>(this)),
      topP_(child<QDoubleSpinBox>(this)),
      tokens_(child<QSpinBox>(this)),
      seed_(child<QSpinBox>(this)),
      generate_(child<QPushButton>(this)),
      stop_(child<QPushButton>(this)),
      state_(child<QLabel>(this)),
      text_(child<QPlainTextEdit>(this)) {
  prompt_->setObjectName(QStringLiteral("generatePrompt"));
  generate_->setObjectName(QStringLiteral("generateStart"));
  stop_->setObjectName(QStringLiteral("generateStop"));
  tokens_->setObjectName(QStringLiteral("generateTokens"));
  text_->setObjectName(QStringLiteral("generateText"));
  temperature_->setRange(0, 5);
  temperature_->setSingleStep(0.1);
  temperature_->setValue(0.8);
  topK_->setRange(0, 1'000'000);
  topK_->setValue(50);
  topP_->setRange(0.01, 1);
  topP_->setSingleStep(0.05);
  topP_->setValue(0.95);
  tokens_->setRange(1, 100'000);
  tokens_->setValue(128);
  seed_->setRange(0, std::numeric_limits<int>::max());
  seed_->setValue(1);
  prompt_->setMaximumHeight(110);
  prompt_->setTabChangesFocus(true);
  text_->setReadOnly(true);
  text_->setTabChangesFocus(true);
  generate_->setProperty("role", QStringLiteral("primary"));
  state_->setProperty("role", QStringLiteral("secondary"));

  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(12, 12, 12, 12);
  column->setSpacing(spacing::kGrid);
  column->addWidget(prompt_);
  auto* grid = child<QGridLayout>();
  grid->setHorizontalSpacing(12);
  grid->setVerticalSpacing(spacing::kInside);
  QWidget* const fields[] = {temperature_, topK_, topP_, tokens_, seed_};
  for (int i = 0; i < 5; ++i) {
    labels_[i] = child<QLabel>(this);
    labels_[i]->setProperty("role", QStringLiteral("secondary"));
    labels_[i]->setBuddy(fields[i]);
    fields[i]->setMinimumWidth(84);
    grid->addWidget(labels_[i], 0, i);
    grid->addWidget(fields[i], 1, i);
  }
  grid->setColumnStretch(5, 1);
  grid->addWidget(stop_, 1, 6);
  grid->addWidget(generate_, 1, 7);
  column->addLayout(grid);
  column->addWidget(text_, 1);
  column->addWidget(state_);

  connect(generate_, &QPushButton::clicked, this, &GenerateTab::generate);
  connect(stop_, &QPushButton::clicked, this, [this] {
    state_->setText(tr("Stopping…"));
    generator_->stop();
  });
  connect(prompt_, &QPlainTextEdit::textChanged, this, [this] { isPromptOurs_ = false; });
  connect(generator_, &TextGenerator::ready, this, [this] { state_->setText(tr("Writing…")); });
  connect(generator_, &TextGenerator::text, this, [this](const QString& piece) {
    QScrollBar* bar = text_->verticalScrollBar();
    const bool isAtEnd = bar->value() == bar->maximum();
    QTextCursor cursor(text_->document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(piece);
    if (isAtEnd) bar->setValue(bar->maximum());
  });
  connect(generator_, &TextGenerator::ended, this, &GenerateTab::showEnd);
  connect(generator_, &TextGenerator::failed, this, [this](const Error& error) {
    showBusy(false);
    state_->clear();
    workbench_.notify(noticeOf(error, tr("No text was generated.")));
  });
  retranslate();
  showBusy(false);
}

void GenerateTab::setModel(const std::filesystem::path& model, bool hasTokenizer) {
  if (model == model_ && hasTokenizer == hasTokenizer_) return;
  model_ = model;
  hasTokenizer_ = hasTokenizer;
  generator_->stop();
  text_->clear();
  state_->setText(hasTokenizer ? QString()
                               : tr("The model's tokenizer is not known: it cannot read text."));
  showBusy(generator_->isBusy());
}

void GenerateTab::generate() {
  GenerationOptions options;
  options.engine.model = model_.native();
  options.maxNewTokens = tokens_->value();
  options.sampling = {.temperature = temperature_->value(),
                      .topK = topK_->value(),
                      .topP = topP_->value(),
                      .seed = static_cast<uint64_t>(seed_->value())};
  const QString prompt = prompt_->toPlainText();
  text_->clear();
  // What was given, quieter than what comes.
  QTextCharFormat given;
  given.setForeground(colors().secondary);
  QTextCursor cursor(text_->document());
  cursor.insertText(prompt, given);
  cursor.setCharFormat({});
  state_->setText(tr("Loading the model…"));
  showBusy(true);
  generator_->start(options, prompt);
}

void GenerateTab::showEnd(const QString& reason, int tokens, double seconds) {
  showBusy(false);
  QString why = tr("stopped");
  if (reason == QLatin1String("stop")) why = tr("the text came to its end");
  if (reason == QLatin1String("length")) why = tr("as long as you asked for");
  if (reason == QLatin1String("context")) why = tr("the model's context is full");
  const QLocale locale;
  QString text = tr("%1 tokens").arg(locale.toString(tokens));
  if (seconds > 0 && tokens > 1)
    text +=
        QStringLiteral(" · ") + tr("%1 tokens/s").arg(locale.toString(tokens / seconds, 'f', 1));
  state_->setText(text + QStringLiteral(" · ") + why);
}

void GenerateTab::showBusy(bool isBusy) {
  generate_->setEnabled(!isBusy && hasTokenizer_);
  stop_->setEnabled(isBusy);
}

void GenerateTab::retranslate() {
  prompt_->setAccessibleName(tr("Text to continue"));
  prompt_->setPlaceholderText(tr("Text to continue"));
  text_->setAccessibleName(tr("Generated text"));
  text_->setPlaceholderText(tr("The model's words appear here as it writes them."));
  const QString names[] = {tr("Temperature"), tr("Top-k"), tr("Top-p"), tr("Max tokens"),
                           tr("Seed")};
  const QString helps[] = {
      tr("0: always the most likely token; higher: more surprising (--temperature)"),
      tr("Only the k most likely tokens; 0: all (--top-k)"),
      tr("Only the most likely tokens that make up this probability (--top-p)"),
      tr("The longest answer (--max-new-tokens)"),
      tr("The same seed gives the same text (--seed)")};
  for (int i = 0; i < 5; ++i) {
    labels_[i]->setText(names[i]);
    labels_[i]->buddy()->setToolTip(helps[i]);
    labels_[i]->buddy()->setAccessibleName(names[i]);
  }
  generate_->setText(tr("Generate"));
  stop_->setText(tr("Stop"));
  if (isPromptOurs_) {
    prompt_->setPlainText(tr("Once upon a time"));
    isPromptOurs_ = true;
  }
}

void GenerateTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
