#pragma once

// Widgets and layouts side by side, in as many rows as the width asks for.

#include <memory>
#include <vector>

#include <QLayout>

namespace z2::ui {

class FlowLayout : public QLayout {
 public:
  explicit FlowLayout(int horizontal, int vertical, QWidget* parent = nullptr);
  ~FlowLayout() override;

  void addItem(QLayoutItem* item) override;
  void addLayout(QLayout* layout);
  [[nodiscard]] int count() const override { return static_cast<int>(items_.size()); }
  [[nodiscard]] QLayoutItem* itemAt(int index) const override;
  QLayoutItem* takeAt(int index) override;
  [[nodiscard]] Qt::Orientations expandingDirections() const override { return {}; }
  [[nodiscard]] bool hasHeightForWidth() const override { return true; }
  [[nodiscard]] int heightForWidth(int width) const override {
    return place({0, 0, width, 0}, false);
  }
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSize() const override;
  void setGeometry(const QRect& area) override;

 private:
  // The height that they take; moves them there when that is wanted.
  int place(const QRect& area, bool isMoving) const;

  std::vector<std::unique_ptr<QLayoutItem>> items_;
  const int horizontal_, vertical_;  // between them
};

}  // namespace z2::ui
