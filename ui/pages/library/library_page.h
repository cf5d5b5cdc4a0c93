#pragma once

// The pattern of the pages for tokenizers, data and models: a list at the left, what is chosen at
// the right in tabs, an empty page that offers the first action, and forms that take the whole
// page.

#include <utility>

#include "ui/base/background.h"
#include "ui/models/entry_model.h"
#include "ui/pages/page.h"

class QLabel;
class QStackedWidget;
class QTabWidget;

namespace z2::ui {

class EmptyState;
class EntryList;

class LibraryPage : public Page {
  Q_OBJECT

 public:
  // A name of what is listed, now or once it is there.
  void select(const QStringList& names) override;
  void refresh() override { reload(); }
  [[nodiscard]] bool isSettled() const override { return Page::isSettled() && asked_ == shown_; }

 protected:
  enum View { kEmpty, kLibrary, kForm };

  // `icon`: of the empty page; `names`: object names of list and tabs are NAMESList and NAMESTabs.
  LibraryPage(Workbench& workbench, const QString& icon, const QString& names, QWidget* parent);
  void showEvent(QShowEvent* event) override;

  // Reads anew what there is; by readThen.
  virtual void reload() = 0;
  // What is chosen has changed, or its texts have.
  virtual void showCurrent() = 0;
  // The view has changed: which buttons stand in the header.
  virtual void viewChanged(View view) { Q_UNUSED(view); }

  // `read` on a worker thread, then `take` with its result, once the page is built and unless a
  // newer one was asked for.
  template <typename Read, typename Take>
  void readThen(Read read, Take take) {
    const int number = ++asked_;
    inBackground(this, std::move(read), [this, number, take = std::move(take)](auto result) {
      parts().whenBuilt([this, number, take, result = std::move(result)]() mutable {
        if (number != asked_) return;
        take(std::move(result));
        shown_ = number;
      });
    });
  }
  [[nodiscard]] bool hasRead() const { return shown_ > 0; }
  // Keeps what is chosen; shows the empty page where nothing is.
  void setEntries(const QList<Entry>& entries);
  [[nodiscard]] QString currentKey() const;
  // An empty problem: the tabs.
  void showProblem(const QString& problem);
  void showView(View view);
  [[nodiscard]] View view() const;
  // The library, or the empty page where there is nothing.
  void leaveForm();
  // Best made as a child of formParent(): style sheets are read anew for what changes its parent.
  void addForm(QWidget* form);
  [[nodiscard]] QWidget* formParent() const;
  // A job of this kind that finishes makes the page read anew; what it made is chosen then, where
  // `isListed`.
  void follow(const QString& jobKind, bool isListed);
  // To be chosen once it is there.
  void want(const QString& key) { wanted_ = key; }

  [[nodiscard]] EntryList& list() { return *list_; }
  [[nodiscard]] QTabWidget& tabs() { return *tabs_; }
  [[nodiscard]] EmptyState& empty() { return *empty_; }
  // A new tab. What fills it is made as a child of it, perhaps later, and added to its layout.
  [[nodiscard]] QWidget* addTab();
  // Fills `tab` with what is scrolled where it is too high: children of the column's widget.
  [[nodiscard]] QVBoxLayout* scrolled(QWidget* tab);

 private:
  QStackedWidget* views_;
  EmptyState* empty_;
  EntryList* list_;
  QLabel* problem_;
  QTabWidget* tabs_;
  QString wanted_;
  int asked_ = 0;
  int shown_ = 0;
};

}  // namespace z2::ui
