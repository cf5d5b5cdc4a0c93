#pragma once

// A line for a path: typed, chosen in a dialog, or dropped.

#include <QString>
#include <QWidget>

class QLineEdit;
class QPushButton;

namespace z2::ui {

class PathEdit : public QWidget {
  Q_OBJECT

 public:
  // What the button asks for. kPrefix: a .bin file, of which the name without the end is taken.
  enum class Asks { kFile, kFolder, kPrefix };
  PathEdit(Asks asks, QWidget* parent);

  [[nodiscard]] QLineEdit* line() const { return line_; }
  void setStartFolder(const QString& folder) { startFolder_ = folder; }
  // Behind the button that browses.
  void append(QWidget* widget);
  // A file or folder of the disk becomes what this field holds.
  void take(const QString& path);

 Q_SIGNALS:
  void edited(const QString& text);

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void retranslate();
  void browse();

  const Asks asks_;
  QLineEdit* line_;
  QPushButton* browse_;
  QString startFolder_;
};

}  // namespace z2::ui
