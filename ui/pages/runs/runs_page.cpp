#include "ui/pages/runs/runs_page.h"

namespace z2::ui {

RunsPage::RunsPage(Workbench& workbench, QWidget* parent) : Page(workbench, parent) {}

bool RunsPage::isSettled() const { return workbench().runs().hasLooked(); }

void RunsPage::retranslate() { setTitle(tr("Runs")); }

}  // namespace z2::ui
