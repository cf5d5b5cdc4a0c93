#include "tests/bench/window/drive.h"

#include <QAbstractButton>
#include <QEventLoop>
#include <QHeaderView>
#include <QLineEdit>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QTimer>

#include "app/workbench/page_factory.h"
#include "ui/models/run_table_model.h"

namespace z2::ui {

namespace {

constexpr int kKeys = 20;
constexpr double kBetweenKeys = 0.04;  // as they repeat

QTableView* runTable(MainWindow& window) {
  return window.findChild<QTableView*>(QStringLiteral("runTable"));
}

QLineEdit* runSearch(MainWindow& window) {
  for (auto* field : window.findChildren<QLineEdit*>())
    if (field->isVisible() && field->property("role").toString() == QLatin1String("search"))
      return field;
  qFatal("there is no search field");
}

// As events, so that their time is counted as a user's is.
void press(QWidget* widget, int key) {
  QCoreApplication::postEvent(widget, new QKeyEvent(QEvent::KeyPress, key, Qt::NoModifier,
                                                    QKeySequence(key).toString().toLower()));
  QCoreApplication::postEvent(widget, new QKeyEvent(QEvent::KeyRelease, key, Qt::NoModifier));
  idle(kBetweenKeys);
}

void later(MainWindow& window, std::function<void()> act) {
  QTimer::singleShot(0, &window, std::move(act));
}

QString text(const char* words) { return QString::fromLatin1(words); }

void addRuns(std::vector<Deed>& all, MainWindow& window) {
  all.push_back({text("down the runs, 20 keys"), [&window] {
                   runTable(window)->setFocus();
                   for (int i = 0; i < kKeys; ++i) press(runTable(window), Qt::Key_Down);
                 }});
  all.push_back({text("a page further down, 20 keys"), [&window] {
                   for (int i = 0; i < kKeys; ++i) press(runTable(window), Qt::Key_PageDown);
                 }});
  for (const auto& [name, column] : {std::pair("sorted by name", RunTableModel::kName),
                                     std::pair("sorted by loss", RunTableModel::kLoss),
                                     std::pair("sorted by state", RunTableModel::kState)})
    all.push_back({text(name), [&window, column = static_cast<int>(column)] {
                     later(window, [&window, column] {
                       runTable(window)->sortByColumn(column, Qt::AscendingOrder);
                     });
                   }});
  all.push_back({text("searched, 4 letters"), [&window] {
                   runSearch(window)->setFocus();
                   for (const int key : {Qt::Key_R, Qt::Key_U, Qt::Key_N, Qt::Key_9})
                     press(runSearch(window), key);
                 }});
  all.push_back({text("the search cleared"),
                 [&window] { later(window, [&window] { runSearch(window)->clear(); }); }});
}

void addPages(std::vector<Deed>& all, MainWindow& window, std::optional<PageId> only) {
  for (const Place& place : places()) {
    if (only && place.id != *only) continue;
    const QStringList select =
        place.id == PageId::kCompare
            ? QStringList{text("run-1"), text("run-2"), text("run-3"), text("run-4")}
            : QStringList{text("run-7")};
    const auto show = [&window, id = place.id, select] {
      later(window, [&window, id, select] { window.showPage(id, select); });
    };
    all.push_back({text("first look at the page ") + text(place.name), show});
    all.push_back({text("back to the runs"),
                   [&window] { later(window, [&window] { window.showPage(PageId::kRuns); }); }});
    all.push_back({text("again the page ") + text(place.name), show});
  }
}

// What stands behind the first look at a page.
void addForms(std::vector<Deed>& all, MainWindow& window, std::optional<PageId> only) {
  const auto select = [&](const char* name, PageId id, const QString& what) {
    if (only && id != *only) return;
    all.push_back({text(name), [&window, id, what] {
                     later(window, [&window, id, what] { window.showPage(id, {what}); });
                   }});
  };
  select("a new run's tokenizer", PageId::kNewRun, text("step:2"));
  select("a new run's model", PageId::kNewRun, text("step:3"));
  select("a new run's training", PageId::kNewRun, text("step:4"));
  if (!only || only == PageId::kNewRun)
    all.push_back({text("all fields of the training"), [&window] {
                     later(window, [&window] {
                       window.findChild<QAbstractButton*>(text("advanced"))->setChecked(true);
                     });
                   }});
  select("a new run's review", PageId::kNewRun, text("step:5"));
  select("the form of new data", PageId::kData, text("new:pretrain:"));
  select("the form of conversations", PageId::kData, text("new:sft:"));
}

void addTabs(std::vector<Deed>& all, MainWindow& window) {
  all.push_back({text("the run's tabs"), [&window] {
                   window.showPage(PageId::kRun, {QStringLiteral("run-7")});
                   auto* tabs = window.findChild<QTabWidget*>(QStringLiteral("runTabs"));
                   for (int tab = 0; tab < tabs->count(); ++tab) {
                     later(window, [tabs, tab] { tabs->setCurrentIndex(tab); });
                     idle(0.3);
                   }
                 }});
}

}  // namespace

void idle(double seconds) {
  QEventLoop loop;
  QTimer::singleShot(static_cast<int>(seconds * 1000), &loop, &QEventLoop::quit);
  loop.exec();
}

void waitFor(const std::function<bool()>& isDone, double seconds) {
  for (double waited = 0; waited < seconds && !isDone(); waited += kBetweenKeys) idle(kBetweenKeys);
}

std::vector<Deed> deeds(MainWindow& window, std::optional<PageId> only) {
  std::vector<Deed> all;
  all.push_back({text("the window opens, with its runs"), [&window] {
                   later(window, [&window] {
                     window.showPage(PageId::kRuns);
                     window.show();
                   });
                 }});
  if (!only) addRuns(all, window);
  addPages(all, window, only);
  addForms(all, window, only);
  if (!only) addTabs(all, window);
  return all;
}

}  // namespace z2::ui
