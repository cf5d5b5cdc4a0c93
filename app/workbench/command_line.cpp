#include "app/workbench/command_line.h"

#include <QCommandLineParser>
#include <QDir>

#include "core/run/workspace.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

std::optional<QSize> parseSize(const QString& text) {
  const QStringList parts = text.split(QLatin1Char('x'));
  if (parts.size() != 2) return std::nullopt;
  const QSize size(parts[0].toInt(), parts[1].toInt());
  if (size.width() < 320 || size.height() < 240 || size.width() > 16384 || size.height() > 16384)
    return std::nullopt;
  return size;
}

}  // namespace

Result<CommandLine> parseCommandLine(const QStringList& arguments) {
  QCommandLineParser parser;
  const auto name = [](const char* text) { return QString::fromLatin1(text); };
  parser.setApplicationDescription(
      name("The workbench: from text to a language model, in one window."));
  parser.addPositionalArgument(name("WORKSPACE"),
                               name("Folder of runs, data, tokenizers and models (default: "
                                    "Z2_WORKSPACE, else ~/Zero2All)"),
                               name("[WORKSPACE]"));
  const QCommandLineOption help({name("h"), name("help")}, name("Show this help"));
  const QCommandLineOption version(name("version"), name("Show the version"));
  const QCommandLineOption page(
      name("page"),
      name("Page to show: runs, run, compare, new, data, tokenizers, models, chat, queue, "
           "settings"),
      name("PAGE"));
  const QCommandLineOption select(name("select"), name("Runs to select, or what the page lists"),
                                  name("RUN,..."));
  const QCommandLineOption language(name("language"), name("en or zh_CN"), name("LANGUAGE"));
  const QCommandLineOption theme(name("theme"), name("light or dark"), name("THEME"));
  const QCommandLineOption size(name("size"), name("Size of the window"), name("1280x800"));
  const QCommandLineOption screenshot(
      name("screenshot"), name("Write a picture of the page and end"), name("FILE.png"));
  parser.addOptions({help, version, page, select, language, theme, size, screenshot});
  if (!parser.parse(QStringList{name("zero2all")} + arguments))
    return usageError(toUtf8(parser.errorText()), "See zero2all --help");

  CommandLine chosen;
  if (parser.isSet(help)) chosen.text = parser.helpText();
  if (parser.isSet(version)) chosen.text = name("zero2all " Z2_VERSION "\n");
  const QStringList positional = parser.positionalArguments();
  if (positional.size() > 1) return usageError("more than one workspace", "Name one folder");
  chosen.isWorkspaceNamed = !positional.isEmpty() || qEnvironmentVariableIsSet("Z2_WORKSPACE");
  const Workspace workspace = Workspace::choose(toUtf8(positional.value(0)));
  chosen.workspace = QDir(pathText(workspace.folder())).absolutePath();
  if (parser.isSet(page)) {
    chosen.page = parsePageId(parser.value(page));
    if (!chosen.page)
      return usageError("there is no page " + toUtf8(parser.value(page)), "See zero2all --help");
  }
  chosen.select = parser.value(select).split(QLatin1Char(','), Qt::SkipEmptyParts);
  if (parser.isSet(language)) {
    chosen.language = parser.value(language);
    if (chosen.language != name("en") && chosen.language != name("zh_CN"))
      return usageError("--language is en or zh_CN");
  }
  if (parser.isSet(theme)) {
    chosen.theme = parseThemeName(parser.value(theme));
    if (chosen.theme == ThemeName::kSystem) return usageError("--theme is light or dark");
  }
  if (parser.isSet(size)) {
    chosen.size = parseSize(parser.value(size));
    if (!chosen.size) return usageError("--size is like 1280x800");
  }
  chosen.screenshot = parser.value(screenshot);
  return chosen;
}

}  // namespace z2::ui
