#include "ui/pages/instructions/generate_form.h"

#include <algorithm>

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include "core/http/endpoint_url.h"
#include "core/http/keychain.h"
#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/forms/path_edit.h"
#include "ui/pages/instructions/key_dialog.h"
#include "ui/pages/library/file_list.h"
#include "ui/pages/library/form_column.h"
#include "ui/pages/library/new_name.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr size_t kKey = 4;  // the place of its row
constexpr int kFormWidth = 760;
constexpr int kSeedsHeight = 84;
constexpr const char* kLanguages[] = {"", "en", "zh"};
constexpr QLatin1String kKeychain(kKeychainPrefix.data(), kKeychainPrefix.size());

QString option(const char* name) { return QString::fromLatin1(name); }

QDoubleSpinBox* decimal(double greatest, double value, int digits, QWidget* parent) {
  auto* box = child<QDoubleSpinBox>(parent);
  box->setRange(0, greatest);
  box->setDecimals(digits);
  box->setSingleStep(0.1);
  box->setValue(value);
  return box;
}

}  // namespace

GenerateForm::GenerateForm(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      workbench_(workbench),
      column_(child<FormColumn>(this)),
      name_(child<QLineEdit>(column_->inside())),
      seeds_(child<FileList>(column_->inside())),
      endpoint_(child<QLineEdit>(QStringLiteral("http://127.0.0.1:8080"), column_->inside())),
      model_(child<QLineEdit>(column_->inside())),
      key_(child<PathEdit>(PathEdit::Asks::kFile, column_->inside())),
      storeKey_(child<QPushButton>(key_)),
      language_(child<QComboBox>(column_->inside())),
      count_(child<QSpinBox>(column_->inside())),
      parallel_(child<QSpinBox>(column_->inside())),
      perRequest_(child<QSpinBox>(column_->inside())),
      temperature_(decimal(2, 1, 2, column_->inside())),
      similarity_(decimal(1, 0.7, 2, column_->inside())),
      priceIn_(decimal(1e6, 0, 4, column_->inside())),
      priceOut_(decimal(1e6, 0, 4, column_->inside())),
      reason_(child<QLabel>(this)),
      start_(child<QPushButton>(this)),
      back_(child<QPushButton>(this)) {
  setObjectName(QStringLiteral("generateForm"));
  name_->setObjectName(QStringLiteral("generateName"));
  endpoint_->setObjectName(QStringLiteral("generateEndpoint"));
  model_->setObjectName(QStringLiteral("generateModel"));
  count_->setObjectName(QStringLiteral("generateCount"));
  perRequest_->setObjectName(QStringLiteral("generatePerRequest"));
  storeKey_->setObjectName(QStringLiteral("generateStoreKey"));
  start_->setObjectName(QStringLiteral("generateStart"));
  back_->setObjectName(QStringLiteral("generateBack"));
  key_->append(storeKey_);
  seeds_->setListHeight(kSeedsHeight);
  language_->addItems({QString(), QString(), QString()});
  count_->setRange(1, 10'000'000);
  count_->setGroupSeparatorShown(true);
  count_->setSingleStep(100);
  count_->setValue(1000);
  parallel_->setRange(1, 256);
  parallel_->setValue(4);
  perRequest_->setRange(1, 100);
  perRequest_->setValue(10);
  for (QWidget* narrow : std::initializer_list<QWidget*>{
           count_, parallel_, perRequest_, temperature_, similarity_, priceIn_, priceOut_})
    narrow->setFixedWidth(160);

  auto* whole = child<QVBoxLayout>(this);
  whole->setContentsMargins(0, 0, 0, 0);
  column_->inside()->setMaximumWidth(kFormWidth);
  rows_ = column_->addRows({name_, seeds_, endpoint_, model_, key_, language_, count_, parallel_,
                            perRequest_, temperature_, similarity_, priceIn_, priceOut_});
  whole->addWidget(column_, 1);
  auto* buttons = child<QHBoxLayout>();
  start_->setProperty("role", QStringLiteral("primary"));
  reason_->setProperty("role", QStringLiteral("secondary"));
  buttons->addWidget(back_);
  buttons->addWidget(reason_, 1);
  buttons->addWidget(start_);
  whole->addLayout(buttons);

  for (QLineEdit* line : {name_, endpoint_, model_, key_->line()})
    connect(line, &QLineEdit::textChanged, this, &GenerateForm::check);
  connect(seeds_, &FileList::changed, this, &GenerateForm::check);
  connect(count_, &QSpinBox::valueChanged, this, &GenerateForm::check);
  connect(storeKey_, &QPushButton::clicked, this, &GenerateForm::storeKey);
  connect(start_, &QPushButton::clicked, this, &GenerateForm::start);
  connect(back_, &QPushButton::clicked, this, &GenerateForm::closed);
  retranslate();
}

void GenerateForm::take(const InstructionSet& set) {
  const auto text = [&](const char* name, QLineEdit* line) {
    if (const QString given = set.argument(name); !given.isEmpty()) line->setText(given);
  };
  text("--endpoint", endpoint_);
  text("--model", model_);
  key_->line()->setText(set.argument("--key-file"));
  seeds_->clear();
  for (qsizetype i = 0; i + 1 < set.arguments.size(); ++i)
    if (set.arguments[i] == option("--seeds")) seeds_->add({set.arguments[i + 1]});
  const auto number = [&](const char* name, auto* box) {
    if (const QString given = set.argument(name); !given.isEmpty())
      box->setValue(static_cast<decltype(box->value())>(given.toDouble()));
  };
  number("--count", count_);
  number("--requests", parallel_);
  number("--per-request", perRequest_);
  number("--temperature", temperature_);
  number("--similarity", similarity_);
  number("--price-in", priceIn_);
  number("--price-out", priceOut_);
  const QString language = set.argument("--language");
  const auto* const found = std::ranges::find_if(
      kLanguages, [&](const char* name) { return language == QLatin1String(name); });
  language_->setCurrentIndex(static_cast<int>(found - std::begin(kLanguages)));
}

void GenerateForm::prepareNew(const std::optional<InstructionSet>& like) {
  more_.reset();
  name_->setEnabled(true);
  language_->setEnabled(true);
  if (like && seeds_->files().isEmpty()) take(*like);
  name_->setText(freeName(workbench_.workspace().data(), QStringLiteral("instructions")));
  name_->setFocus();
  name_->selectAll();
  check();
}

void GenerateForm::prepareMore(const InstructionSet& set) {
  more_ = set;
  take(set);
  name_->setText(toQString(set.paths.kept.stem().native()));
  name_->setEnabled(false);
  language_->setEnabled(false);  // a file is in one language
  count_->setFocus();
  check();
}

void GenerateForm::check() {
  QString reason;
  if (!more_) reason = nameProblem(workbench_.workspace().data(), name_->text().trimmed());
  if (reason.isEmpty() && seeds_->files().isEmpty())
    reason = tr("Add a file of tasks by people to begin with.");
  if (reason.isEmpty() && !chatUrlOf(toUtf8(endpoint_->text().trimmed())))
    reason = tr("The server's address begins with http:// or https:// and holds no password.");
  if (reason.isEmpty() && model_->text().trimmed().isEmpty())
    reason = tr("Say what the server calls the model.");
  const QString key = key_->line()->text().trimmed();
  if (reason.isEmpty() && !key.isEmpty() && !key.startsWith(kKeychain) && !QFileInfo(key).isFile())
    reason = tr("There is no such key file.");
  if (reason.isEmpty() && more_ && count_->value() <= more_->kept)
    reason = tr("%1 tasks are kept already; ask for more.").arg(ui::number(more_->kept));
  reason_->setText(reason);
  start_->setEnabled(reason.isEmpty());
}

void GenerateForm::storeKey() {
  const QString key = key_->line()->text().trimmed();
  auto* dialog =
      child<KeyDialog>(key.startsWith(kKeychain) ? key.mid(kKeychain.size()) : QString(), window());
  connect(dialog, &KeyDialog::stored, this,
          [this](const QString& name) { key_->line()->setText(kKeychain + name); });
  dialog->open();
}

std::filesystem::path GenerateForm::output() const {
  if (more_) return more_->paths.kept;
  const std::string name = toUtf8(name_->text().trimmed());
  return workbench_.workspace().data() / name / (name + ".jsonl");
}

QStringList GenerateForm::arguments() const {
  QStringList all = {option("data"), option("generate"), option("--json")};
  for (const QString& file : seeds_->files()) all << option("--seeds") << file;
  all << option("--endpoint") << endpoint_->text().trimmed() << option("--model")
      << model_->text().trimmed();
  if (const QString key = key_->line()->text().trimmed(); !key.isEmpty())
    all << option("--key-file") << key;
  if (const QString language = option(kLanguages[std::max(0, language_->currentIndex())]);
      !language.isEmpty())
    all << option("--language") << language;
  const auto add = [&](const char* name, double value) {
    all << option(name) << QString::number(value, 'g', 12);
  };
  add("--count", count_->value());
  add("--requests", parallel_->value());
  add("--per-request", perRequest_->value());
  add("--temperature", temperature_->value());
  add("--similarity", similarity_->value());
  if (priceIn_->value() > 0) add("--price-in", priceIn_->value());
  if (priceOut_->value() > 0) add("--price-out", priceOut_->value());
  return all << option("--output") << pathText(output());
}

void GenerateForm::start() {
  check();
  if (!start_->isEnabled()) return;
  start_->setEnabled(false);
  const QString name = more_ ? more_->name : name_->text().trimmed() + QStringLiteral(".jsonl");
  inBackground(
      this, [file = output(), all = arguments()] { return writeArguments(file, all); },
      [this, name, all = arguments()](const Result<void>& written) {
        if (!written) {
          workbench_.notify(noticeOf(written.error(), tr("Nothing was asked for.")));
          check();
          return;
        }
        workbench_.jobs().start(QStringLiteral("data.generate"), tr("Instructions %1").arg(name),
                                all);
        Q_EMIT started(name);
      });
}

void GenerateForm::retranslate() {
  const QString texts[][2] = {
      {tr("&Name"), tr("Its folder in the workspace is called the same.")},
      {tr("&Seeds"),
       tr("Tasks written by people, from which others are asked for: instruction, input, output.")},
      {tr("Ser&ver"), tr("With OpenAI's interface: what z2all serve prints, or a provider's.")},
      {tr("&Model"), tr("The name that the server knows it by.")},
      {tr("&Key"),
       tr("A file whose first line is the server's key, or keychain:NAME: what the keychain has "
          "under that name. It is read from there and stored nowhere.")},
      {tr("&Language"), tr("The language of the tasks.")},
      {tr("&Tasks"), tr("How many to keep in the end.")},
      {tr("&Requests at once"), {}},
      {tr("Tasks per re&quest"), tr("How many each request asks for.")},
      {tr("Tem&perature"), tr("Higher is more varied, and more often wrong.")},
      {tr("Like&ness"),
       tr("ROUGE-L to a kept task above which one is left out: 0.7 is usual, lower is stricter.")},
      {tr("Price of &input"), tr("Of a million tokens, to see what it costs. 0: not counted.")},
      {tr("Price of &output"), tr("Of a million tokens.")}};
  const char* const flags[] = {"--output",      "--seeds",       "--endpoint",   "--model",
                               "--key-file",    "--language",    "--count",      "--requests",
                               "--per-request", "--temperature", "--similarity", "--price-in",
                               "--price-out"};
  for (int i = 0; i < rows_.size(); ++i) rows_[i].say(texts[i][0], texts[i][1], flags[i]);
  key_->line()->setAccessibleName(QString(texts[kKey][0]).remove(QLatin1Char('&')));
  language_->setItemText(0, tr("As the seeds"));
  language_->setItemText(1, tr("English"));
  language_->setItemText(2, tr("Chinese"));
  storeKey_->setText(tr("Store a key…"));
  storeKey_->setToolTip(tr("In the desktop's keychain (z2all key set)"));
  start_->setText(tr("Start"));
  back_->setText(tr("Back"));
  check();
}

void GenerateForm::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
