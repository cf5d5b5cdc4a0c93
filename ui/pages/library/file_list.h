#pragma once

// Files that a form works on: dropped, browsed for, or typed; in their order.

#include <QListWidget>
#include <QWidget>

class QLabel;
class QPushButton;

namespace z2::ui {

class FileList : public QWidget {
  Q_OBJECT

 public:
  explicit FileList(QWidget* parent = nullptr);

  [[nodiscard]] QStringList files() const;
  void add(const QStringList& files);  // those that are there already are not added again
  void clear();
  [[nodiscard]] QListWidget* list() const { return list_; }
  // Of the list; all of it is then as high as it needs, whatever the rows around it want.
  void setListHeight(int height);

 Q_SIGNALS:
  void changed();

 protected:
  bool event(QEvent* event) override;
  void changeEvent(QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void retranslate();
  void fit();
  void browse();
  void removeSelected();

  QListWidget* list_;
  QLabel* hint_;
  QPushButton* add_;
  QPushButton* remove_;
  bool isFixed_ = false;
};

}  // namespace z2::ui
