#include "ui/pages/settings/settings_page.h"

#include <QApplication>
#include <QComboBox>
#include <QFileDialog>
#include <QFrame>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QProcess>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/pages/settings/doctor_view.h"
#include "ui/pages/settings/run_defaults.h"
#include "ui/pages/settings/shortcut_list.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kCardWidth = 760;

// A card with a heading above its contents, which are made as children of the card.
QVBoxLayout* addCard(QVBoxLayout* column, QLabel*& title) {
  auto* card = child<QFrame>(column->parentWidget());
  card->setProperty("role", QStringLiteral("card"));
  auto* inside = child<QVBoxLayout>(card);
  inside->setContentsMargins(spacing::kPage, spacing::kPage, spacing::kPage, spacing::kPage);
  inside->setSpacing(spacing::kPage);
  title = child<QLabel>(card);
  title->setProperty("role", QStringLiteral("heading"));
  inside->addWidget(title);
  column->addWidget(card);
  return inside;
}

}  // namespace

SettingsPage::SettingsPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent), scroll_(child<QScrollArea>(inside())) {
  lay();
  connect(language_, &QComboBox::activated, this, [this] {
    this->workbench().settings().setLanguage(language_->currentData().toString());
  });
  connect(theme_, &QComboBox::activated, this, [this] {
    this->workbench().settings().setTheme(parseThemeName(theme_->currentData().toString()));
  });
  connect(workspace_, &QPushButton::clicked, this, &SettingsPage::chooseWorkspace);
}

void SettingsPage::lay() {
  // The row asks the column for its height at the width that the column will have.
  auto* all = child<QWidget>(scroll_->viewport());
  auto* row = child<QHBoxLayout>(all);
  row->setContentsMargins(0, 0, 0, 0);
  auto* middle = child<QWidget>(all);
  middle->setMaximumWidth(kCardWidth + spacing::kGrid);
  row->addWidget(middle, 1);
  row->addStretch();
  auto* column = child<QVBoxLayout>(middle);
  column->setContentsMargins(0, 0, spacing::kGrid, 0);
  column->setSpacing(spacing::kPage);
  makeGeneral(*addCard(column, generalTitle_));
  QVBoxLayout* defaults = addCard(column, defaultsTitle_);
  QVBoxLayout* machine = addCard(column, machineTitle_);
  QVBoxLayout* keys = addCard(column, keysTitle_);
  column->addStretch(1);
  scroll_->setWidget(all);
  scroll_->setWidgetResizable(true);
  scroll_->setFocusPolicy(Qt::NoFocus);
  body()->addWidget(scroll_);
  parts().add([this, defaults] {
    defaults->addWidget(child<RunDefaults>(workbench().settings(), defaults->parentWidget()));
  });
  parts().add([this, machine] {
    doctor_ =
        child<DoctorView>(pathText(workbench().workspace().folder()), machine->parentWidget());
    machine->addWidget(doctor_);
    doctor_->retranslate();
    doctor_->examine();
  });
  parts().add([this, keys] {
    keys_ = child<ShortcutList>(keys->parentWidget());
    keys->addWidget(keys_);
    keys_->retranslate();
  });
}

void SettingsPage::makeGeneral(QVBoxLayout& column) {
  QWidget* card = column.parentWidget();
  language_ = child<QComboBox>(card);
  theme_ = child<QComboBox>(card);
  workspace_ = child<QPushButton>(card);
  languageLabel_ = child<QLabel>(card);
  themeLabel_ = child<QLabel>(card);
  workspaceLabel_ = child<QLabel>(card);
  workspacePath_ = child<QLabel>(pathText(workbench().workspace().folder()), card);
  auto* grid = child<QGridLayout>();
  grid->setHorizontalSpacing(spacing::kPage);
  grid->setVerticalSpacing(spacing::kGrid);
  grid->setColumnStretch(2, 1);
  grid->addWidget(languageLabel_, 0, 0);
  grid->addWidget(language_, 0, 1);
  grid->addWidget(themeLabel_, 1, 0);
  grid->addWidget(theme_, 1, 1);
  grid->addWidget(workspaceLabel_, 2, 0);
  grid->addWidget(workspace_, 2, 1);
  grid->addWidget(workspacePath_, 2, 2);
  languageLabel_->setBuddy(language_);
  themeLabel_->setBuddy(theme_);
  workspaceLabel_->setBuddy(workspace_);
  workspacePath_->setProperty("role", QStringLiteral("secondary"));
  workspacePath_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  workspacePath_->setWordWrap(true);
  column.addLayout(grid);
  setFocusProxy(language_);
}

void SettingsPage::select(const QStringList& names) {
  if (!names.contains(QLatin1String("shortcuts"))) return;
  parts().whenBuilt([this] {
    QMetaObject::invokeMethod(
        this, [this] { scroll_->ensureWidgetVisible(keys_, 0, keys_->height()); },
        Qt::QueuedConnection);
  });
}

void SettingsPage::refresh() {
  parts().whenBuilt([this] { doctor_->examine(); });
}

bool SettingsPage::isSettled() const { return Page::isSettled() && !doctor_->isWorking(); }

void SettingsPage::chooseWorkspace() {
  const QString folder = QFileDialog::getExistingDirectory(
      this, tr("Choose the workspace"), pathText(workbench().workspace().folder()));
  if (!folder.isEmpty() && folder != pathText(workbench().workspace().folder()))
    openWorkspace(folder);
}

// A workspace is what every page stands on: another one is another window.
void SettingsPage::openWorkspace(const QString& folder) {
  workbench().settings().setValue(QStringLiteral("workspace"), folder);
  if (QProcess::startDetached(QCoreApplication::applicationFilePath(), {folder})) {
    window()->close();
    return;
  }
  workbench().notify({.kind = Notice::Kind::kWarning,
                      .what = tr("The window could not be started again"),
                      .meaning = tr("This window stays with its workspace."),
                      .remedy = tr("Close it and start zero2all; it opens the new workspace.")});
}

void SettingsPage::fillChoices() {
  const QSignalBlocker quietLanguage(language_), quietTheme(theme_);
  language_->clear();
  language_->addItem(QStringLiteral("English"), QStringLiteral("en"));
  language_->addItem(QStringLiteral("中文"), QStringLiteral("zh_CN"));
  // The one that is shown; --language may have chosen it for this start alone.
  const bool isChinese = QLocale().language() == QLocale::Chinese;
  language_->setCurrentIndex(isChinese ? 1 : 0);
  theme_->clear();
  theme_->addItem(tr("As the desktop"), nameOf(ThemeName::kSystem));
  theme_->addItem(tr("Light"), nameOf(ThemeName::kLight));
  theme_->addItem(tr("Dark"), nameOf(ThemeName::kDark));
  theme_->setCurrentIndex(theme_->findData(nameOf(workbench().settings().theme())));
}

void SettingsPage::retranslate() {
  setTitle(tr("Settings"));
  generalTitle_->setText(tr("General"));
  defaultsTitle_->setText(tr("A new run begins with"));
  machineTitle_->setText(tr("This computer"));
  keysTitle_->setText(tr("Keyboard"));
  languageLabel_->setText(tr("&Language"));
  themeLabel_->setText(tr("&Theme"));
  workspaceLabel_->setText(tr("&Workspace"));
  workspace_->setText(tr("Choose…"));
  workspacePath_->setToolTip(tr("Holds runs, data, tokenizers and models"));
  fillChoices();
  if (keys_ != nullptr) keys_->retranslate();
  if (doctor_ != nullptr) doctor_->retranslate();
}

}  // namespace z2::ui
