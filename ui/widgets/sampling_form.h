#pragma once

// How a model is to write: temperature, top-k, top-p, min-p, repetition penalty, longest text,
// seed. The same fields for one text and for a conversation.

#include <QString>
#include <QWidget>

#include "core/generate/generation_request.h"

class QDoubleSpinBox;
class QLabel;
class QSpinBox;

namespace z2::ui {

class SamplingForm : public QWidget {
  Q_OBJECT

 public:
  enum class Shape {
    kRow,    // labels above the fields
    kColumn  // labels at their left
  };
  // Object names are NAMESTemperature, NAMESTopK, NAMESTopP, NAMESMinP, NAMESPenalty, NAMESTokens,
  // NAMESSeed.
  SamplingForm(Shape shape, const QString& names, int longest, QWidget* parent = nullptr);

  // Leaves the engine as it is.
  void fill(GenerationOptions& options) const;

 Q_SIGNALS:
  void changed();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  static constexpr int kFields = 7;

  void lay(Shape shape);
  void retranslate();

  QDoubleSpinBox* temperature_;
  QSpinBox* topK_;
  QDoubleSpinBox* topP_;
  QDoubleSpinBox* minP_;
  QDoubleSpinBox* penalty_;
  QSpinBox* tokens_;
  QSpinBox* seed_;
  QLabel* labels_[kFields] = {};
};

}  // namespace z2::ui
