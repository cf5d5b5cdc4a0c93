#include "ui/pages/models/generate_tab.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/services/generation_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/sampling_form.h"

namespace z2::ui {

GenerateTab::GenerateTab(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      workbench_(workbench),
      generator_(child<TextGenerator>(this)),
      prompt_(child<QPlainTextEdit>(this)),
      sampling_(
          child<SamplingForm>(SamplingForm::Shape::kRow, QStringLiteral("generate"), 128, this)),
      generate_(child<QPushButton>(this)),
      stop_(child<QPushButton>(this)),
      state_(child<QLabel>(this)),
      text_(child<QPlainTextEdit>(this)) {
  prompt_->setObjectName(QStringLiteral("generatePrompt"));
  generate_->setObjectName(QStringLiteral("generateStart"));
  stop_->setObjectName(QStringLiteral("generateStop"));
  text_->setObjectName(QStringLiteral("generateText"));
  prompt_->setMaximumHeight(110);
  prompt_->setTabChangesFocus(true);
  text_->setReadOnly(true);
  text_->setTabChangesFocus(true);
  generate_->setProperty("role", QStringLiteral("primary"));
  state_->setProperty("role", QStringLiteral("secondary"));
  state_->setWordWrap(true);

  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 12, 0, 0);
  column->setSpacing(spacing::kGrid);
  column->addWidget(prompt_);
  column->addWidget(sampling_);
  auto* buttons = child<QHBoxLayout>();
  buttons->addWidget(state_, 1);
  buttons->addWidget(stop_);
  buttons->addWidget(generate_);
  column->addLayout(buttons);
  column->addWidget(text_, 1);

  connect(generate_, &QPushButton::clicked, this, &GenerateTab::generate);
  connect(stop_, &QPushButton::clicked, this, [this] {
    state_->setText(tr("Stopping…"));
    generator_->stop();
  });
  connect(prompt_, &QPlainTextEdit::textChanged, this, [this] { isPromptOurs_ = false; });
  connect(generator_, &TextGenerator::ready, this, [this] { state_->setText(tr("Writing…")); });
  connect(generator_, &TextGenerator::wrote, this, [this](const QString& piece) {
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
  sampling_->fill(options);
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
  generator_->start(options, {.text = toUtf8(prompt), .messages = {}, .chatTemplate = {}});
}

void GenerateTab::showEnd(const GenerationEnd& end) {
  showBusy(false);
  state_->setText(endText(end));
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
