// The real window: its frame, its messages, and the page of runs, by mouse and keyboard.

#include <QAbstractButton>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QtTest>

#include "app/workbench/main_window.h"
#include "app/workbench/page_factory.h"
#include "app/workbench/translations.h"
#include "tests/ui/support/workspace.h"
#include "ui/models/run_table_model.h"
#include "ui/widgets/notice_banner.h"

namespace z2::ui {

namespace {

// The widgets with parts of their own that got another parent while this lives: style sheets are
// read anew for all that is in them.
class Moves : public QObject {
 public:
  Moves() { qApp->installEventFilter(this); }
  [[nodiscard]] QStringList found() const { return found_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    // What is being made gets its parent too, as a QWidget yet; lists of Qt's own are not ours.
    const bool isMoved = event->type() == QEvent::ParentChange && watched->isWidgetType() &&
                         watched->metaObject() != &QWidget::staticMetaObject &&
                         !watched->inherits("QComboBoxListView");
    const auto parts = isMoved ? watched->findChildren<QWidget*>().size() : 0;
    if (parts > 0)
      found_.append(
          QStringLiteral("%1 %2, %3 widgets")
              .arg(QLatin1String(watched->metaObject()->className()), watched->objectName())
              .arg(parts));
    return false;
  }

 private:
  QStringList found_;
};

}  // namespace

class WindowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    workspace_ = std::make_unique<TestWorkspace>();
    workspace_->add({.name = "alpha", .rows = 100});
    workspace_->add({.name = "beta", .state = RunState::kRunning, .rows = 50});
    workspace_->add({.name = "gamma", .state = RunState::kFailed, .rows = 10});
    settings_ = std::make_unique<Settings>(workspace_->settingsFile());
    settings_->setLanguage(QStringLiteral("en"));
    workbench_ = std::make_unique<Workbench>(Workspace(workspace_->path()), *settings_);
    window_ = std::make_unique<MainWindow>(*workbench_);
    window_->showPage(PageId::kRuns);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    table_ = window_->findChild<QTableView*>();
    QTRY_COMPARE(table_->model()->rowCount(), 3);
    QTRY_VERIFY(window_->isSettled());
  }
  void cleanup() {
    window_.reset();
    workbench_.reset();
    settings_.reset();
    workspace_.reset();
    Translations().use(QStringLiteral("en"));
  }

  void everyPlaceOpensByMouseAndByKey() {
    int number = 0;
    for (const Place& place : places()) {
      if (place.icon == nullptr) continue;
      ++number;
      window_->showPage(PageId::kRuns);
      QTest::mouseClick(placeButton(nameOf(place)), Qt::LeftButton);
      QCOMPARE(window_->currentPage(), place.id);
      QVERIFY(placeButton(nameOf(place))->isChecked());
      window_->showPage(PageId::kRuns);
      QTest::keyClick(window_.get(), static_cast<Qt::Key>(Qt::Key_0 + number), Qt::ControlModifier);
      QCOMPARE(window_->currentPage(), place.id);
    }
    QVERIFY(number >= 2);
  }

  void aPageThatIsNotBuiltChangesNothing() {
    window_->showPage(PageId::kRuns);
    workbench_->open(static_cast<PageId>(99));
    QCOMPARE(window_->currentPage(), PageId::kRuns);
  }

  void messagesWaitBehindEachOther() {
    auto* banner = window_->findChild<NoticeBanner*>();
    QVERIFY(!banner->isVisible());
    int acted = 0;
    workbench_->notify({.what = QStringLiteral("first"), .meaning = {}, .remedy = {}});
    workbench_->notify({.what = QStringLiteral("second"),
                        .meaning = QStringLiteral("nothing was lost"),
                        .remedy = QStringLiteral("try again"),
                        .actionText = QStringLiteral("Try again"),
                        .action = [&acted] { ++acted; }});
    QVERIFY(banner->isVisible());
    QCOMPARE(banner->count(), 2);
    QCOMPARE(banner->current().what, QStringLiteral("second"));
    QPushButton* action = nullptr;
    for (auto* button : banner->findChildren<QPushButton*>())
      if (button->text() == QLatin1String("Try again")) action = button;
    QVERIFY(action != nullptr);
    QTest::mouseClick(action, Qt::LeftButton);
    QCOMPARE(acted, 1);
    QCOMPARE(banner->current().what, QStringLiteral("first"));
    QTest::keyClick(window_.get(), Qt::Key_W, Qt::ControlModifier);
    QVERIFY(!banner->isVisible());
  }

  void whatStandsOnAPageIsMadeThere() {
    const Moves moves;
    window_ = std::make_unique<MainWindow>(*workbench_);
    window_->show();
    for (const Place& place : places()) {
      window_->showPage(place.id);
      QTRY_VERIFY(window_->isSettled());
    }
    QCOMPARE(moves.found().join(QLatin1Char('\n')), QString());
  }

  void whatIsRememberedIsThereAtTheNextStart() {
    const QString file = workspace_->settingsFile() + QStringLiteral("2");
    {
      Settings first(file);
      for (int width = 100; width <= 120; ++width)
        first.setValue(QStringLiteral("table/width"), width);
      first.setLanguage(QStringLiteral("zh_CN"));
      QCOMPARE(first.value(QStringLiteral("table/width")).toInt(), 120);
    }
    const Settings next(file);
    QCOMPARE(next.value(QStringLiteral("table/width")).toInt(), 120);
    QCOMPARE(next.language(), QStringLiteral("zh_CN"));
  }

  void theSearchFiltersAndSaysWhenNothingMatches() {
    QTest::keyClick(window_.get(), Qt::Key_F, Qt::ControlModifier);
    auto* field = qobject_cast<QLineEdit*>(window_->focusWidget());
    QVERIFY(field != nullptr);
    QTest::keyClicks(field, QStringLiteral("gam"));
    QCOMPARE(table_->model()->rowCount(), 1);
    QTest::keyClicks(field, QStringLiteral("xyz"));
    QVERIFY(!table_->isVisible());
    field->clear();
    QVERIFY(table_->isVisible());
    QCOMPARE(table_->model()->rowCount(), 3);
  }

  void spaceMarksAndF2Renames() {
    choose(QStringLiteral("alpha"));
    QTest::keyClick(table_, Qt::Key_Space);
    const QModelIndex name = table_->currentIndex().siblingAtColumn(RunTableModel::kName);
    QCOMPARE(name.data(Qt::CheckStateRole).toInt(), static_cast<int>(Qt::Checked));
    QTest::keyClick(table_, Qt::Key_F2);
    auto* editor = table_->findChild<QLineEdit*>();
    QVERIFY(editor != nullptr);
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("The best"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(workbench_->runs().find(QStringLiteral("alpha"))->title,
                 QStringLiteral("The best"));
    QVERIFY(std::filesystem::exists(workspace_->path() / "runs/alpha/label.json"));
  }

  void deletingCanBeUndoneAndRefusesARunAtWork() {
    auto* banner = window_->findChild<NoticeBanner*>();
    choose(QStringLiteral("alpha"));
    QTest::keyClick(table_, Qt::Key_Delete);
    QTRY_COMPARE(table_->model()->rowCount(), 2);
    QTRY_COMPARE(banner->count(), 1);
    banner->current().action();
    QTRY_COMPARE(table_->model()->rowCount(), 3);
    banner->dismiss();
    choose(QStringLiteral("beta"));
    QTest::keyClick(table_, Qt::Key_Delete);
    QTRY_COMPARE(banner->count(), 1);
    QCOMPARE(banner->current().kind, Notice::Kind::kError);
    QVERIFY(std::filesystem::exists(workspace_->path() / "runs/beta/run.json"));
  }

  void theLanguageChangesWhileItRuns() {
    Translations translations;
    const QString english = placeButton(QStringLiteral("Runs"))->text();
    translations.use(QStringLiteral("zh_CN"));
    QTRY_VERIFY(window_->findChildren<QPushButton*>().size() > 0 &&
                placeButton(QStringLiteral("训练")) != nullptr);
    QCOMPARE(table_->model()->headerData(RunTableModel::kState, Qt::Horizontal).toString(),
             QStringLiteral("状态"));
    translations.use(QStringLiteral("en"));
    QTRY_VERIFY(placeButton(QStringLiteral("Runs")) != nullptr);
    QCOMPARE(placeButton(QStringLiteral("Runs"))->text(), english);
  }

  void errorsAreToldInTheWindowsLanguage() {
    Error error;
    error.what = "the file has 5 bytes instead of 7";
    error.where = "model.safetensors";
    error.fix = "Check the path";
    Translations translations;
    translations.use(QStringLiteral("zh_CN"));
    const Notice chinese = noticeOf(error, {});
    QCOMPARE(chinese.what, QStringLiteral("model.safetensors: 文件有 5 字节，应为 7 字节"));
    QCOMPARE(chinese.remedy, QStringLiteral("请检查路径"));
    translations.use(QStringLiteral("en"));
    QCOMPARE(noticeOf(error, {}).what,
             QStringLiteral("model.safetensors: the file has 5 bytes instead of 7"));
  }

  void theThemeChangesWhileItRuns() {
    applyTheme(*qApp, ThemeName::kLight);
    const QColor light = window_->grab().toImage().pixelColor(window_->width() - 4, 4);
    applyTheme(*qApp, ThemeName::kDark);
    const QColor dark = window_->grab().toImage().pixelColor(window_->width() - 4, 4);
    QVERIFY(light.lightness() > 200);
    QVERIFY(dark.lightness() < 60);
    applyTheme(*qApp, ThemeName::kLight);
  }

  void theWindowRemembersItsSize() {
    window_->resize(1111, 666);
    window_->close();
    const MainWindow again(*workbench_);
    QCOMPARE(again.size(), QSize(1111, 666));
  }

 private:
  [[nodiscard]] QPushButton* placeButton(const QString& name) const {
    for (auto* button : window_->findChildren<QPushButton*>())
      if (button->property("role").toString() == QLatin1String("place") &&
          button->accessibleName() == name)
        return button;
    return nullptr;
  }
  void choose(const QString& name) {
    for (int row = 0; row < table_->model()->rowCount(); ++row) {
      const QModelIndex index = table_->model()->index(row, RunTableModel::kTask);
      if (index.data(RunTableModel::kNameRole).toString() != name) continue;
      const QPoint middle = table_->visualRect(index).center();
      QTest::mouseClick(table_->viewport(), Qt::LeftButton, {}, middle);
    }
    QCOMPARE(table_->currentIndex().data(RunTableModel::kNameRole).toString(), name);
  }

  std::unique_ptr<TestWorkspace> workspace_;
  std::unique_ptr<Settings> settings_;
  std::unique_ptr<Workbench> workbench_;
  std::unique_ptr<MainWindow> window_;
  QTableView* table_ = nullptr;
};

}  // namespace z2::ui

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  z2::ui::applyTheme(application, z2::ui::ThemeName::kLight);
  z2::ui::WindowTest test;
  return QTest::qExec(&test, argc, argv);
}
#include "window_test.moc"
