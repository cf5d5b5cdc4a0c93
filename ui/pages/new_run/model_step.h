#pragma once

// The model's shape, or the weights that it begins from.

#include <map>
#include <string>

#include "ui/pages/new_run/plan_step.h"

class QButtonGroup;
class QComboBox;
class QGridLayout;
class QPushButton;

namespace z2::ui {

class ChoiceCard;
class ConfigForm;

class ModelStep : public PlanStep {
  Q_OBJECT

 public:
  using PlanStep::PlanStep;
  [[nodiscard]] QString title() const override { return tr("Model"); }
  [[nodiscard]] std::vector<QString> keys() const override;

 protected:
  void make(Parts& parts) override;
  void retranslate() override;
  void present() override;

 private:
  ChoiceCard* addCard(const std::string& name, QGridLayout& grid);
  void choosePreset(const std::string& name);
  void showCards();
  void showSources();
  [[nodiscard]] std::string chosenCard() const;

  std::map<std::string, ChoiceCard*> cards_;  // presets, "custom", "weights"
  QButtonGroup* group_ = nullptr;
  QWidget* weights_ = nullptr;  // where to begin from
  QLabel* sourcesLabel_ = nullptr;
  QComboBox* sources_ = nullptr;
  ConfigForm* origin_ = nullptr;
  QPushButton* detail_ = nullptr;
  ConfigForm* shape_ = nullptr;
  bool wantsWeights_ = false;  // the card was chosen, nothing is named yet
};

}  // namespace z2::ui
