#include "app/workbench/page_factory.h"

#include <algorithm>
#include <array>

#include <QCoreApplication>

#include "ui/base/child.h"
#include "ui/pages/chat/chat_page.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/pages/data/data_page.h"
#include "ui/pages/models/models_page.h"
#include "ui/pages/new_run/new_run_page.h"
#include "ui/pages/queue/queue_page.h"
#include "ui/pages/run/run_page.h"
#include "ui/pages/runs/runs_page.h"
#include "ui/pages/settings/settings_page.h"
#include "ui/pages/tokenizers/tokenizers_page.h"

namespace z2::ui {

namespace {

template <typename PageClass>
Page* make(Workbench& workbench, QWidget* parent) {
  return child<PageClass>(workbench, parent);
}

constexpr auto kPlaces = std::to_array<Place>({
    {PageId::kRuns, QT_TRANSLATE_NOOP("Places", "Runs"), "runs", make<RunsPage>},
    {PageId::kRun, QT_TRANSLATE_NOOP("Places", "Run"), nullptr, make<RunPage>},
    {PageId::kNewRun, QT_TRANSLATE_NOOP("Places", "New run"), nullptr, make<NewRunPage>},
    {PageId::kCompare, QT_TRANSLATE_NOOP("Places", "Compare"), "compare", make<ComparePage>},
    {PageId::kData, QT_TRANSLATE_NOOP("Places", "Data"), "data", make<DataPage>},
    {PageId::kTokenizers, QT_TRANSLATE_NOOP("Places", "Tokenizers"), "tokenizers",
     make<TokenizersPage>},
    {PageId::kModels, QT_TRANSLATE_NOOP("Places", "Models"), "models", make<ModelsPage>},
    {PageId::kChat, QT_TRANSLATE_NOOP("Places", "Chat"), "chat", make<ChatPage>},
    {PageId::kQueue, QT_TRANSLATE_NOOP("Places", "Queue"), "queue", make<QueuePage>},
    {PageId::kSettings, QT_TRANSLATE_NOOP("Places", "Settings"), "settings", make<SettingsPage>},
});

}  // namespace

std::span<const Place> places() { return kPlaces; }

const Place* placeOf(PageId id) {
  const auto found =
      std::find_if(kPlaces.begin(), kPlaces.end(), [id](const Place& p) { return p.id == id; });
  return found == kPlaces.end() ? nullptr : &*found;
}

QString nameOf(const Place& place) { return QCoreApplication::translate("Places", place.name); }

}  // namespace z2::ui
