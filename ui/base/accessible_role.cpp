#include "ui/base/accessible_role.h"

#include <map>
#include <memory>
#include <string>

#include <QAccessibleWidget>
#include <QWidget>

namespace z2::ui {

namespace {

// Of this process, as Qt's list of factories is; of the GUI thread alone.
std::map<std::string, QAccessible::Role>& roles() {
  static std::map<std::string, QAccessible::Role> known;
  return known;
}

class ToldWidget final : public QAccessibleWidget {
 public:
  using QAccessibleWidget::QAccessibleWidget;
  ~ToldWidget() override = default;
};

QAccessibleInterface* makeInterface(const QString& className, QObject* object) {
  const auto role = roles().find(className.toStdString());
  if (role == roles().end() || !object->isWidgetType()) return nullptr;
  // Qt keeps it and ends it with the widget.
  return std::make_unique<ToldWidget>(static_cast<QWidget*>(object), role->second).release();
}

}  // namespace

void tellRole(const char* className, QAccessible::Role role) {
  if (roles().empty()) QAccessible::installFactory(makeInterface);
  roles().emplace(className, role);
}

}  // namespace z2::ui
