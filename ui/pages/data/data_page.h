#pragma once

// The workspace's data: token files, document by document, and instructions that a model wrote; and
// making new ones.

#include "ui/pages/data/data_summary.h"
#include "ui/pages/instructions/instruction_set.h"
#include "ui/pages/library/library_page.h"

class QPushButton;
class QStackedWidget;
class QTimer;

namespace z2::ui {

class DataForm;
class DocumentTab;
class DroppedTab;
class Facts;
class GenerateForm;
class HistogramView;
class InstructionsPane;
class TokenSamples;

// select() takes the name of data, NAME:samples for the tab of its samples (NAME:samples:LENGTH as
// a run with that sequence length sees them), and new:TASK:FILE for the form.
class DataPage : public LibraryPage {
  Q_OBJECT

 public:
  explicit DataPage(Workbench& workbench, QWidget* parent = nullptr);
  void select(const QStringList& names) override;
  [[nodiscard]] bool isSettled() const override;

 protected:
  void retranslate() override;
  void reload() override;
  void showCurrent() override;
  void viewChanged(View view) override;
  void showTitle();

 private:
  void makeTabs();
  void makeStatistics(QWidget* tab);
  void makeForms();
  void choose(QString name);
  void openForm();
  void sayLengths();
  void present();
  void showDetail(const DataSummary& summary, const DataDetail& detail);
  void showFacts();
  void make();
  void makeInstructions(const InstructionSet* more);
  void followWriting();
  void showForm(QWidget* form);
  [[nodiscard]] const DataSummary* current() const;
  [[nodiscard]] const InstructionSet* currentSet() const;
  [[nodiscard]] QList<QPair<QString, QString>> factsOf(const DataSummary& summary) const;

  QPushButton* newInstructions_;
  QPushButton* new_;
  Facts* facts_ = nullptr;  // it and what follows are made in parts
  QLabel* lengthsTitle_ = nullptr;
  HistogramView* lengths_ = nullptr;
  DocumentTab* documents_ = nullptr;
  TokenSamples* samples_ = nullptr;
  DroppedTab* dropped_ = nullptr;
  InstructionsPane* instructions_ = nullptr;
  QStackedWidget* forms_ = nullptr;
  DataForm* form_ = nullptr;
  GenerateForm* generate_ = nullptr;
  QTimer* again_;  // reads anew while tasks are written
  QList<DataSummary> summaries_;
  QList<InstructionSet> sets_;
  DataDetail detail_;
  int detailAsked_ = 0;
  int detailShown_ = 0;
  bool wantsSamples_ = false;  // the tab, once it is known that there is one
};

}  // namespace z2::ui
