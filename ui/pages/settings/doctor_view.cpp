#include "ui/pages/settings/doctor_view.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/base/piped_process.h"
#include "core/io/json.h"
#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/json_text.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/icon.h"

namespace z2::ui {

namespace {

QString spoken(const Json& check, const char* key) { return coreText(textAt(check, key)); }

// What the command line writes small is a title here.
QString nameOf(const Json& check) {
  QString name = spoken(check, "name");
  if (name == QLatin1String("cpu") || name == QLatin1String("gpu")) return name.toUpper();
  if (name == QLatin1String("libtorch")) return QStringLiteral("LibTorch");
  if (name == QLatin1String("plugins")) return QStringLiteral("Plug-ins");
  if (!name.isEmpty() && name != QLatin1String("glibc")) name[0] = name.at(0).toUpper();
  return name;
}

QLabel* wrapped(const QString& text, QWidget* parent) {
  auto* label = child<QLabel>(text, parent);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

// What another process prints, for what it looks at may hang or fall.
Result<std::string> askDoctor(const std::string& workspace) {
  Z2_TRY(const std::filesystem::path program, findSibling("z2all"));
  Z2_TRY(PipedProcess process,
         PipedProcess::spawn(program, {"doctor", "--json"}, {{"Z2_WORKSPACE", workspace}}));
  std::string answer, line;
  for (auto read = process.readLine(line); read != LineReader::Outcome::kEnd;
       read = process.readLine(line))
    if (read == LineReader::Outcome::kLine) answer.append(line).append("\n");
  return answer;
}

}  // namespace

DoctorView::DoctorView(const QString& workspace, QWidget* parent)
    : QWidget(parent),
      workspace_(workspace),
      state_(child<QLabel>(this)),
      again_(child<QPushButton>(this)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 0, 0, 0);
  auto* head = child<QHBoxLayout>();
  head->addWidget(state_, 1);
  head->addWidget(again_);
  column->addLayout(head);
  connect(again_, &QPushButton::clicked, this, &DoctorView::examine);
}

void DoctorView::examine() {
  if (isWorking_) return;
  isWorking_ = true;
  tell(tr("Looking at this computer…"));
  inBackground(
      this, [workspace = workspace_.toStdString()] { return askDoctor(workspace); },
      [this](Result<std::string> answer) {
        isWorking_ = false;
        if (!answer)
          return tell(
              tr("z2all does not stand beside this program; build it with packaging/setup."));
        answer_ = std::move(*answer);
        show();
      });
}

void DoctorView::tell(const QString& text) {
  state_->setText(text);
  again_->setEnabled(!isWorking_);
}

void DoctorView::clear() {
  if (rows_ != nullptr) rows_->deleteLater();
  rows_ = nullptr;
}

void DoctorView::show() {
  const auto answer = parseJson(answer_, "doctor");
  const Json checks = answer && answer->is_object() ? answer->value("checks", Json()) : Json();
  if (!checks.is_array())
    return tell(tr("z2all doctor gave no answer; run it in a terminal to see why."));
  clear();
  rows_ = child<QWidget>(this);
  auto* grid = child<QGridLayout>(rows_);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(spacing::kGrid);
  grid->setVerticalSpacing(spacing::kGrid);
  grid->setColumnStretch(2, 1);
  int row = 0, problems = 0;
  for (const Json& check : checks) {
    const QString health = toQString(textAt(check, "health"));
    const bool isBad = health == QLatin1String("broken"), isNote = health != QLatin1String("good");
    problems += isBad ? 1 : 0;
    auto* mark = child<QLabel>(rows_);
    const QString icon = isBad    ? QStringLiteral("error")
                         : isNote ? QStringLiteral("warning")
                                  : QStringLiteral("good");
    const IconTone tone = isBad ? IconTone::kFailed : isNote ? IconTone::kWarning : IconTone::kGood;
    mark->setPixmap(lineIcon(icon, tone).pixmap(QSize(20, 20), devicePixelRatioF()));
    mark->setAccessibleName(isBad ? tr("Problem") : isNote ? tr("Note") : tr("Good"));
    mark->setToolTip(mark->accessibleName());
    grid->addWidget(mark, row, 0, Qt::AlignTop);
    auto* name = child<QLabel>(nameOf(check), rows_);
    name->setProperty("role", QStringLiteral("strong"));
    grid->addWidget(name, row, 1, Qt::AlignTop);
    grid->addWidget(wrapped(spoken(check, "found"), rows_), row++, 2);
    if (const QString fix = spoken(check, "fix"); !fix.isEmpty())
      grid->addWidget(wrapped(QStringLiteral("→ ") + fix, rows_), row++, 2);
  }
  layout()->addWidget(rows_);
  tell(problems == 0 ? tr("This computer has what training needs.")
                     : tr("%n problems are to be solved first.", nullptr, problems));
}

void DoctorView::retranslate() {
  again_->setText(tr("Look again"));
  if (!answer_.empty()) show();
}

void DoctorView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange && !answer_.empty())
    QMetaObject::invokeMethod(this, &DoctorView::show, Qt::QueuedConnection);
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
