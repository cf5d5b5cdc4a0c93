#include "ui/pages/run/detail_rows.h"

#include <algorithm>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include "core/config/schema.h"
#include "ui/base/core_words.h"
#include "ui/base/text.h"
#include "ui/forms/field_row.h"
#include "ui/models/run_state_text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

QString text(const char* source) { return QCoreApplication::translate("RunDetails", source); }

Language language() {
  return QLocale().language() == QLocale::Chinese ? Language::kChinese : Language::kEnglish;
}

struct EventKind {
  const char* event;
  const char* title;
  std::optional<MarkKind> mark;
};
const EventKind kEvents[] = {
    {"created", QT_TRANSLATE_NOOP("RunDetails", "Created"), {}},
    {"queued", QT_TRANSLATE_NOOP("RunDetails", "Queued"), {}},
    {"left the queue", QT_TRANSLATE_NOOP("RunDetails", "Left the queue"), {}},
    {"started", QT_TRANSLATE_NOOP("RunDetails", "Started"), {}},
    {"resumed", QT_TRANSLATE_NOOP("RunDetails", "Resumed"), MarkKind::kRestart},
    {"restarting", QT_TRANSLATE_NOOP("RunDetails", "Restarting"), {}},
    {"not restarted", QT_TRANSLATE_NOOP("RunDetails", "Not restarted"), {}},
    {"adopted", QT_TRANSLATE_NOOP("RunDetails", "Found running again"), {}},
    {"ended", QT_TRANSLATE_NOOP("RunDetails", "Ended"), {}},
    {"extended", QT_TRANSLATE_NOOP("RunDetails", "Extended"), {}},
    {"forked", QT_TRANSLATE_NOOP("RunDetails", "Forked"), {}},
    {"imported", QT_TRANSLATE_NOOP("RunDetails", "Imported"), {}},
    {"checkpoint", QT_TRANSLATE_NOOP("RunDetails", "Checkpoint saved"), MarkKind::kCheckpoint},
    {"checkpoint_failed", QT_TRANSLATE_NOOP("RunDetails", "Checkpoint not saved"),
     MarkKind::kAlert},
    {"checkpoint_damaged", QT_TRANSLATE_NOOP("RunDetails", "Damaged checkpoint set aside"),
     MarkKind::kAlert},
    {"data_changed", QT_TRANSLATE_NOOP("RunDetails", "The data have changed"), MarkKind::kAlert},
    {"data_skipped", QT_TRANSLATE_NOOP("RunDetails", "Data passed over"), MarkKind::kAlert},
    {"step_skipped", QT_TRANSLATE_NOOP("RunDetails", "Step passed over"), MarkKind::kAlert},
    {"nan", QT_TRANSLATE_NOOP("RunDetails", "Loss is not a number"), MarkKind::kAlert},
    {"hang", QT_TRANSLATE_NOOP("RunDetails", "No progress"), MarkKind::kAlert},
    {"warning", QT_TRANSLATE_NOOP("RunDetails", "Warning"), {}},
};

// What the details of events are called.
constexpr std::pair<const char*, const char*> kDetailNames[] = {
    {"attempt", QT_TRANSLATE_NOOP("RunDetails", "attempt")},
    {"bytes", QT_TRANSLATE_NOOP("RunDetails", "size")},
    {"checkpoint", QT_TRANSLATE_NOOP("RunDetails", "last checkpoint")},
    {"error", QT_TRANSLATE_NOOP("RunDetails", "error")},
    {"exit_code", QT_TRANSLATE_NOOP("RunDetails", "exit code")},
    {"files", QT_TRANSLATE_NOOP("RunDetails", "files")},
    {"folder", QT_TRANSLATE_NOOP("RunDetails", "folder")},
    {"format", QT_TRANSLATE_NOOP("RunDetails", "format")},
    {"from", QT_TRANSLATE_NOOP("RunDetails", "from")},
    {"host", QT_TRANSLATE_NOOP("RunDetails", "computer")},
    {"kind", QT_TRANSLATE_NOOP("RunDetails", "result")},
    {"pid", QT_TRANSLATE_NOOP("RunDetails", "process")},
    {"reason", QT_TRANSLATE_NOOP("RunDetails", "reason")},
    {"rows", QT_TRANSLATE_NOOP("RunDetails", "rows")},
    {"score", QT_TRANSLATE_NOOP("RunDetails", "validation loss")},
    {"seconds", QT_TRANSLATE_NOOP("RunDetails", "time")},
    {"snapshot_s", QT_TRANSLATE_NOOP("RunDetails", "training paused")},
    {"state", QT_TRANSLATE_NOOP("RunDetails", "state")},
    {"text", QT_TRANSLATE_NOOP("RunDetails", "text")},
    {"to", QT_TRANSLATE_NOOP("RunDetails", "to")},
    {"write_s", QT_TRANSLATE_NOOP("RunDetails", "written in")},
};

QString detailName(const std::string& key) {
  for (const auto& [name, title] : kDetailNames)
    if (key == name) return text(title);
  return toQString(key);
}

const EventKind* kindOf(const std::string& event) {
  for (const EventKind& kind : kEvents)
    if (event == kind.event) return &kind;
  return nullptr;
}

QString titleOf(const EventRow& row) {
  const EventKind* kind = kindOf(row.event);
  return kind != nullptr ? text(kind->title) : toQString(row.event);
}

QString shortDuration(double seconds) {
  if (seconds < 1) return QStringLiteral("%1 ms").arg(seconds * 1000, 0, 'f', 0);
  return seconds < 10 ? QStringLiteral("%1 s").arg(seconds, 0, 'f', 1) : duration(seconds);
}

QString detailValue(const std::string& key, const Json& value) {
  if (value.is_number() && key == "bytes") return byteSize(value.get<double>());
  if (value.is_number() && (key == "seconds" || key.ends_with("_s")))
    return shortDuration(value.get<double>());
  if (value.is_number_integer() && (key == "pid" || key == "exit_code"))
    return QString::number(value.get<int64_t>());  // a name rather than an amount
  return coreText(toUtf8(valueText(value)));
}

QString detailsText(const Json& details) {
  QStringList parts;
  for (const auto& [key, value] : details.items()) {
    if (value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty()))
      continue;
    parts.append(text(QT_TRANSLATE_NOOP("RunDetails", "%1: %2"))
                     .arg(detailName(key), detailValue(key, value)));
  }
  return parts.join(QStringLiteral(" · "));
}

}  // namespace

QString valueText(const Json& value) {
  if (value.is_null()) return QStringLiteral("–");
  if (value.is_boolean())
    return value.get<bool>() ? text(QT_TRANSLATE_NOOP("RunDetails", "yes"))
                             : text(QT_TRANSLATE_NOOP("RunDetails", "no"));
  if (value.is_string()) return toQString(value.get_ref<const std::string&>());
  if (value.is_number_integer()) return QLocale().toString(qlonglong{value.get<int64_t>()});
  if (value.is_number_float()) return QString::number(value.get<double>(), 'g', 6);
  if (value.is_array()) {
    QStringList parts;
    for (const Json& part : value) parts.append(valueText(part));
    return parts.join(QStringLiteral(", "));
  }
  return toQString(jsonLine(value));
}

std::vector<TableRow> configRows(const RunDetails& details, bool onlyChanged) {
  std::vector<TableRow> rows;
  for (const ConfigRow& config : details.config) {
    if (onlyChanged && !config.isChanged) continue;
    const Field* field = findField(config.key);
    const QString label = field != nullptr ? toQString(field->label.in(language())) : QString();
    const QString help = field != nullptr ? toQString(field->help.in(language())) : QString();
    QString value = valueText(config.value);
    if (field != nullptr && !field->unit.empty() && !value.isEmpty())
      value += QLatin1Char(' ') + unitText(*field);
    rows.push_back({{.text = label, .toolTip = help, .isBold = config.isChanged},
                    {.text = value, .isBold = config.isChanged},
                    {.text = toQString(config.key), .toolTip = help}});
  }
  return rows;
}

std::vector<TableRow> eventRows(const RunDetails& details) {
  std::vector<TableRow> rows;
  for (auto event = details.events.rbegin(); event != details.events.rend(); ++event) {
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(event->time * 1000));
    const EventKind* kind = kindOf(event->event);
    const bool isAlert = kind != nullptr && kind->mark == MarkKind::kAlert;
    rows.push_back(
        {{.text = event->time > 0 ? QLocale().toString(when, QLocale::ShortFormat)
                                  : QStringLiteral("–"),
          .sort = event->time},
         {.text = titleOf(*event),
          .isBold = isAlert,
          .color = isAlert ? colors().failed : QColor()},
         {.text = event->step ? QLocale().toString(qlonglong{*event->step}) : QString(),
          .sort = event->step ? QVariant(qlonglong{*event->step}) : QVariant(qlonglong{-1}),
          .isNumber = true},
         {.text = detailsText(event->details), .toolTip = detailsText(event->details)}});
  }
  return rows;
}

std::vector<TableRow> checkpointRows(const RunDetails& details) {
  std::vector<TableRow> rows;
  for (const CheckpointRow& checkpoint : details.checkpoints) {
    const bool isGood = checkpoint.problem.empty();
    rows.push_back({{.text = QLocale().toString(qlonglong{checkpoint.step}),
                     .sort = qlonglong{checkpoint.step},
                     .isNumber = true},
                    {.text = lossText(checkpoint.score),
                     .sort = checkpoint.score.value_or(1e300),
                     .isNumber = true},
                    {.text = isGood ? byteSize(static_cast<double>(checkpoint.bytes)) : QString(),
                     .sort = static_cast<qulonglong>(checkpoint.bytes),
                     .isNumber = true},
                    {.text = isGood ? pathText(checkpoint.folder) : coreText(checkpoint.problem),
                     .toolTip = pathText(checkpoint.folder),
                     .color = isGood ? QColor() : colors().failed}});
  }
  return rows;
}

std::vector<CurveMark> marksOf(const RunDetails& details) {
  std::vector<CurveMark> marks;
  for (const EventRow& event : details.events) {
    const EventKind* kind = kindOf(event.event);
    if (kind == nullptr || !kind->mark || !event.step) continue;
    marks.push_back({.kind = *kind->mark, .step = *event.step, .text = titleOf(event)});
  }
  return marks;
}

}  // namespace z2::ui
