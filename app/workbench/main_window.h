#pragma once

// The window: places at the left, a page in the middle.

#include <functional>
#include <map>

#include <QMainWindow>

#include "ui/pages/page.h"
#include "ui/services/workbench.h"

class QListWidget;
class QStackedWidget;

namespace z2::ui {

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(Workbench& workbench);

  // Makes the page when it is shown for the first time.
  void showPage(PageId page, const QStringList& selection = {});
  [[nodiscard]] PageId currentPage() const { return current_; }
  // Whether the page that is shown has drawn everything.
  [[nodiscard]] bool isSettled() const;

 protected:
  void changeEvent(QEvent* event) override;
  void closeEvent(QCloseEvent* event) override;

 private:
  void retranslate();
  [[nodiscard]] Page* pageFor(PageId id);

  Workbench& workbench_;
  QListWidget* places_;
  QStackedWidget* stack_;
  std::map<PageId, Page*> pages_;
  PageId current_ = PageId::kRuns;
};

}  // namespace z2::ui
