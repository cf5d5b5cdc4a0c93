#pragma once

// The window: places at the left, a page in the middle, messages above it, jobs and the state of
// the computer below.

#include <map>

#include <QMainWindow>

#include "ui/pages/page.h"
#include "ui/services/shortcuts.h"
#include "ui/services/workbench.h"

class QStackedWidget;
class QVBoxLayout;

namespace z2::ui {

class NoticeBanner;
class Sidebar;

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(Workbench& workbench);

  // Makes the page when it is shown for the first time; a page that is not built changes nothing.
  void showPage(PageId page, const QStringList& selection = {});
  [[nodiscard]] PageId currentPage() const { return current_; }
  // Whether the page that is shown has drawn everything.
  [[nodiscard]] bool isSettled() const;

 protected:
  void changeEvent(QEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  bool focusNextPrevChild(bool next) override;

 private:
  void lay();
  void bindKeys();
  void perform(Command command);
  void retranslate();
  [[nodiscard]] Page* pageFor(PageId id);
  [[nodiscard]] Page* shownPage() const;

  Workbench& workbench_;
  QWidget* middle_;  // all of it
  Sidebar* sidebar_;
  NoticeBanner* banner_;
  QStackedWidget* stack_;
  std::map<PageId, Page*> pages_;
  PageId current_ = PageId::kRuns;
};

}  // namespace z2::ui
