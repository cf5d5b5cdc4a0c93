#include "ui/pages/instructions/key_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>

#include "core/http/keychain.h"
#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kWidth = 480;

}  // namespace

KeyDialog::KeyDialog(const QString& name, QWidget* parent)
    : QDialog(parent),
      name_(child<QLineEdit>(name.isEmpty() ? QStringLiteral("provider") : name, this)),
      key_(child<QLineEdit>(this)),
      state_(child<QLabel>(this)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setObjectName(QStringLiteral("key-dialog"));
  setWindowTitle(tr("Store a key"));
  name_->setObjectName(QStringLiteral("keyName"));
  key_->setObjectName(QStringLiteral("keySecret"));
  state_->setObjectName(QStringLiteral("keyState"));
  key_->setEchoMode(QLineEdit::Password);
  state_->setWordWrap(true);
  auto* column = child<QVBoxLayout>(this);
  column->setSpacing(spacing::kPage);
  auto* about = child<QLabel>(
      tr("The desktop's keychain keeps the key under this name, in place of one that it has "
         "already. The key is written nowhere else."),
      this);
  about->setProperty("role", QStringLiteral("secondary"));
  about->setWordWrap(true);
  auto* form = child<QFormLayout>();
  form->addRow(tr("&Name:"), name_);
  form->addRow(tr("&Key:"), key_);
  column->addWidget(about);
  column->addLayout(form);
  column->addWidget(state_);
  auto* buttons = child<QDialogButtonBox>(QDialogButtonBox::Cancel, this);
  store_ = buttons->addButton(tr("Store"), QDialogButtonBox::ActionRole);
  store_->setObjectName(QStringLiteral("keyStore"));
  store_->setProperty("role", QStringLiteral("primary"));
  store_->setDefault(true);
  column->addWidget(buttons);
  setMinimumWidth(kWidth);
  connect(name_, &QLineEdit::textChanged, this, &KeyDialog::check);
  connect(key_, &QLineEdit::textChanged, this, &KeyDialog::check);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(store_, &QPushButton::clicked, this, &KeyDialog::store);
  (name.isEmpty() ? name_ : key_)->setFocus();
  name_->selectAll();
  check();
  inBackground(
      this, [] { return findKeychainProgram(); },
      [this](const Result<std::filesystem::path>& found) {
        hasProgram_ = found.has_value();
        check();
        if (!found) say(coreText(found.error().text()), "problem");
      });
}

KeyDialog::~KeyDialog() { *stop_ = true; }

void KeyDialog::say(const QString& text, const char* role) {
  state_->setText(text);
  state_->setProperty("role", QString::fromLatin1(role));
  state_->style()->unpolish(state_);
  state_->style()->polish(state_);
  if (isVisible() && height() < heightForWidth(width())) resize(width(), heightForWidth(width()));
}

void KeyDialog::check() {
  const bool isName = checkKeyName(toUtf8(name_->text().trimmed())).has_value();
  const bool isKey = checkedKey(toUtf8(key_->text()), {}).has_value();
  store_->setEnabled(hasProgram_ && !isBusy_ && isName && isKey);
  if (!hasProgram_) return;  // which is said already
  if (!isName)
    say(tr("A name is one word that does not begin with -."), "secondary");
  else if (!isKey && !key_->text().trimmed().isEmpty())
    say(tr("A key is one word of English letters, digits and signs."), "secondary");
  else
    say({}, "secondary");
}

void KeyDialog::setBusy(bool isBusy) {
  isBusy_ = isBusy;
  for (QLineEdit* line : {name_, key_}) line->setEnabled(!isBusy);
  check();
}

void KeyDialog::store() {
  setBusy(true);
  say(tr("The desktop may ask for the password of its keychain."), "secondary");
  const QString name = name_->text().trimmed();
  inBackground(
      this,
      [name = toUtf8(name), key = toUtf8(key_->text().trimmed()), stop = stop_] {
        return storeInKeychain(name, key, [stop] { return stop->load(); });
      },
      [this, name](const Result<void>& done) {
        setBusy(false);
        if (!done) {
          say(coreText(done.error().text()), "problem");
          key_->setFocus();
          return;
        }
        Q_EMIT stored(name);
        accept();
      });
}

}  // namespace z2::ui
