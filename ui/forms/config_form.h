#pragma once

// Fields of the schema under each other, by group. Knows no page: what is typed goes into a
// SettingsDraft, what is true about it comes back by show().

#include <functional>
#include <vector>

#include <QWidget>

#include "core/config/run_config.h"
#include "ui/forms/field_row.h"
#include "ui/forms/settings_draft.h"

class QLabel;
class QVBoxLayout;

namespace z2::ui {

class ConfigForm : public QWidget {
  Q_OBJECT

 public:
  // `draft` outlives this. Headings of the groups stand where `hasHeadings`.
  ConfigForm(SettingsDraft& draft, const std::vector<const Field*>& fields, bool hasHeadings,
             QWidget* parent);
  // Below those that there are, in the order given.
  void add(const std::vector<const Field*>& fields);

  // Values of the keys that nobody set, what is wrong, and what can be reset.
  void show(const ConfigDraft& config);
  // Leaves visible what `isShown` says and has the words (empty: all). `isShown` is kept and asked
  // about the rows that are added later, too.
  void filter(const std::function<bool(const Field&)>& isShown, const QString& words);
  [[nodiscard]] FieldRow* row(const QString& key) const;
  [[nodiscard]] int visibleRows() const;

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Heading {
    FieldGroup group;
    QLabel* label;
  };
  void retranslate();
  void showRow(FieldRow& row);
  void showProblem(FieldRow& row);
  void filterRows(size_t from);

  SettingsDraft& draft_;
  const bool hasHeadings_;
  QVBoxLayout* column_;
  std::vector<FieldRow*> rows_;
  std::vector<Heading> headings_;
  ConfigDraft shown_;
  std::function<bool(const Field&)> isShown_;
  QString words_;
};

// Every field of these groups, whatever task has it, in the schema's order.
[[nodiscard]] std::vector<const Field*> fieldsOf(const std::vector<FieldGroup>& groups);

}  // namespace z2::ui
