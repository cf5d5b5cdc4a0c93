#include "ui/pages/new_run/new_run_plan.h"

#include <algorithm>

#include "ui/base/background.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

// Typing is not checked letter by letter.
constexpr int kRestMilliseconds = 120;

}  // namespace

NewRunPlan::NewRunPlan(std::filesystem::path workspace, QObject* parent)
    : QObject(parent),
      workspace_(std::move(workspace)),
      checker_(std::make_shared<PlanChecker>(workspace_)) {
  timer_.setSingleShot(true);
  timer_.setInterval(kRestMilliseconds);
  connect(&timer_, &QTimer::timeout, this, [this] { begin(); });
  connect(&draft_, &SettingsDraft::changed, this, [this] { plan(); });
  begin();
}

void NewRunPlan::refresh() {
  looksAtStock_ = true;
  plan();
}

void NewRunPlan::plan() {
  isDirty_ = true;
  timer_.start();
}

void NewRunPlan::begin() {
  if (isWorking_) return;  // its end begins the next one
  isWorking_ = true;
  isDirty_ = false;
  const bool looks = std::exchange(looksAtStock_, false);
  struct Found {
    std::shared_ptr<const WorkspaceStock> stock;
    PlanCheck check;
  };
  inBackground(
      this,
      [looks, stock = stock_, checker = checker_, workspace = workspace_,
       settings = draft_.settings()] {
        Found found{looks ? std::make_shared<const WorkspaceStock>(lookAtStock(workspace)) : stock,
                    {}};
        found.check = checker->check(settings, *found.stock);
        return found;
      },
      [this](Found found) {
        stock_ = std::move(found.stock);
        check_ = std::move(found.check);
        isWorking_ = false;
        if (!wanted_.isEmpty()) chooseWanted();
        // Where there is one choice only, it need not be made.
        const bool hasChosen = draft_.isSet(QStringLiteral("data.train"));
        if (!isChecked_ && !hasChosen && stock_->data.size() == 1) chooseData(stock_->data.front());
        isChecked_ = true;
        if (isDirty_ && !timer_.isActive()) begin();
        Q_EMIT checked();
      });
}

std::vector<ConfigIssue> NewRunPlan::issuesOf(const std::vector<QString>& keys) const {
  std::vector<ConfigIssue> found;
  for (const ConfigIssue& issue : check_.draft.issues)
    if (std::any_of(keys.begin(), keys.end(),
                    [&](const QString& key) { return toQString(issue.key).startsWith(key); }))
      found.push_back(issue);
  return found;
}

void NewRunPlan::wantData(const QString& wish) {
  wanted_ = wish;
  refresh();
}

void NewRunPlan::chooseWanted() {
  const QString wish = std::exchange(wanted_, {});
  for (const DataSet& set : stock_->data)
    if (set.name == wish || pathText(set.prefix) == wish) return chooseData(set);
  draft_.set(QStringLiteral("data.train"), wish);
}

void NewRunPlan::chooseData(const DataSet& set) {
  const QString prefix = pathText(set.prefix);
  draft_.set(QStringLiteral("data.train"), prefix);
  if (set.hasValidation)
    draft_.set(QStringLiteral("data.valid"), prefix + QStringLiteral(".valid"));
  else
    draft_.reset(QStringLiteral("data.valid"));
  for (const TokenizerEntry& tokenizer : stock().tokenizers)
    if (!tokenizer.hash.empty() && tokenizer.hash == set.manifest.tokenizerSha256)
      draft_.set(QStringLiteral("tokenizer.path"), pathText(tokenizer.path));
  fitVocabulary();
}

void NewRunPlan::fitVocabulary() {
  constexpr int64_t kMultiple = 64;  // is fastest
  const QString key = QStringLiteral("model.vocab_size");
  if (!draft_.text(QStringLiteral("model.init_from")).isEmpty()) return draft_.reset(key);
  const QString chosen = draft_.text(QStringLiteral("data.train"));
  for (const DataSet& set : stock_->data) {
    const int64_t pieces = set.manifest.vocabSize;
    if (pathText(set.prefix) == chosen && pieces > 0)
      draft_.set(key, QString::number((pieces + kMultiple - 1) / kMultiple * kMultiple));
  }
}

}  // namespace z2::ui
