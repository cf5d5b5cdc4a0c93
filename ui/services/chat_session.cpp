#include "ui/services/chat_session.h"

#include <utility>

#include "ui/base/child.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

constexpr int kBetweenChanges = 100;  // ms

ChatMessage messageOf(const char* role, const QString& text) {
  ChatMessage message;
  message.role = role;
  message.content = toUtf8(text);
  return message;
}

// An answer does not begin with what only parts it from the question.
QString withoutLeadingSpace(const QString& text) {
  qsizetype begin = 0;
  while (begin < text.size() && text.at(begin).isSpace()) ++begin;
  return text.mid(begin);
}

}  // namespace

ChatSession::ChatSession(QObject* parent) : QObject(parent) {
  told_.setSingleShot(true);
  told_.setInterval(kBetweenChanges);
  connect(&told_, &QTimer::timeout, this, [this] {
    if (writing_) Q_EMIT answerChanged(writing_->turn, writing_->side);
  });
  for (TextGenerator*& generator : generators_) {
    generator = child<TextGenerator>(this);
    connect(generator, &TextGenerator::ready, this, [this](const ReadPrompt& prompt) {
      writing().state = ChatAnswer::State::kWriting;
      writing().prompt = prompt;
      tellChange();
    });
    connect(generator, &TextGenerator::wrote, this, [this](const QString& text, int id) {
      ChatAnswer& answer = writing();
      answer.text += answer.text.isEmpty() ? withoutLeadingSpace(text) : text;
      if (id >= 0) answer.ids.push_back(id);
      tellChange();
    });
    connect(generator, &TextGenerator::ended, this, [this](const GenerationEnd& end) {
      writing().state = ChatAnswer::State::kDone;
      writing().end = end;
      finish();
    });
    connect(generator, &TextGenerator::failed, this, [this](const Error& error) {
      writing().state = ChatAnswer::State::kFailed;
      writing().error = error;
      finish();
    });
  }
}

void ChatSession::setPartner(size_t side, const ChatPartner& partner) {
  partners_.at(side) = partner;
}

void ChatSession::ask(const QString& question) {
  if (isBusy() || partners_[0].model.empty()) return;
  turns_.push_back({.question = question});
  answerLast();
}

void ChatSession::answerAgain() {
  if (isBusy() || turns_.empty() || partners_[0].model.empty()) return;
  ++turns_.back().attempt;
  answerLast();
}

void ChatSession::answerBy(size_t side) {
  if (isBusy() || turns_.empty() || partners_.at(side).model.empty()) return;
  turns_.back().answers.at(side) = {.state = ChatAnswer::State::kWaiting};
  waiting_ = {side};
  next();
}

void ChatSession::editQuestion(size_t turn, const QString& question) {
  if (isBusy() || turn >= turns_.size()) return;
  turns_.resize(turn);
  ask(question);
}

void ChatSession::editAnswer(size_t turn, size_t side, const QString& text) {
  if (isBusy() || turn >= turns_.size()) return;
  turns_.resize(turn + 1);
  ChatAnswer& answer = turns_[turn].answers.at(side);
  answer.text = text;
  answer.state = ChatAnswer::State::kDone;
  answer.isEdited = true;
  answer.prompt = {};
  answer.ids.clear();
  answer.end = {};
  answer.error.reset();
  Q_EMIT turnsChanged();
}

void ChatSession::setTurns(std::vector<ChatTurn> turns) {
  if (isBusy()) return;
  turns_ = std::move(turns);
  Q_EMIT turnsChanged();
}

void ChatSession::stop() {
  if (!isBusy()) return;
  for (const size_t side : waiting_) {
    ChatAnswer& answer = turns_.back().answers.at(side);
    answer.state = ChatAnswer::State::kDone;
    answer.end.reason = QStringLiteral("interrupted");
    Q_EMIT answerChanged(turns_.size() - 1, side);
  }
  waiting_.clear();
  generators_.at(writing_->side)->stop();
}

void ChatSession::answerLast() {
  for (size_t side = 0; side < kChatSides; ++side) {
    turns_.back().answers.at(side) = {};
    if (partners_.at(side).model.empty()) continue;
    turns_.back().answers.at(side).state = ChatAnswer::State::kWaiting;
    waiting_.push_back(side);
  }
  Q_EMIT turnsChanged();
  next();
}

void ChatSession::next() {
  const bool wasBusy = isBusy();
  writing_.reset();
  if (!waiting_.empty()) {
    const Place place{.turn = turns_.size() - 1, .side = waiting_.front()};
    waiting_.erase(waiting_.begin());
    writing_ = place;
    begin(place);
  }
  if (wasBusy != isBusy()) Q_EMIT busyChanged(isBusy());
}

void ChatSession::begin(const Place& place) {
  const ChatPartner& partner = partners_.at(place.side);
  ChatAnswer& answer = writing();
  answer.state = ChatAnswer::State::kLoading;
  answer.name = partner.name;
  // Another one each turn, or the same question would always have the same answer.
  answer.seed = options_.sampling.seed + place.turn + static_cast<uint64_t>(turns_.back().attempt);
  GenerationOptions options = options_;
  options.engine.model = partner.model;
  options.sampling.seed = answer.seed;
  generators_.at(place.side)
      ->start(options,
              {.text = {}, .messages = messages(place), .chatTemplate = partner.chatTemplate});
  Q_EMIT answerChanged(place.turn, place.side);
}

void ChatSession::finish() {
  const Place place = *writing_;
  told_.stop();
  Q_EMIT answerChanged(place.turn, place.side);
  next();
}

const ChatAnswer& ChatSession::toldAnswer(const ChatTurn& turn, size_t side) {
  const ChatAnswer& own = turn.answers.at(side);
  return own.state == ChatAnswer::State::kNone ? turn.answers.at(1 - side) : own;
}

std::vector<ChatMessage> ChatSession::messages(const Place& place) const {
  std::vector<ChatMessage> all;
  if (!system_.trimmed().isEmpty()) all.push_back(messageOf("system", system_));
  for (size_t i = 0; i < place.turn; ++i) {
    all.push_back(messageOf("user", turns_[i].question));
    all.push_back(messageOf("assistant", toldAnswer(turns_[i], place.side).text));
  }
  all.push_back(messageOf("user", turns_[place.turn].question));
  return all;
}

QString ChatSession::transcript(size_t side) const {
  QStringList lines;
  if (!system_.trimmed().isEmpty()) lines << tr("System: %1").arg(system_);
  for (const ChatTurn& turn : turns_) {
    const ChatAnswer& answer = toldAnswer(turn, side);
    lines << tr("You: %1").arg(turn.question)
          << QStringLiteral("%1: %2").arg(answer.name, answer.text);
  }
  return lines.join(QStringLiteral("\n\n"));
}

void ChatSession::tellChange() {
  if (!told_.isActive()) told_.start();
}

}  // namespace z2::ui
