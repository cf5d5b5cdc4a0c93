#pragma once

// What a page of the window is: a widget that fills the middle, under one header.

#include <QStringList>
#include <QWidget>

#include "ui/services/workbench.h"

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace z2::ui {

// A page is made when it is first shown and lives as long as the window. It takes its texts in
// retranslate(), which runs after construction and whenever the language changes.
class Page : public QWidget {
  Q_OBJECT

 public:
  explicit Page(Workbench& workbench, QWidget* parent = nullptr);

  // What `--select` and Workbench::open name: runs, or what the page lists.
  virtual void select(const QStringList& names) { Q_UNUSED(names); }
  // F5. Looks again at what the page shows; by default at the runs.
  virtual void refresh() { workbench_.runs().refresh(); }
  // Ctrl+F. By default the first QLineEdit whose property role is "search".
  virtual void focusSearch();
  // Whether everything that was asked for is on the screen; --screenshot waits for it.
  [[nodiscard]] virtual bool isSettled() const { return true; }

 protected:
  virtual void retranslate() = 0;
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

  [[nodiscard]] Workbench& workbench() const { return workbench_; }
  void setTitle(const QString& title);
  // At the right of the title: search fields, then buttons; the primary action comes last.
  void addToHeader(QWidget* widget);
  // Below the header, with the page's margins.
  [[nodiscard]] QVBoxLayout* body() const { return body_; }

 private:
  Workbench& workbench_;
  QLabel* title_;
  QHBoxLayout* header_;
  QVBoxLayout* body_;
  bool hasTexts_ = false;
};

}  // namespace z2::ui
