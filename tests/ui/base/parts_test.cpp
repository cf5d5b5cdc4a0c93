// Parts of a page: their order, and that other events come in between.

#include "ui/base/parts.h"

#include <QTest>

namespace z2::ui {

class PartsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    parts_ = std::make_unique<Parts>();
    done_.clear();
  }
  void cleanup() { parts_.reset(); }

  void nothingIsBuiltAtOnce() {
    QVERIFY(parts_->isBuilt());
    parts_->add(says("a"));
    parts_->add(says("b"));
    QVERIFY(done_.isEmpty());
    QVERIFY(!parts_->isBuilt());
    QTRY_VERIFY(parts_->isBuilt());
    QCOMPARE(done_, QStringLiteral("ab"));
  }

  void whatAPartAddsComesRightBehindIt() {
    parts_->add([this] {
      done_ += QLatin1Char('a');
      parts_->add([this] {
        done_ += QLatin1Char('1');
        parts_->add(says("!"));
      });
      parts_->add(says("2"));
    });
    parts_->add(says("b"));
    QTRY_VERIFY(parts_->isBuilt());
    QCOMPARE(done_, QStringLiteral("a1!2b"));
  }

  void callsWaitForTheLastPart() {
    parts_->whenBuilt(says("-"));
    QCOMPARE(done_, QStringLiteral("-"));
    parts_->add([this] {
      done_ += QLatin1Char('a');
      parts_->whenBuilt(says("x"));  // it is not built before it returns
    });
    parts_->whenBuilt([this] {
      done_ += QLatin1Char('y');
      parts_->whenBuilt(says("z"));
    });
    parts_->add(says("b"));
    QCOMPARE(done_, QStringLiteral("-"));
    QTRY_VERIFY(parts_->isBuilt());
    QCOMPARE(done_, QStringLiteral("-abyxz"));
  }

  void otherEventsComeInBetween() {
    for (int i = 0; i < 3; ++i)
      parts_->add([this] {
        done_ += QLatin1Char('p');
        QMetaObject::invokeMethod(this, says("e"), Qt::QueuedConnection);
      });
    QTRY_COMPARE(done_.size(), 6);
    QCOMPARE(done_, QStringLiteral("pepepe"));
  }

  void oneThatIsGoneBuildsNothing() {
    parts_->add(says("a"));
    parts_.reset();
    QTest::qWait(20);
    QVERIFY(done_.isEmpty());
  }

 private:
  Parts::Call says(const char* text) {
    return [this, text] { done_ += QLatin1String(text); };
  }

  std::unique_ptr<Parts> parts_;
  QString done_;
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::PartsTest)
#include "parts_test.moc"
