#include "ui/pages/tokenizers/vocabulary_tab.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QTableView>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

VocabularyTab::VocabularyTab(QWidget* parent)
    : QWidget(parent),
      model_(child<VocabularyModel>(this)),
      search_(child<QLineEdit>(this)),
      count_(child<QLabel>(this)),
      table_(child<QTableView>(this)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 12, 0, 0);
  column->setSpacing(spacing::kGrid);
  auto* row = child<QHBoxLayout>();
  search_->setObjectName(QStringLiteral("vocabularySearch"));
  search_->setProperty("role", QStringLiteral("search"));
  search_->setClearButtonEnabled(true);
  search_->setFixedWidth(240);
  count_->setProperty("role", QStringLiteral("secondary"));
  row->addWidget(search_);
  row->addWidget(count_, 1);
  column->addLayout(row);
  table_->setObjectName(QStringLiteral("vocabularyTable"));
  table_->setModel(model_);
  table_->setShowGrid(false);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(26);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setSectionResizeMode(VocabularyModel::kPiece, QHeaderView::Stretch);
  column->addWidget(table_, 1);
  connect(search_, &QLineEdit::textChanged, this, &VocabularyTab::search);
  retranslate();
}

void VocabularyTab::setTokenizer(std::shared_ptr<const Tokenizer> tokenizer) {
  if (tokenizer == tokenizer_) return;
  tokenizer_ = std::move(tokenizer);
  vocabulary_.reset();
  model_->show(nullptr, {});
  if (isVisible()) load();
}

void VocabularyTab::load() {
  if (tokenizer_ == nullptr || vocabulary_ != nullptr) return;
  const int number = ++asked_;
  inBackground(
      this, [tokenizer = tokenizer_] { return vocabularyOf(*tokenizer); },
      [this, number](std::shared_ptr<const Vocabulary> vocabulary) {
        if (number != asked_) return;
        vocabulary_ = std::move(vocabulary);
        search();
      });
}

void VocabularyTab::search() {
  if (vocabulary_ == nullptr) return;
  const int number = ++asked_;
  inBackground(
      this,
      [vocabulary = vocabulary_, text = search_->text()] {
        return searchVocabulary(*vocabulary, text);
      },
      [this, number](std::vector<int32_t> ids) {
        if (number != asked_) return;
        shown_ = number;
        count_->setText(
            tr("%1 of %2 pieces")
                .arg(QLocale().toString(static_cast<qulonglong>(ids.size())),
                     QLocale().toString(static_cast<qulonglong>(vocabulary_->texts.size()))));
        model_->show(vocabulary_, std::move(ids));
      });
}

void VocabularyTab::retranslate() {
  search_->setPlaceholderText(tr("Search by text or id"));
  search_->setAccessibleName(tr("Search pieces"));
  table_->setAccessibleName(tr("Vocabulary"));
  model_->retranslate();
}

void VocabularyTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    retranslate();
    search();
  }
  QWidget::changeEvent(event);
}

void VocabularyTab::showEvent(QShowEvent* event) {
  load();
  QWidget::showEvent(event);
}

}  // namespace z2::ui
