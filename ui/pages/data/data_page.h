#pragma once

// The workspace's token files: what is in them, document by document; and making new ones.

#include "ui/pages/data/data_summary.h"
#include "ui/pages/page.h"
#include "ui/services/job_service.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTableWidget;
class QTabWidget;

namespace z2::ui {

class DataForm;
class DocumentTab;
class EmptyState;
class EntryList;
class Facts;
class HistogramView;

class DataPage : public Page {
  Q_OBJECT

 public:
  explicit DataPage(Workbench& workbench, QWidget* parent = nullptr);
  void select(const QStringList& names) override;
  void refresh() override { reload(); }
  [[nodiscard]] bool isSettled() const override;

 protected:
  void retranslate() override;
  void showEvent(QShowEvent* event) override;

 private:
  enum View { kEmpty, kLibrary, kForm };
  void makeLibraryView();
  [[nodiscard]] QWidget* makeStatistics();
  void reload();
  void present(const QList<DataSummary>& summaries);
  void showCurrent();
  void showDetail(const DataDetail& detail);
  void showFacts();
  void showView(View view);
  void make();
  void jobEnded(const Job& job);
  [[nodiscard]] const DataSummary* current() const;
  [[nodiscard]] QList<QPair<QString, QString>> factsOf(const DataSummary& summary) const;

  QPushButton* new_;
  QStackedWidget* views_;
  EmptyState* empty_;
  EntryList* list_;
  QLabel* problem_;
  QTabWidget* tabs_;
  Facts* facts_;
  QLabel* lengthsTitle_;
  HistogramView* lengths_;
  DocumentTab* documents_;
  QTableWidget* dropped_;
  DataForm* form_;
  QList<DataSummary> summaries_;
  DataDetail detail_;
  QString wanted_;  // to be chosen once it is there
  int asked_ = 0;
  int shown_ = 0;
  int detailAsked_ = 0;
  int detailShown_ = 0;
};

}  // namespace z2::ui
