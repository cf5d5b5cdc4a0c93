#pragma once

// The places at the left: product and workspace above, a row a place, settings at the bottom. Up
// and Down go from row to row.

#include <map>

#include <QFrame>

#include "ui/services/page_id.h"

class QButtonGroup;
class QLabel;
class QPushButton;

namespace z2::ui {

class Sidebar : public QFrame {
  Q_OBJECT

 public:
  // `workspace`: the folder's path, for its name and tool-tip.
  explicit Sidebar(const QString& workspace, QWidget* parent = nullptr);

  // Marks a place; a page that has no place leaves the mark of `owner`, which it is reached from.
  void setCurrent(PageId page);
  void retranslate();

 Q_SIGNALS:
  void chosen(z2::ui::PageId page);

 private:
  const QString workspace_;
  QLabel* workspaceName_;
  QButtonGroup* group_;
  std::map<PageId, QPushButton*> rows_;
};

}  // namespace z2::ui
