#pragma once

// engine.log from its end, followed while it grows; earlier parts on request, so that a file of any
// size opens at once.

#include <filesystem>
#include <memory>

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace z2::ui {

class LogTab : public QWidget {
  Q_OBJECT

 public:
  explicit LogTab(QWidget* parent);

  void setFile(const std::filesystem::path& file);
  [[nodiscard]] QString text() const;

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  struct Piece {
    QByteArray bytes;
    qint64 begin = 0;
    qint64 end = 0;
    bool isAnew = false;  // the file is another one, or shorter than before
  };
  void retranslate();
  void follow();
  void loadEarlier();
  void take(const Piece& piece, bool isEarlier);
  void find();

  std::filesystem::path file_;
  qint64 begin_ = 0;  // of what is shown
  qint64 end_ = 0;
  bool isReading_ = false;
  QPushButton* earlier_;
  QLineEdit* search_;
  QCheckBox* follows_;
  QPlainTextEdit* view_;
  QLabel* empty_;
  QTimer timer_;
};

}  // namespace z2::ui
