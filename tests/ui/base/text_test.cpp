#include "ui/base/text.h"

#include <limits>

#include <QtTest>

namespace z2::ui {

class TextTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void countsAreShort() {
    QCOMPARE(shortCount(312), QStringLiteral("312"));
    QCOMPARE(shortCount(1'240'000'000), QStringLiteral("1.24 B"));
    QCOMPARE(shortCount(12'340), QStringLiteral("12.3 k"));
  }
  void numbersKeepFourDigits() {
    QCOMPARE(shortNumber(3.14159), QStringLiteral("3.142"));
    QCOMPARE(shortNumber(654'600), QStringLiteral("655 k"));
    QCOMPARE(shortNumber(0.0002), QStringLiteral("2e-4"));
    QCOMPARE(shortNumber(std::nullopt), QStringLiteral("–"));
    QCOMPARE(shortNumber(std::numeric_limits<double>::quiet_NaN()), QStringLiteral("–"));
  }
  void sizesAndDurationsHaveUnits() {
    QCOMPARE(byteSize(38.24e9), QStringLiteral("38.2 GB"));
    QCOMPARE(duration(45), QStringLiteral("45 s"));
    QCOMPARE(duration(240), QStringLiteral("4 min"));
    QCOMPARE(duration(7500), QStringLiteral("2 h 05 min"));
    QCOMPARE(duration(-1), QStringLiteral("–"));
  }
};

}  // namespace z2::ui

QTEST_GUILESS_MAIN(z2::ui::TextTest)
#include "text_test.moc"
