#pragma once

// What a page of the window is: a widget that fills the middle, under one header.

#include <QStringList>
#include <QWidget>

#include "ui/base/parts.h"
#include "ui/services/workbench.h"

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace z2::ui {

// A page is made when it is first shown and lives as long as the window. Its constructor makes what
// is seen at once; the rest comes in parts(). It takes its texts in retranslate(), which runs after
// construction, so perhaps before the parts, and whenever the language changes.
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
  // Whether everything that was asked for is on the screen; --screenshot waits for it. By default
  // whether it is built, which others ask first.
  [[nodiscard]] virtual bool isSettled() const { return parts_.isBuilt(); }
  // It has the height that the window gives it. Else the sentences of all pages, also of those that
  // are not seen, would be broken into lines whenever something on one of them changes.
  [[nodiscard]] bool hasHeightForWidth() const override { return false; }

 protected:
  virtual void retranslate() = 0;
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

  [[nodiscard]] Workbench& workbench() const { return workbench_; }
  void setTitle(const QString& title);
  // At the right of the title: search fields, then buttons; the primary action comes last.
  void addToHeader(QWidget* widget);
  // Below the header, with the page's margins. What stands in it is best made as a child of
  // inside(): style sheets are read anew for whatever changes its parent.
  [[nodiscard]] QVBoxLayout* body() const { return body_; }
  [[nodiscard]] QWidget* inside() const;
  [[nodiscard]] Parts& parts() { return parts_; }

 private:
  Workbench& workbench_;
  Parts parts_;
  QLabel* title_;
  QHBoxLayout* header_;
  QVBoxLayout* body_;
  bool hasTexts_ = false;
};

}  // namespace z2::ui
