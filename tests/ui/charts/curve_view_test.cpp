// The chart driven as a person does, and what it draws read back from its picture.

#include "ui/charts/curve_view.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include <QMouseEvent>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/io/files.h"
#include "ui/base/text.h"
#include "ui/charts/axis_ticks.h"
#include "ui/charts/csv_export.h"

namespace z2::ui {

class CurveViewTest : public QObject {
  Q_OBJECT

 private:
  std::shared_ptr<CurveSource> makeSource(int rows, const std::function<std::string(int)>& loss) {
    const auto file = toPath(folder_.filePath(QStringLiteral("m%1.jsonl").arg(++files_)));
    std::ofstream out(file);
    for (int i = 0; i < rows; ++i)
      out << "{\"seq\":" << i << ",\"attempt\":1,\"step\":" << i + 1 << ",\"time\":" << 1000 + i
          << ",\"tokens\":" << (i + 1) * 100 << ",\"loss\":" << loss(i) << "}\n";
    out.close();
    auto source = std::make_shared<CurveSource>(file, std::filesystem::path());
    [[maybe_unused]] const auto done = source->poll();
    return source;
  }
  static CurveItem item(std::shared_ptr<const CurveSource> source) {
    return {.source = std::move(source),
            .metric = "loss",
            .label = QStringLiteral("loss"),
            .color = QColor(255, 0, 0)};
  }
  // Pixels that are plainly red in the plot.
  static int redPixels(const QImage& image, const QRectF& plot) {
    int count = 0;
    for (int y = static_cast<int>(plot.top()); y < static_cast<int>(plot.bottom()); ++y)
      for (int x = static_cast<int>(plot.left()); x < static_cast<int>(plot.right()); ++x) {
        const QColor at = image.pixelColor(x, y);
        count += at.red() > 200 && at.green() < 140 ? 1 : 0;
      }
    return count;
  }

  QTemporaryDir folder_;
  int files_ = 0;

 private Q_SLOTS:
  void aSpikeAmongAHundredThousandPointsIsDrawn() {
    const auto source = makeSource(
        100'000, [](int i) { return i == 54'321 ? std::string("9") : std::string("1"); });
    ChartGroup group;
    CurveView view(group);
    view.resize(700, 300);
    view.setItems({item(source)});
    group.setWhole(*rangeOf(*source, XAxis::kStep));
    view.show();
    const QImage image = view.grab().toImage();
    const CurveFrame& frame = view.frame();
    const int x = static_cast<int>(frame.pixelOfX(54'322));
    const int top = static_cast<int>(frame.pixelOfY(8));
    int red = 0;
    for (int dx = -2; dx <= 2; ++dx) red += image.pixelColor(x + dx, top).green() < 200 ? 1 : 0;
    QVERIFY(red > 0);
    QVERIFY(redPixels(image, frame.plot) > frame.plot.width());
  }

  void zoomingMovingAndComingBackWhileRowsArrive() {
    const auto source = makeSource(1000, [](int i) { return std::to_string(5.0 - i * 0.004); });
    ChartGroup group;
    CurveView view(group);
    view.resize(700, 300);
    view.setItems({item(source)});
    group.setWhole({1, 1000});
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.grab();
    QSignalSpy live(&group, &ChartGroup::liveChanged);
    const QRectF plot = view.frame().plot;
    const auto at = [&](double fx, double fy) {
      return QPoint(static_cast<int>(plot.left() + fx * plot.width()),
                    static_cast<int>(plot.top() + fy * plot.height()));
    };
    QTest::mousePress(&view, Qt::LeftButton, {}, at(0.25, 0.5));
    QTest::mouseMove(&view, at(0.4, 0.5));
    QTest::mouseRelease(&view, Qt::LeftButton, {}, at(0.5, 0.5));
    QVERIFY(std::abs(group.shown().begin - 251) < 5);
    QVERIFY(std::abs(group.shown().end - 500) < 5);
    QVERIFY(!group.isLive());
    QCOMPARE(live.count(), 1);
    const AxisRange before = group.shown();
    group.setWhole({1, 2000});  // rows arrive; what is looked at stays
    QCOMPARE(group.shown().begin, before.begin);
    QTest::keyClick(&view, Qt::Key_Plus);
    QVERIFY(group.shown().span() < before.span());
    QTest::keyClick(&view, Qt::Key_End);
    QVERIFY(group.isLive());
    QCOMPARE(group.shown().end, 2000.0);
    group.setWhole({1, 2500});  // follows
    QCOMPARE(group.shown().end, 2500.0);
    QTest::keyClick(&view, Qt::Key_Home);
    QCOMPARE(group.shown().begin, 1.0);
    QTest::mouseDClick(&view, Qt::LeftButton, {}, at(0.5, 0.5));
    QVERIFY(group.showsAll());
  }

  void theCrosshairReadsValuesAndIsLinked() {
    const auto source =
        makeSource(100, [](int i) { return i == 49 ? std::string("null") : std::to_string(i); });
    ChartGroup group;
    QWidget window;
    CurveView view(group, &window);
    CurveView other(group, &window);
    view.setGeometry(0, 0, 700, 300);
    other.setGeometry(0, 300, 700, 300);
    for (CurveView* each : {&view, &other}) each->setItems({item(source)});
    window.resize(700, 600);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    group.setWhole({1, 100});
    window.grab();
    QTRY_VERIFY(group.isSettled());
    const QPointF pointer(view.frame().pixelOfX(31), 100);
    QMouseEvent move(QEvent::MouseMove, pointer, view.mapToGlobal(pointer), Qt::NoButton,
                     Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&view, &move);
    QVERIFY(group.crosshair().has_value());
    const auto readings = other.readingsAt(*group.crosshair());
    QCOMPARE(readings.size(), size_t{1});
    QCOMPARE(readings.front().x, 31.0);
    QCOMPARE(readings.front().y, 30.0);
    // What it says hides a small part of the curves.
    for (CurveView* each : {&view, &other})
      QVERIFY(redPixels(each->grab().toImage(), each->frame().plot) < 20 * each->width());
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(*group.crosshair(), 32.0);
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("31")));
  }

  void aLogarithmicAxisKeepsCurvesWithZeros() {
    const auto source = makeSource(1000, [](int i) {
      return i % 100 == 0 ? std::string("0") : std::to_string(std::pow(10, -i / 250));
    });
    ChartGroup group;
    group.setOptions({.isLogY = true});
    CurveView view(group);
    view.resize(700, 300);
    view.setItems({item(source)});
    group.setWhole({1, 1000});
    view.show();
    const QImage image = view.grab().toImage();
    QVERIFY(redPixels(image, view.frame().plot) > 500);
    QVERIFY(view.frame().y.begin < -2 && view.frame().y.begin > -4);
  }

  void exportsHoldTheCurve() {
    const auto source =
        makeSource(50, [](int i) { return i == 7 ? std::string("null") : std::to_string(i); });
    ChartGroup group;
    CurveView view(group);
    view.resize(700, 300);
    view.setTitle(QStringLiteral("loss"));
    view.setItems({item(source)});
    group.setWhole({1, 50});
    const QString png = folder_.filePath(QStringLiteral("a.png"));
    const QString svg = folder_.filePath(QStringLiteral("a.svg"));
    QVERIFY(view.savePng(png, 2));
    QCOMPARE(QImage(png).size(), QSize(1400, 600));
    QVERIFY(view.saveSvg(svg));
    QVERIFY(readFile(toPath(svg)).value().find("<polyline") != std::string::npos);
    const auto csv = toPath(folder_.filePath(QStringLiteral("a.csv")));
    QVERIFY(writeCsv(csv, view.items(), XAxis::kStep, AxisRange{5, 9}));
    QCOMPARE(readFile(csv).value(),
             std::string("run,metric,step,tokens,time,value,smoothed\n"
                         "loss,loss,5,500,1004.000,4,\nloss,loss,6,600,1005.000,5,\n"
                         "loss,loss,7,700,1006.000,6,\nloss,loss,8,800,1007.000,nan,\n"
                         "loss,loss,9,900,1008.000,8,\n"));
    QVERIFY(!view.savePng(QStringLiteral("/nowhere/a.png"), 1));
    QVERIFY(!view.saveSvg(QStringLiteral("/nowhere/a.svg")));
  }

  void ticksAreRoundAndShort() {
    const auto texts = [](const std::vector<AxisTick>& ticks) {
      QStringList all;
      for (const AxisTick& tick : ticks) all.append(tick.text);
      return all.join(QLatin1Char(' '));
    };
    QCOMPARE(texts(linearTicks(0, 1000, 5)), QStringLiteral("0 200 400 600 800 1k"));
    QCOMPARE(texts(linearTicks(0, 4.2e6, 4)), QStringLiteral("0 2M 4M"));
    QCOMPARE(texts(linearTicks(0, 6e-4, 4)), QStringLiteral("0 2e-4 4e-4 6e-4"));
    QCOMPARE(texts(linearTicks(2.31, 2.36, 5)), QStringLiteral("2.31 2.32 2.33 2.34 2.35 2.36"));
    QCOMPARE(texts(logTicks(-4, 0, 6)), QStringLiteral("1e-4 0.001 0.01 0.1 1"));
    QCOMPARE(texts(timeTicks(0, 7200, 4)), QStringLiteral("0 s 30 min 1h00 1h30 2h00"));
    QVERIFY(linearTicks(1, 1, 5).empty());
    QVERIFY(linearTicks(0, std::nan(""), 5).empty());
  }
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::CurveViewTest)
#include "curve_view_test.moc"
