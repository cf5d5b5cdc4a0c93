#include "ui/charts/chart_menu.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QMenu>

#include "ui/base/text.h"
#include "ui/charts/csv_export.h"
#include "ui/charts/curve_view.h"

namespace z2::ui {

namespace {

QString text(const char* source) { return QCoreApplication::translate("ChartMenu", source); }

QString askFile(CurveView& view, const QString& ending) {
  QString name = view.title();
  name.replace(QLatin1Char('/'), QLatin1Char('-'));
  return QFileDialog::getSaveFileName(&view, text(QT_TRANSLATE_NOOP("ChartMenu", "Export chart")),
                                      name + ending, QLatin1Char('*') + ending);
}

void report(bool isWritten, const QString& file, const std::function<void(const Error&)>& failed) {
  if (isWritten) return;
  failed(environmentError(toUtf8(file), "the picture cannot be written",
                          "Choose a folder that you may write to and that has space")
             .value());
}

}  // namespace

void showChartMenu(CurveView& view, ChartGroup& group, const QPoint& globalPosition,
                   const std::function<void(const Error&)>& failed) {
  QMenu menu(&view);
  const auto add = [&](const char* label, const std::function<void()>& action) {
    QObject::connect(menu.addAction(text(label)), &QAction::triggered, &view, action);
  };
  add(QT_TRANSLATE_NOOP("ChartMenu", "Export as PNG…"), [&] {
    const QString file = askFile(view, QStringLiteral(".png"));
    if (!file.isEmpty()) report(view.savePng(file, 2), file, failed);
  });
  add(QT_TRANSLATE_NOOP("ChartMenu", "Export as SVG…"), [&] {
    const QString file = askFile(view, QStringLiteral(".svg"));
    if (!file.isEmpty()) report(view.saveSvg(file), file, failed);
  });
  const auto exportCsv = [&](const std::optional<AxisRange>& x) {
    const QString file = askFile(view, QStringLiteral(".csv"));
    if (file.isEmpty()) return;
    const auto done = writeCsv(toPath(file), view.items(), group.options().xAxis, x);
    if (!done) failed(done.error());
  };
  add(QT_TRANSLATE_NOOP("ChartMenu", "Export all points as CSV…"), [&] { exportCsv({}); });
  add(QT_TRANSLATE_NOOP("ChartMenu", "Export the visible points as CSV…"),
      [&] { exportCsv(group.shown()); });
  menu.addSeparator();
  add(QT_TRANSLATE_NOOP("ChartMenu", "Logarithmic axis"), [&] { view.setLogY(true); });
  add(QT_TRANSLATE_NOOP("ChartMenu", "Linear axis"), [&] { view.setLogY(false); });
  add(QT_TRANSLATE_NOOP("ChartMenu", "Show the whole run"), [&] { group.showAll(); });
  menu.exec(globalPosition);
}

}  // namespace z2::ui
