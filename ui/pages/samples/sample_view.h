#pragma once

// One sample token by token: what is trained, read and cut; of a pair the chosen answer beside the
// rejected one; of a record that gives no sample, the record and why.

#include <QWidget>

#include "core/data/conversations/sample_preview.h"
#include "ui/pages/library/piece_view.h"

class QLabel;
class QPlainTextEdit;
class QStackedWidget;

namespace z2::ui {

class PieceLegend;

class SampleView : public QWidget {
  Q_OBJECT

 public:
  explicit SampleView(QWidget* parent = nullptr);

  void showSample(SamplePreview sample);
  // Nothing, and in its place a sentence.
  void clear(const QString& sentence);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  // Over the pieces: which answer it is.
  struct Side {
    QWidget* widget;
    QLabel* title;
    PieceView* pieces;
  };
  Side addSide(const char* name);
  void retranslate();
  void describe();

  QLabel* figures_;
  QLabel* problem_;
  QStackedWidget* views_;
  QWidget* sides_;
  Side chosen_;
  Side rejected_;
  QPlainTextEdit* record_;
  PieceLegend* legend_;
  SamplePreview sample_;
  bool hasSample_ = false;
};

}  // namespace z2::ui
