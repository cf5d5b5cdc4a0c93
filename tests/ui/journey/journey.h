#pragma once

// The hands and eyes of somebody at the real window: clicks, keys, and what is to be seen.

#include <filesystem>
#include <memory>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QLineEdit>
#include <QString>
#include <QTabWidget>

#include "app/workbench/main_window.h"
#include "app/workbench/translations.h"
#include "core/run/run_report.h"
#include "tests/ui/support/small_workspace.h"
#include "ui/services/workbench.h"

namespace z2::ui {

class Journey {
 public:
  explicit Journey(std::filesystem::path workspace) : workspace_(std::move(workspace)) {}

  // As a start of the program does.
  void open(const QString& language = QStringLiteral("en"), QSize size = {1280, 800});
  // As its end does; what was begun goes on.
  void close();
  [[nodiscard]] bool isOpen() const { return window_ != nullptr; }
  [[nodiscard]] MainWindow& window() { return *window_; }
  [[nodiscard]] Workbench& workbench() { return *workbench_; }

  // A click at the left.
  void go(PageId page);
  // The widget of this name that can be seen, in the window or in a dialog; null when there is
  // none.
  template <typename Widget>
  [[nodiscard]] Widget* see(const char* name) const {
    for (QWidget* top : QApplication::topLevelWidgets())
      for (Widget* widget : top->findChildren<Widget*>(QLatin1String(name)))
        if (widget->isVisible()) return widget;
    return nullptr;
  }
  // The button with this text.
  [[nodiscard]] QAbstractButton* button(const QString& text) const;
  // Waits until the button can be pressed, and presses it. False after a minute.
  [[nodiscard]] bool click(const char* name);
  [[nodiscard]] bool clickText(const QString& text);
  // The row that has `text` in one of its columns.
  [[nodiscard]] bool clickRow(QAbstractItemView* view, const QString& text);
  // A click on the tab with this text.
  void openTab(QTabWidget* tabs, const QString& text);
  // Instead of what the field holds; for a spin box or a combo box too.
  void type(QWidget* field, const QString& text);
  // From a file manager onto the list of files.
  void drop(QWidget* list, const std::filesystem::path& file);
  // To whoever has the keys.
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
  void write(const QString& text);
  // Tab until the widget of this name has the keys. False when Tab does not come there.
  [[nodiscard]] bool tabTo(const char* name);
  [[nodiscard]] bool isSettled();
  // What the banner says: what happened, what it means, what to do.
  [[nodiscard]] QString message() const;
  void dismissMessages();

  [[nodiscard]] RunReport report(const std::string& run) const;
  [[nodiscard]] bool reaches(const std::string& run, RunState state) const;

 private:
  const std::filesystem::path workspace_;
  Translations translations_;
  std::unique_ptr<Settings> settings_;
  std::unique_ptr<Workbench> workbench_;
  std::unique_ptr<MainWindow> window_;
};

}  // namespace z2::ui
