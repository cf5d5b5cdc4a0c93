#include "app/workbench/sidebar.h"

#include <QButtonGroup>
#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/workbench/page_factory.h"
#include "ui/base/child.h"
#include "ui/theme/theme.h"
#include "ui/widgets/icon.h"

namespace z2::ui {

namespace {

constexpr int kWidth = 168;

QPushButton* rowOf(const Place& place, QWidget* parent) {
  auto* row = child<QPushButton>(parent);
  row->setProperty("role", QStringLiteral("place"));
  row->setCheckable(true);
  row->setIcon(lineIcon(QLatin1String(place.icon)));
  row->setIconSize(QSize(20, 20));
  return row;
}

}  // namespace

Sidebar::Sidebar(const QString& workspace, QWidget* parent)
    : QFrame(parent),
      workspace_(workspace),
      workspaceName_(child<QLabel>(this)),
      group_(child<QButtonGroup>(this)) {
  setObjectName(QStringLiteral("sidebar"));
  setFixedWidth(kWidth);
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, spacing::kPage, 0, spacing::kGrid);
  column->setSpacing(0);
  auto* brand = child<QLabel>(QStringLiteral("Zero2All"), this);
  brand->setProperty("role", QStringLiteral("brand"));
  workspaceName_->setProperty("role", QStringLiteral("secondary"));
  for (QLabel* label : {brand, workspaceName_}) {
    label->setContentsMargins(spacing::kPage, 0, spacing::kGrid, 0);
    column->addWidget(label);
  }
  column->addSpacing(spacing::kPage);
  for (const Place& place : places()) {
    if (place.icon == nullptr) continue;
    if (place.id == PageId::kSettings) column->addStretch(1);
    QPushButton* row = rowOf(place, this);
    rows_[place.id] = row;
    group_->addButton(row, static_cast<int>(place.id));
    column->addWidget(row);
  }
  if (placeOf(PageId::kSettings) == nullptr) column->addStretch(1);
  connect(group_, &QButtonGroup::idClicked, this,
          [this](int id) { Q_EMIT chosen(static_cast<PageId>(id)); });
}

void Sidebar::setCurrent(PageId page) {
  const bool belongsToRuns = page == PageId::kRun || page == PageId::kNewRun;
  const auto row = rows_.find(belongsToRuns ? PageId::kRuns : page);
  if (row != rows_.end()) row->second->setChecked(true);
}

void Sidebar::retranslate() {
  setAccessibleName(tr("Places"));
  const QString name = QDir(workspace_).dirName();
  const QFontMetrics metrics(workspaceName_->font());
  workspaceName_->setText(metrics.elidedText(name, Qt::ElideRight, kWidth - spacing::kSection));
  workspaceName_->setToolTip(tr("Workspace: %1").arg(workspace_));
  int number = 0;
  for (const Place& place : places()) {
    const auto row = rows_.find(place.id);
    if (row == rows_.end()) continue;
    row->second->setText(QLatin1Char(' ') + nameOf(place));
    row->second->setAccessibleName(nameOf(place));
    row->second->setToolTip(tr("%1 (Ctrl+%2)").arg(nameOf(place)).arg(++number));
  }
}

}  // namespace z2::ui
