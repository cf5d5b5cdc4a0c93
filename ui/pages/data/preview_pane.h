#pragma once

// The records of the chosen files, page by page, as the choices of the form turn them into text.

#include <vector>

#include <QWidget>

#include "ui/pages/data/record_preview.h"

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSplitter;
class QTableWidget;

namespace z2::ui {

class PreviewPane : public QWidget {
  Q_OBJECT

 public:
  explicit PreviewPane(QWidget* parent = nullptr);

  void setFiles(const QStringList& files);
  // How records become text; the page that is shown is read anew.
  void setChoice(TextUnit unit, const FieldChoice& choice);
  [[nodiscard]] bool isSettled() const { return asked_ == shown_; }

 Q_SIGNALS:
  void fieldsFound(const QStringList& fields);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void begin();  // at the first page of the chosen file
  void load();
  void present(const PreviewPage& page);
  void showRecord();

  QComboBox* file_;
  QPushButton* previous_;
  QPushButton* next_;
  QLabel* where_;
  QSplitter* splitter_;
  QTableWidget* table_;
  QPlainTextEdit* text_;
  TextUnit unit_ = TextUnit::kParagraph;
  FieldChoice choice_;
  std::vector<PageStart> starts_;  // of the pages up to the one shown
  PreviewPage page_;
  int asked_ = 0;
  int shown_ = 0;
};

}  // namespace z2::ui
