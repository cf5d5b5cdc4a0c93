// zero2all: the window. Never links LibTorch; every long job is a process of its own.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <QApplication>
#include <QElapsedTimer>
#include <QTimer>

#include "app/workbench/command_line.h"
#include "app/workbench/main_window.h"
#include "app/workbench/translations.h"
#include "ui/base/text.h"
#include "ui/services/workbench.h"

namespace {

using namespace z2;
using namespace z2::ui;

// Writes the picture once the page has settled (or after ten seconds) and ends the program.
void takeScreenshot(MainWindow& window, const QString& file) {
  auto* timer = std::make_unique<QTimer>(&window).release();
  auto patience = std::make_shared<QElapsedTimer>();
  patience->start();
  QObject::connect(timer, &QTimer::timeout, &window, [&window, file, patience] {
    if (patience->elapsed() < 300 || (!window.isSettled() && patience->elapsed() < 10'000)) return;
    const bool isWritten = window.grab().save(file);
    if (!isWritten) std::fprintf(stderr, "zero2all: %s cannot be written\n", qUtf8Printable(file));
    QCoreApplication::exit(isWritten ? 0 : 4);
  });
  timer->start(100);
}

// Qt ends a program without a display by abort(); here it says what to do instead.
void sayWhyNot(QtMsgType type, const QMessageLogContext&, const QString& text) {
  if (type != QtFatalMsg) return;
  std::fputs(
      "zero2all: there is no display to open a window on. z2all does everything in the terminal "
      "(z2all --help); over SSH, ssh -X brings the window to you.\n",
      stderr);
  if (qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY"))
    std::fprintf(stderr, "%s\n", qUtf8Printable(text));
  std::_Exit(exitStatus(ErrorCode::kEnvironment));
}

// Whether the answer is a text, which needs no display.
bool wantsText(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](std::string_view argument) {
    return argument == "--help" || argument == "-h" || argument == "--version";
  });
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication::setApplicationName(QStringLiteral("zero2all"));
  if (wantsText(argc, argv)) {
    const QCoreApplication application(argc, argv);
    const auto chosen = parseCommandLine(QCoreApplication::arguments().mid(1));
    std::fputs(chosen ? qUtf8Printable(chosen->text) : chosen.error().text().c_str(), stdout);
    return chosen ? 0 : exitStatus(chosen.error().code);
  }
  const QtMessageHandler usual = qInstallMessageHandler(sayWhyNot);
  QApplication application(argc, argv);
  qInstallMessageHandler(usual);
  auto chosen = parseCommandLine(QCoreApplication::arguments().mid(1));
  if (!chosen) {
    std::fprintf(stderr, "zero2all: %s\n", chosen.error().text().c_str());
    return exitStatus(chosen.error().code);
  }
  Settings settings;
  if (!chosen->isWorkspaceNamed)  // the one that was chosen on the settings page, if any
    chosen->workspace = settings.value(QStringLiteral("workspace"), chosen->workspace).toString();
  Translations translations;
  translations.use(chosen->language.value_or(settings.language()));
  applyTheme(application, chosen->theme.value_or(settings.theme()));
  QObject::connect(&settings, &Settings::languageChanged, &application,
                   [&](const QString& language) { translations.use(language); });
  QObject::connect(&settings, &Settings::themeChanged, &application,
                   [&](ThemeName theme) { applyTheme(application, theme); });

  Workbench workbench(Workspace(toPath(chosen->workspace)), settings);
  MainWindow window(workbench);
  if (chosen->size) window.resize(*chosen->size);
  window.showPage(chosen->page.value_or(PageId::kRuns), chosen->select);
  window.show();
  if (!chosen->screenshot.isEmpty()) takeScreenshot(window, chosen->screenshot);
  return QApplication::exec();
}
