#include "app/workbench/page_factory.h"

#include "ui/base/child.h"
#include "ui/pages/runs/runs_page.h"

namespace z2::ui {

Page* makePage(PageId id, Workbench& workbench, QWidget* parent) {
  switch (id) {
    default:
      return child<RunsPage>(workbench, parent);
  }
}

}  // namespace z2::ui
