#include "tests/ui/journey/journey.h"

#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QtTest>

#include "app/workbench/page_factory.h"
#include "ui/base/text.h"
#include "ui/widgets/notice_banner.h"

namespace z2::ui {

namespace {

constexpr int kMostTabs = 200;

}  // namespace

void Journey::open(const QString& language, QSize size) {
  settings_ = std::make_unique<Settings>(pathText(workspace_ / "window.ini"));
  settings_->setLanguage(language);
  translations_.use(language);
  workbench_ = std::make_unique<Workbench>(Workspace(workspace_), *settings_);
  window_ = std::make_unique<MainWindow>(*workbench_);
  window_->resize(size);
  window_->showPage(PageId::kRuns);
  window_->show();
  QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
  QVERIFY(isSettled());
}

void Journey::close() {
  window_->close();
  window_.reset();
  workbench_.reset();
  settings_.reset();
}

void Journey::go(PageId page) {
  const Place* place = placeOf(page);
  for (auto* row : window_->findChildren<QPushButton*>())
    if (row->property("role").toString() == QLatin1String("place") &&
        row->accessibleName() == nameOf(*place))
      QTest::mouseClick(row, Qt::LeftButton);
  QCOMPARE(window_->currentPage(), page);
  QVERIFY(isSettled());
}

QAbstractButton* Journey::button(const QString& text) const {
  for (QWidget* top : QApplication::topLevelWidgets())
    for (auto* found : top->findChildren<QAbstractButton*>())
      if (found->isVisible() && found->text() == text) return found;
  return nullptr;
}

bool Journey::click(const char* name) {
  const auto canBePressed = [&] {
    const auto* found = see<QAbstractButton>(name);
    return found != nullptr && found->isEnabled();
  };
  if (!waitUntil(canBePressed)) return false;
  QTest::mouseClick(see<QAbstractButton>(name), Qt::LeftButton);
  return true;
}

bool Journey::clickText(const QString& text) {
  if (!waitUntil([&] { return button(text) != nullptr && button(text)->isEnabled(); }))
    return false;
  QTest::mouseClick(button(text), Qt::LeftButton);
  return true;
}

bool Journey::clickRow(QAbstractItemView* view, const QString& text) {
  const auto find = [&]() -> QModelIndex {
    const QAbstractItemModel& model = *view->model();
    for (int row = 0; row < model.rowCount(); ++row)
      for (int column = 0; column < model.columnCount(); ++column)
        if (model.index(row, column).data().toString() == text) return model.index(row, column);
    return {};
  };
  if (!waitUntil([&] { return find().isValid(); })) return false;
  view->scrollTo(find());
  QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(find()).center());
  return true;
}

void Journey::openTab(QTabWidget* tabs, const QString& text) {
  QVERIFY(tabs != nullptr);
  for (int i = 0; i < tabs->count(); ++i)
    if (tabs->tabText(i) == text)
      QTest::mouseClick(tabs->tabBar(), Qt::LeftButton, {}, tabs->tabBar()->tabRect(i).center());
  QCOMPARE(tabs->tabText(tabs->currentIndex()), text);
}

void Journey::type(QWidget* field, const QString& text) {
  QVERIFY(field != nullptr);
  field->setFocus();
  if (qobject_cast<QComboBox*>(field) == nullptr)
    QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
  QTest::keyClicks(field, text);
}

void Journey::drop(QWidget* list, const std::filesystem::path& file) {
  QVERIFY(list != nullptr);
  QMimeData files;
  files.setUrls({QUrl::fromLocalFile(pathText(file))});
  const QPoint middle = list->rect().center();
  QDragEnterEvent enter(middle, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(list, &enter);
  QVERIFY(enter.isAccepted());
  QDropEvent let(middle, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(list, &let);
}

void Journey::press(Qt::Key key, Qt::KeyboardModifiers modifiers) {
  QWidget* focused = QApplication::focusWidget();
  QTest::keyClick(focused != nullptr ? focused : window_.get(), key, modifiers);
}

void Journey::write(const QString& text) { QTest::keyClicks(QApplication::focusWidget(), text); }

bool Journey::tabTo(const char* name) {
  for (int step = 0; step < kMostTabs; ++step) {
    const QWidget* focused = QApplication::focusWidget();
    if (focused != nullptr && focused->objectName() == QLatin1String(name)) return true;
    press(Qt::Key_Tab);
  }
  return false;
}

bool Journey::isSettled() {
  return waitUntil([this] { return window_->isSettled(); });
}

QString Journey::message() const {
  const auto* banner = window_->findChild<NoticeBanner*>();
  if (!banner->isVisible()) return {};
  const Notice& notice = banner->current();
  return QStringList{notice.what, notice.meaning, notice.remedy}.join(QLatin1Char('\n'));
}

void Journey::dismissMessages() {
  auto* banner = window_->findChild<NoticeBanner*>();
  while (banner->count() > 0) banner->dismiss();
}

RunReport Journey::report(const std::string& run) const {
  return inspectRun(RunDirectory::open(workspace_ / "runs" / run).value()).value();
}

bool Journey::reaches(const std::string& run, RunState state) const {
  return waitUntil([&] {
    const auto directory = RunDirectory::open(workspace_ / "runs" / run);
    if (!directory) return false;
    const auto report = inspectRun(*directory);
    return report && report->status.state == state;
  });
}

}  // namespace z2::ui
