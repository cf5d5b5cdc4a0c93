#include "ui/pages/library/template_choice.h"

#include <QFileDialog>
#include <QFileInfo>

#include "core/generate/model_tokenizer.h"
#include "core/generate/trained_template.h"
#include "core/model_files/model_source.h"
#include "ui/base/background.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

constexpr const char* kKnown[] = {"chatml", "llama2", "llama3", "alpaca", "z2all"};

const QString kBrowse = QStringLiteral("\n");  // no template has this name

// The name of a model's own template; empty where it has none that can be read.
QString ownTemplate(const std::filesystem::path& path, bool isTokenizer) {
  Result<std::optional<TemplateSource>> own = std::optional<TemplateSource>();
  if (isTokenizer) {
    own = modelTemplate(path);
  } else if (const auto model = describeModel(path)) {
    own = templateOf(*model, tokenizerPathOf(*model, {}));
  }
  if (!own || !*own) return {};
  const QString name = toQString((*own)->name);
  return name.contains(QLatin1Char('/')) ? QFileInfo(name).fileName() : name;
}

}  // namespace

TemplateChoice::TemplateChoice(Use use, QWidget* parent) : ChoiceBox(parent), use_(use) {
  addItem(QString(), QString());
  if (use == Use::kConversation) addItem(QString(), QStringLiteral("plain"));
  for (const char* name : kKnown) addItem(QString::fromLatin1(name), QString::fromLatin1(name));
  addItem(QString(), kBrowse);
  setSizeAdjustPolicy(AdjustToMinimumContentsLengthWithIcon);
  setMinimumContentsLength(12);
  connect(this, &QComboBox::activated, this, [this] {
    if (currentData().toString() == kBrowse) browse();
  });
  connect(this, &QComboBox::currentIndexChanged, this, [this] {
    if (currentData().toString() != kBrowse) Q_EMIT decided();
  });
  retranslate();
}

void TemplateChoice::setModel(const std::filesystem::path& model) {
  if (model == model_) return;
  model_ = model;
  own_.clear();
  isLooking_ = true;
  inBackground(
      this, [model, isTokenizer = use_ == Use::kData] { return ownTemplate(model, isTokenizer); },
      [this, model](const QString& own) {
        if (model != model_) return;
        own_ = own;
        isLooking_ = false;
        retranslate();
        Q_EMIT decided();
      });
}

std::string TemplateChoice::choice() const {
  const QString chosen = currentData().toString();
  return chosen == kBrowse ? std::string() : toUtf8(chosen);
}

bool TemplateChoice::isNone() const {
  return isKnown() && own_.isEmpty() && currentData().toString().isEmpty();
}

void TemplateChoice::browse() {
  const QString file = QFileDialog::getOpenFileName(
      this, tr("Choose a chat template"), {},
      tr("Jinja templates (*.jinja *.jinja2 *.j2 *.txt);;All files (*)"));
  if (file.isEmpty()) {
    setCurrentIndex(0);
    return;
  }
  chooseFile(file);
}

void TemplateChoice::chooseFile(const QString& file) {
  if (findData(file) < 0) insertItem(count() - 1, QFileInfo(file).fileName(), file);
  setCurrentIndex(findData(file));
}

void TemplateChoice::retranslate() {
  setAccessibleName(tr("Chat template"));
  QString none;
  switch (use_) {
    case Use::kConversation:
      setToolTip(tr("How the conversation is written for the model (--template)"));
      none = tr("No template: plain text");
      break;
    case Use::kExport:
      setToolTip(tr("The template that goes with the model (--chat-template)"));
      none = tr("None");
      break;
    case Use::kData:
      setToolTip(QStringLiteral("--template"));
      none = tr("chatml, since the tokenizer has none");
      break;
  }
  setItemText(0, own_.isEmpty() ? none : tr("Own template: %1").arg(own_));
  if (use_ == Use::kConversation) setItemText(1, tr("Plain text"));
  setItemText(findData(kBrowse), tr("Jinja file…"));
}

void TemplateChoice::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  ChoiceBox::changeEvent(event);
}

}  // namespace z2::ui
