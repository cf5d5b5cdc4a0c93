#include "ui/pages/new_run/settings_sources.h"

#include <algorithm>

#include <QFileDialog>
#include <QMenu>
#include <QPushButton>

#include "core/config/schema.h"
#include "core/io/json.h"
#include "core/run/run_directory.h"
#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/pages/new_run/new_run_plan.h"
#include "ui/pages/settings/run_defaults.h"
#include "ui/services/workbench.h"

namespace z2::ui {

namespace {

constexpr size_t kMostRuns = 15;

// A file of keys, or a whole run.json.
Result<Json> readSettings(const std::filesystem::path& file) {
  Z2_TRY(Json content, readJsonFile(file));
  if (!content.is_object())
    return badInput(file.native(), "a configuration must be a JSON object",
                    "Choose a file that was saved here, or the run.json of a run");
  if (content.contains("schema_version") && content.contains("config")) content = content["config"];
  const ConfigDraft draft = draftConfig(Task::kPretrain, content, {});
  for (const ConfigIssue& issue : draft.issues)
    if (findField(issue.key) == nullptr)
      return badInput(file.native(), issue.key + ": " + issue.en,
                      "Choose a file that was saved here, or the run.json of a run");
  return content;
}

QFileDialog* dialogFor(QWidget* page, const std::filesystem::path& folder, const QString& filter) {
  auto* dialog = child<QFileDialog>(page);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setNameFilter(filter);
  dialog->setDefaultSuffix(QStringLiteral("json"));
  dialog->setDirectory(pathText(folder));
  return dialog;
}

}  // namespace

SettingsSources::SettingsSources(Workbench& workbench, NewRunPlan& plan, QPushButton* button,
                                 QWidget* page)
    : QObject(page), workbench_(workbench), plan_(plan), page_(page), menu_(child<QMenu>(page)) {
  button->setMenu(menu_);
  connect(menu_, &QMenu::aboutToShow, this, &SettingsSources::fill);
}

void SettingsSources::cloneRun(const QString& run, const QString& step) {
  const auto folder = workbench_.workspace().runs() / toPath(run);
  inBackground(
      this,
      [folder]() -> Result<Json> {
        Z2_TRY(const RunDirectory directory, RunDirectory::open(folder));
        return directory.config().changedOnly();
      },
      [this, run, step, folder](const Result<Json>& values) {
        if (!values) {
          workbench_.notify(noticeOf(values.error(), tr("Its settings were not taken.")));
          return;
        }
        plan_.draft().load(*values);
        if (!step.isEmpty())
          plan_.draft().set(QStringLiteral("model.init_from"),
                            pathText(folder / "ckpt" / ("step_" + toUtf8(step))));
        const QString wish = step.isEmpty() ? run : run + QStringLiteral("-fork");
        Q_EMIT cloned(wish);
      });
}

void SettingsSources::importFrom(const QString& file) {
  inBackground(
      this, [path = toPath(file)] { return readSettings(path); },
      [this](const Result<Json>& values) {
        if (values)
          plan_.draft().load(*values);
        else
          workbench_.notify(noticeOf(values.error(), tr("The settings here are as they were.")));
      });
}

void SettingsSources::exportTo(const QString& file) {
  const auto config = RunConfig::make(plan_.check().task, Json(), plan_.draft().settings());
  const Json content = config ? config->changedOnly() : Json();
  inBackground(
      this,
      [path = toPath(file), content, config]() -> Result<void> {
        if (!config) return tl::unexpected(config.error());
        return writeJsonFile(path, content);
      },
      [this, file](const Result<void>& done) {
        if (done)
          workbench_.notify({.kind = Notice::Kind::kGood,
                             .what = tr("The settings were saved"),
                             .meaning = file,
                             .remedy = {}});
        else
          workbench_.notify(noticeOf(done.error(), tr("No file was written.")));
      });
}

void SettingsSources::fill() {
  menu_->clear();
  std::vector<const RunSummary*> newest;
  for (const RunSummary& run : workbench_.runs().runs())
    if (run.problem.isEmpty()) newest.push_back(&run);
  std::sort(newest.begin(), newest.end(),
            [](const RunSummary* a, const RunSummary* b) { return a->created > b->created; });
  newest.resize(std::min(newest.size(), kMostRuns));
  for (const RunSummary* run : newest) {
    QAction* action = menu_->addAction(tr("Run %1").arg(run->title));
    connect(action, &QAction::triggered, this, [this, name = run->name] { cloneRun(name, {}); });
  }
  if (!newest.empty()) menu_->addSeparator();
  connect(menu_->addAction(tr("A file…")), &QAction::triggered, this,
          &SettingsSources::askWhereFrom);
  connect(menu_->addAction(tr("The defaults")), &QAction::triggered, this,
          [this] { plan_.draft().load(runDefaults(workbench_.settings())); });
}

void SettingsSources::askWhereFrom() {
  auto* dialog = dialogFor(page_, workbench_.workspace().folder(), tr("Settings (*.json)"));
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, &SettingsSources::importFrom);
  dialog->open();
}

void SettingsSources::askWhereTo(const QString& name) {
  auto* dialog = dialogFor(page_, workbench_.workspace().folder(), tr("Settings (*.json)"));
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->selectFile(name);
  connect(dialog, &QFileDialog::fileSelected, this, &SettingsSources::exportTo);
  dialog->open();
}

}  // namespace z2::ui
