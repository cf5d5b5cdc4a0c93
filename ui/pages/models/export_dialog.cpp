#include "ui/pages/models/export_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/model_files/model_source.h"
#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/forms/path_edit.h"
#include "ui/pages/library/new_name.h"
#include "ui/pages/library/template_choice.h"
#include "ui/services/workbench.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kWidth = 620;

const QString kFolderKey = QStringLiteral("export/folder");

// Bytes a parameter: Q8_0 has a scale of 2 bytes for 32 weights.
double bytesOf(const QString& type) {
  if (type == QLatin1String("fp32")) return 4;
  return type == QLatin1String("q8_0") ? 34.0 / 32.0 : 2;
}

QString nameFrom(QString title) {
  title.replace(QStringLiteral(" · "), QStringLiteral("-"));
  for (QChar& c : title)
    if (!c.isLetterOrNumber() && c != QLatin1Char('.') && c != QLatin1Char('_'))
      c = QLatin1Char('-');
  return title;
}

}  // namespace

ExportDialog::ExportDialog(Workbench& workbench, const std::filesystem::path& model,
                           const QString& title, QWidget* parent)
    : QDialog(parent),
      workbench_(workbench),
      model_(model),
      title_(title),
      format_(child<QComboBox>(this)),
      type_(child<QComboBox>(this)),
      size_(child<QLabel>(this)),
      template_(child<TemplateChoice>(TemplateChoice::Use::kExport, this)),
      folder_(child<PathEdit>(PathEdit::Asks::kFolder, this)),
      name_(child<QLineEdit>(nameFrom(title), this)),
      isChecked_(child<QCheckBox>(this)),
      problem_(child<QLabel>(this)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setObjectName(QStringLiteral("export-dialog"));
  setWindowTitle(tr("Export %1").arg(title));
  format_->setObjectName(QStringLiteral("exportFormat"));
  type_->setObjectName(QStringLiteral("exportType"));
  name_->setObjectName(QStringLiteral("exportName"));
  isChecked_->setObjectName(QStringLiteral("exportChecked"));
  folder_->line()->setObjectName(QStringLiteral("exportFolder"));
  format_->addItem(tr("Hugging Face directory: transformers, vLLM, and this program"),
                   QStringLiteral("hf"));
  format_->addItem(tr("GGUF: one file for llama.cpp, Ollama, LM Studio"), QStringLiteral("gguf"));
  size_->setProperty("role", QStringLiteral("secondary"));
  problem_->setProperty("role", QStringLiteral("problem"));
  isChecked_->setText(tr("Read it back, and check that it gives the &same loss"));
  isChecked_->setToolTip(
      tr("Both models predict the same text (--check). GGUF needs 4 bytes a "
         "parameter of disk for as long as that takes."));
  isChecked_->setChecked(true);
  const QString exports = pathText(workbench.workspace().folder() / "exports");
  folder_->line()->setAccessibleName(tr("Folder"));
  folder_->line()->setText(workbench.settings().value(kFolderKey, exports).toString());
  template_->setModel(model);
  auto* column = child<QVBoxLayout>(this);
  column->setSpacing(spacing::kPage);
  auto* form = child<QFormLayout>();
  form->addRow(tr("&Format:"), format_);
  form->addRow(tr("&Weights:"), type_);
  form->addRow(QString(), size_);
  form->addRow(tr("Chat &template:"), template_);
  form->addRow(tr("F&older:"), folder_);
  form->addRow(tr("&Name:"), name_);
  form->addRow(QString(), isChecked_);
  column->addLayout(form);
  column->addWidget(problem_);
  auto* buttons = child<QDialogButtonBox>(QDialogButtonBox::Cancel, this);
  start_ = buttons->addButton(tr("Export"), QDialogButtonBox::AcceptRole);
  start_->setObjectName(QStringLiteral("exportStart"));
  start_->setProperty("role", QStringLiteral("primary"));
  start_->setDefault(true);
  column->addWidget(buttons);
  setMinimumWidth(kWidth);
  connect(format_, &QComboBox::currentIndexChanged, this, &ExportDialog::showTypes);
  connect(type_, &QComboBox::currentIndexChanged, this, &ExportDialog::showSize);
  connect(name_, &QLineEdit::textChanged, this, &ExportDialog::check);
  connect(folder_->line(), &QLineEdit::textChanged, this, &ExportDialog::check);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(start_, &QPushButton::clicked, this, &ExportDialog::start);
  inBackground(
      this, [model] { return describeModel(model); },
      [this](const Result<ModelDescription>& description) {
        if (description)
          parameters_ = static_cast<double>(description->config.model.parameterCount());
        showSize();
      });
  showTypes();
}

bool ExportDialog::isGguf() const { return format_->currentData() == QStringLiteral("gguf"); }

QString ExportDialog::type() const { return type_->currentData().toString(); }

void ExportDialog::showTypes() {
  type_->clear();
  const auto add = [this](const char* name, const QString& words) {
    type_->addItem(QLatin1String(name) + QStringLiteral(": ") + words, QLatin1String(name));
  };
  if (isGguf()) {
    add("fp16", tr("2 bytes a weight, what llama.cpp is quickest to read"));
    add("q8_0", tr("8 bits a weight, nearly as good and half as large"));
    add("bf16", tr("2 bytes a weight, the range of fp32"));
  } else {
    add("bf16", tr("2 bytes a weight, as most models are published"));
    add("fp16", tr("2 bytes a weight"));
  }
  add("fp32", tr("4 bytes a weight, without any rounding"));
  showSize();
}

void ExportDialog::showSize() {
  size_->setText(parameters_ > 0
                     ? tr("≈ %1 for %2 parameters")
                           .arg(byteSize(parameters_ * bytesOf(type())), shortCount(parameters_))
                     : QString());
  check();
}

std::filesystem::path ExportDialog::output() const {
  QString name = name_->text().trimmed();
  if (isGguf()) name += QLatin1Char('-') + type() + QStringLiteral(".gguf");
  return toPath(folder_->line()->text().trimmed()) / toUtf8(name);
}

void ExportDialog::check() {
  QString problem;
  if (folder_->line()->text().trimmed().isEmpty())
    problem = tr("Choose a folder.");
  else
    problem =
        nameProblem(output().parent_path(),
                    name_->text().trimmed().isEmpty() ? QString() : pathText(output().filename()));
  problem_->setText(problem);
  problem_->setVisible(!problem.isEmpty());
  start_->setEnabled(problem.isEmpty());
}

void ExportDialog::start() {
  check();
  if (!start_->isEnabled()) return;
  QStringList arguments = {QStringLiteral("model"),    QStringLiteral("export"),
                           pathText(model_),           QStringLiteral("--json"),
                           QStringLiteral("--format"), format_->currentData().toString(),
                           QStringLiteral("--dtype"),  type(),
                           QStringLiteral("--output"), pathText(output())};
  if (const std::string chosen = template_->choice(); !chosen.empty())
    arguments << QStringLiteral("--chat-template") << toQString(chosen);
  if (isChecked_->isChecked()) arguments << QStringLiteral("--check");
  workbench_.settings().setValue(kFolderKey, folder_->line()->text().trimmed());
  workbench_.jobs().start(QStringLiteral("model.export"), tr("Export of %1").arg(title_),
                          arguments);
  accept();
}

}  // namespace z2::ui
