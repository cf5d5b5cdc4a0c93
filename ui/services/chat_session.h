#pragma once

// A conversation with one model, or with two side by side: both are asked the same with the same
// seed, one after the other, so that their speeds can be compared. Each goes on from its own
// answers.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include <QObject>
#include <QString>
#include <QTimer>

#include "ui/services/text_generator.h"

namespace z2::ui {

inline constexpr size_t kChatSides = 2;

// Who answers. An empty path: nobody.
struct ChatPartner {
  std::string model;  // what describeModel takes
  QString name;
  std::string chatTemplate = {};  // as ConversationFormat::find takes it
  friend bool operator==(const ChatPartner&, const ChatPartner&) = default;
};

struct ChatAnswer {
  enum class State { kNone, kWaiting, kLoading, kWriting, kDone, kFailed };
  State state = State::kNone;
  QString name = {};  // who answered
  QString text = {};
  uint64_t seed = 0;
  ReadPrompt prompt = {};         // from kWriting on, unless the text was edited
  std::vector<int32_t> ids = {};  // that were drawn
  GenerationEnd end = {};
  std::optional<Error> error = {};  // kFailed
  bool isEdited = false;
};

struct ChatTurn {
  QString question;
  int attempt = 0;  // how often it was answered anew
  std::array<ChatAnswer, kChatSides> answers = {};
};

class ChatSession : public QObject {
  Q_OBJECT

 public:
  explicit ChatSession(QObject* parent = nullptr);

  // Of the answers to come. The second side may be nobody.
  void setPartner(size_t side, const ChatPartner& partner);
  [[nodiscard]] const ChatPartner& partner(size_t side) const { return partners_.at(side); }
  void setSystem(const QString& text) { system_ = text; }
  // Sampling and longest answer; the engine's model is the partner's.
  void setOptions(const GenerationOptions& options) { options_ = options; }

  [[nodiscard]] const std::vector<ChatTurn>& turns() const { return turns_; }
  [[nodiscard]] bool isBusy() const { return writing_.has_value(); }

  // The rest does nothing while it is busy.
  void ask(const QString& question);
  void answerAgain();          // the last question, with the next seed
  void answerBy(size_t side);  // the last question, by this side alone
  // The question of a turn; what followed is gone, and it is answered.
  void editQuestion(size_t turn, const QString& question);
  // An answer as it should have been; what followed is gone.
  void editAnswer(size_t turn, size_t side, const QString& text);
  // Empties the conversation, or brings back what was there.
  void setTurns(std::vector<ChatTurn> turns);

  void stop();  // what was written so far stays

  // The conversation as text: who says what.
  [[nodiscard]] QString transcript(size_t side) const;
  // What a side is told of an earlier turn: its own answer, else the other's.
  [[nodiscard]] static const ChatAnswer& toldAnswer(const ChatTurn& turn, size_t side);

 Q_SIGNALS:
  void turnsChanged();                           // there are others, or more, or fewer
  void answerChanged(size_t turn, size_t side);  // ten times a second at most
  void busyChanged(bool isBusy);

 private:
  struct Place {
    size_t turn = 0;
    size_t side = 0;
  };

  void answerLast();
  void next();
  void begin(const Place& place);
  void finish();
  [[nodiscard]] ChatAnswer& writing() { return turns_[writing_->turn].answers.at(writing_->side); }
  [[nodiscard]] std::vector<ChatMessage> messages(const Place& place) const;
  void tellChange();

  std::array<ChatPartner, kChatSides> partners_;
  std::array<TextGenerator*, kChatSides> generators_{};
  GenerationOptions options_;
  QString system_;
  std::vector<ChatTurn> turns_;
  std::vector<size_t> waiting_;   // sides of the last turn
  std::optional<Place> writing_;  // empty: not busy
  QTimer told_;                   // until the next answerChanged may be
};

}  // namespace z2::ui
