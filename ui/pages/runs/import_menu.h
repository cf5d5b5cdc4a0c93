#pragma once

#include <QMenu>

namespace z2::ui {

class Workbench;

// Asks for what another program left of a run, and takes it over as a job.
class ImportMenu : public QMenu {
  Q_OBJECT

 public:
  ImportMenu(Workbench& workbench, QWidget* parent);
  void retranslate();
  // A file, or a folder of event files.
  void importFrom(const QString& source);

 private:
  void ask(const QString& title, bool isFolder);

  Workbench& workbench_;
  QAction* file_;
  QAction* folder_;
};

}  // namespace z2::ui
