#include "ui/base/core_words.h"

#include <array>
#include <vector>

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include "ui/base/text.h"

namespace z2::ui {

namespace {

// In the order of core/: those that somebody at the window can meet. A sentence of several parts
// comes before a shorter one that it begins with.
constexpr auto kSentences = std::to_array<const char*>({
    // core/base, core/io
    QT_TRANSLATE_NOOP("Core", "there is no such file"),
    QT_TRANSLATE_NOOP("Core", "there is no such directory"),
    QT_TRANSLATE_NOOP("Core", "Check the path"),
    QT_TRANSLATE_NOOP("Core", "this is not a regular file"),
    QT_TRANSLATE_NOOP("Core", "the disk cannot read this file"),
    QT_TRANSLATE_NOOP("Core", "Free some space on that disk and try again"),
    QT_TRANSLATE_NOOP("Core", "%1 failed: %2"),
    QT_TRANSLATE_NOOP("Core", "Check the permissions of the file and of its folder"),
    QT_TRANSLATE_NOOP("Core", "this is not valid JSON (at byte %1)"),
    QT_TRANSLATE_NOOP("Core", "the program %1 is not there"),
    QT_TRANSLATE_NOOP("Core", "Build it (packaging/setup), or put it beside %1"),
    QT_TRANSLATE_NOOP("Core", "it was not found; looked in %1"),
    QT_TRANSLATE_NOOP(
        "Core", "Run packaging/setup, or set Z2_LIBTORCH to the torch folder of that version"),
    QT_TRANSLATE_NOOP("Core",
                      "The file is damaged or not a safetensors file; fetch or write it again"),
    QT_TRANSLATE_NOOP("Core", "Weights are read as F32, BF16 or F16; convert the file"),
    QT_TRANSLATE_NOOP("Core", "the folder cannot be made: %1"),
    QT_TRANSLATE_NOOP("Core", "this folder cannot be read: %1"),
    QT_TRANSLATE_NOOP("Core", "Choose another workspace with --workspace or Z2_WORKSPACE"),
    QT_TRANSLATE_NOOP("Core", "there is something in this place already"),
    QT_TRANSLATE_NOOP("Core", "this is there already and is not an empty folder"),
    QT_TRANSLATE_NOOP("Core", "Name a new folder"),
    QT_TRANSLATE_NOOP("Core", "Choose a file that does not exist yet"),
    QT_TRANSLATE_NOOP("Core", "Choose a folder that does not exist yet"),
    // core/checkpoint, core/run, core/supervise
    QT_TRANSLATE_NOOP("Core", "the file fails its checksum"),
    QT_TRANSLATE_NOOP("Core", "the file has %1 bytes instead of %2"),
    QT_TRANSLATE_NOOP("Core", "the manifest fails its checksum"),
    QT_TRANSLATE_NOOP("Core", "the manifest has no checksum"),
    QT_TRANSLATE_NOOP("Core", "this is not the manifest of a checkpoint"),
    QT_TRANSLATE_NOOP("Core", "the disk has %1 left and the checkpoint takes %2"),
    QT_TRANSLATE_NOOP("Core", "Free some space; training goes on meanwhile"),
    QT_TRANSLATE_NOOP("Core", "%1 are not available"),
    QT_TRANSLATE_NOOP("Core", "Close other programs, or train a smaller model"),
    QT_TRANSLATE_NOOP("Core", "Use the version that wrote it"),
    QT_TRANSLATE_NOOP("Core", "the checkpoint was written by another version of this program"),
    QT_TRANSLATE_NOOP("Core", "none of the run's checkpoints verifies"),
    QT_TRANSLATE_NOOP("Core", "Bring a copy back, or begin anew: %1"),
    QT_TRANSLATE_NOOP("Core", "the run is %1 already (process %2)"),
    QT_TRANSLATE_NOOP("Core",
                      "Watch it with `z2all run tail --follow`, or end it with `z2all run stop`"),
    QT_TRANSLATE_NOOP("Core", "Watch it with `z2all run status`, or end it with `z2all run stop`"),
    QT_TRANSLATE_NOOP("Core", "the run was started before and is %1"),
    QT_TRANSLATE_NOOP("Core", "Continue it with `z2all run resume`"),
    QT_TRANSLATE_NOOP("Core", "the run cannot be resumed: %1"),
    QT_TRANSLATE_NOOP("Core", "the run cannot be trained: %1"),
    QT_TRANSLATE_NOOP("Core", "the run's supervisor ended at once"),
    QT_TRANSLATE_NOOP("Core", "More is in %1"),
    QT_TRANSLATE_NOOP("Core", "the run is not running: it is %1"),
    QT_TRANSLATE_NOOP("Core", "the run is at work on another machine, %1"),
    QT_TRANSLATE_NOOP("Core", "Stop it there"),
    QT_TRANSLATE_NOOP("Core", "this run is already supervised by process %1"),
    QT_TRANSLATE_NOOP("Core", "this is not a run: there is no run.json in it"),
    QT_TRANSLATE_NOOP("Core", "there is a run already in this directory"),
    QT_TRANSLATE_NOOP("Core", "this is not the configuration of a run"),
    QT_TRANSLATE_NOOP("Core", "this is not the status of a run"),
    QT_TRANSLATE_NOOP("Core", "it was made by a newer program (schema version %1)"),
    QT_TRANSLATE_NOOP("Core", "Update this program"),
    QT_TRANSLATE_NOOP("Core", "this line is not a record of metrics"),
    QT_TRANSLATE_NOOP("Core", "Only z2all-train may write this file"),
    QT_TRANSLATE_NOOP("Core", "seq %1 follows where %2 is due"),
    QT_TRANSLATE_NOOP("Core", "Rows are missing or doubled: the file was edited or copied in part"),
    QT_TRANSLATE_NOOP("Core", "there is no metric in this run yet"),
    QT_TRANSLATE_NOOP("Core", "this is no log of a run that is known here"),
    QT_TRANSLATE_NOOP("Core", "Known are llm-zero2all's text log and TensorBoard's event files"),
    QT_TRANSLATE_NOOP("Core", "there is no event file (…tfevents…) in this folder"),
    QT_TRANSLATE_NOOP("Core", "it has no checkpoint yet that could write"),
    QT_TRANSLATE_NOOP("Core", "Wait for the first one, or stop the run, which saves one"),
    // core/run_setup, core/train
    QT_TRANSLATE_NOOP("Core", "there is no file %1"),
    QT_TRANSLATE_NOOP("Core", "Make it with `z2all data tokenize --output %1`"),
    QT_TRANSLATE_NOOP("Core", "%1 is neither a run, a checkpoint nor a Hugging Face directory"),
    QT_TRANSLATE_NOOP(
        "Core", "Give a directory that holds run.json, or config.json with model.safetensors"),
    QT_TRANSLATE_NOOP("Core", "%1 is less than the %2 tokens the data was made with"),
    QT_TRANSLATE_NOOP("Core", "Raise it, or use data made with the model's own tokenizer"),
    QT_TRANSLATE_NOOP("Core",
                      "this data was made with a vocabulary of %1 tokens; the model has %2"),
    QT_TRANSLATE_NOOP(
        "Core", "Set model.vocab_size to %1 or more, or make the data with the model's tokenizer"),
    QT_TRANSLATE_NOOP("Core", "the model needs %1"),
    QT_TRANSLATE_NOOP("Core",
                      "Lower train.micro_batch_size or data.seq_len, or choose a smaller model."),
    QT_TRANSLATE_NOOP("Core", "the checkpoint's file cannot be copied here: %1"),
    QT_TRANSLATE_NOOP("Core", "Make room on the disk, or choose another folder"),
    // core/model_files, core/generate
    QT_TRANSLATE_NOOP("Core", "this is no model: it has no run.json, manifest.json or config.json"),
    QT_TRANSLATE_NOOP("Core", "Name a run, a checkpoint or a Hugging Face directory"),
    QT_TRANSLATE_NOOP("Core", "this run has no checkpoint that verifies"),
    QT_TRANSLATE_NOOP("Core", "Let it run until it has saved one (train.checkpoint_interval)"),
    QT_TRANSLATE_NOOP("Core", "tensor \"%1\" is missing"),
    QT_TRANSLATE_NOOP("Core", "Check that all shards are there and belong to this config.json"),
    QT_TRANSLATE_NOOP("Core", "there is no model.safetensors and no index of shards"),
    QT_TRANSLATE_NOOP("Core", "Check that the download is complete"),
    QT_TRANSLATE_NOOP("Core", "Models of LlamaForCausalLM and Qwen2ForCausalLM are read"),
    QT_TRANSLATE_NOOP("Core", "there is no tokenizer.json or .model here"),
    QT_TRANSLATE_NOOP("Core", "Name the tokenizer's folder"),
    QT_TRANSLATE_NOOP("Core", "nothing says which tokenizer %1 uses"),
    QT_TRANSLATE_NOOP("Core", "the tokenizer has %1 tokens, the model %2"),
    QT_TRANSLATE_NOOP("Core", "Name the tokenizer that the model was trained with"),
    QT_TRANSLATE_NOOP("Core", "no logit is a number"),
    QT_TRANSLATE_NOOP("Core", "The model's weights are damaged or diverged"),
    QT_TRANSLATE_NOOP("Core", "the prompt has %1 tokens; the model holds %2"),
    QT_TRANSLATE_NOOP("Core", "Shorten the prompt"),
    QT_TRANSLATE_NOOP("Core", "there is no text to continue"),
    QT_TRANSLATE_NOOP("Core", "Write a few words"),
    // core/tokenizer, core/data
    QT_TRANSLATE_NOOP("Core", "the text is not UTF-8"),
    QT_TRANSLATE_NOOP("Core", "Convert the file, for example with iconv -f GB18030 -t UTF-8"),
    QT_TRANSLATE_NOOP("Core",
                      "Each record is an object; name the fields that hold text with --field"),
    QT_TRANSLATE_NOOP("Core", "--max-memory is too small to train in"),
    QT_TRANSLATE_NOOP("Core", "Give at least %1MiB"),
    QT_TRANSLATE_NOOP("Core", "Ask for --vocab-size %1 or more"),
    QT_TRANSLATE_NOOP("Core", "Ask for at most %1"),
    QT_TRANSLATE_NOOP("Core", "sentencepiece could not train: %1"),
    QT_TRANSLATE_NOOP("Core",
                      "Install libsentencepiece-dev and build again, or train with --type bbpe, "
                      "which needs no plug-in"),
    QT_TRANSLATE_NOOP("Core", "it is %1"),
    QT_TRANSLATE_NOOP("Core", "it has not been started; `z2all run start` begins it"),
    QT_TRANSLATE_NOOP("Core", "created"),
    QT_TRANSLATE_NOOP("Core", "queued"),
    QT_TRANSLATE_NOOP("Core", "starting"),
    QT_TRANSLATE_NOOP("Core", "running"),
    QT_TRANSLATE_NOOP("Core", "stopping"),
    QT_TRANSLATE_NOOP("Core", "stopped"),
    QT_TRANSLATE_NOOP("Core", "finished"),
    QT_TRANSLATE_NOOP("Core", "failed"),
    QT_TRANSLATE_NOOP("Core", "crashed"),
    QT_TRANSLATE_NOOP("Core", "lost"),
    // ui/services
    QT_TRANSLATE_NOOP("Core", "the work was ended from outside before it was done"),
    QT_TRANSLATE_NOOP("Core", "Start it again"),
    // core/doctor
    QT_TRANSLATE_NOOP("Core", "beside the program"),
    QT_TRANSLATE_NOOP("Core", "the folder of the build"),
    QT_TRANSLATE_NOOP("Core", "cpu"),
    QT_TRANSLATE_NOOP("Core", "gpu"),
    QT_TRANSLATE_NOOP("Core", "libtorch"),
    QT_TRANSLATE_NOOP("Core", "memory"),
    QT_TRANSLATE_NOOP("Core", "disk"),
    QT_TRANSLATE_NOOP("Core", "trainer"),
    QT_TRANSLATE_NOOP("Core", "plugins"),
    QT_TRANSLATE_NOOP("Core", "Build it with packaging/setup, or copy it beside z2all"),
    QT_TRANSLATE_NOOP("Core", "LibTorch %1 in %2 (%3)"),
    QT_TRANSLATE_NOOP("Core", "the engine, %1, is not there"),
    QT_TRANSLATE_NOOP("Core", "the engine starts: %1"),
    QT_TRANSLATE_NOOP("Core", "the engine, %1, does not start (%2)"),
    QT_TRANSLATE_NOOP("Core",
                      "See the line above; a missing library is brought by packaging/setup"),
    QT_TRANSLATE_NOOP("Core", "there is no NVIDIA GPU (no driver is loaded), so the CPU is used"),
    QT_TRANSLATE_NOOP("Core", "an NVIDIA driver is loaded, but nvidia-smi is not on PATH"),
    QT_TRANSLATE_NOOP("Core", "Install the driver's tools to see what the GPU does"),
    QT_TRANSLATE_NOOP("Core", "nvidia-smi fails, so the CPU is used: %1"),
    QT_TRANSLATE_NOOP("Core", "Mend the driver; a restart of the machine helps after an update"),
    QT_TRANSLATE_NOOP("Core",
                      "%1; the CUDA plug-in is not beside this program, so the CPU is used"),
    QT_TRANSLATE_NOOP("Core", "Build libz2_cuda with a CUDA toolkit, or use the node bundle"),
    QT_TRANSLATE_NOOP("Core", "plug-ins: %1; not there: %2"),
    QT_TRANSLATE_NOOP("Core", "plug-ins: %1"),
    QT_TRANSLATE_NOOP("Core", "no plug-ins; not there: %1"),
    QT_TRANSLATE_NOOP("Core", "no plug-ins"),
    QT_TRANSLATE_NOOP("Core", "Build them with packaging/setup if you need what they do"),
    QT_TRANSLATE_NOOP("Core", "%1 with %2 cores, %3"),
    QT_TRANSLATE_NOOP("Core", "%1 with 1 core, %2"),
    QT_TRANSLATE_NOOP("Core", "Training works but is slow; a processor with AVX2 is much faster"),
    QT_TRANSLATE_NOOP("Core", "%1 of %2 are free"),
    QT_TRANSLATE_NOOP("Core",
                      "Close other programs, or train a small model with a small micro-batch"),
    QT_TRANSLATE_NOOP("Core", "%1 cannot be reached: %2"),
    QT_TRANSLATE_NOOP("Core", "%1 are free for the workspace %2"),
    QT_TRANSLATE_NOOP("Core", "Free some space: checkpoints take 12 bytes a parameter each"),
    QT_TRANSLATE_NOOP("Core", "Bundles need glibc 2.%1 or newer (Ubuntu 22.04, Debian 12)"),
});

QString translated(const char* sentence) { return QCoreApplication::translate("Core", sentence); }

// "the model needs %1" as a regular expression whose groups are the places.
QRegularExpression patternOf(const char* sentence) {
  static const QRegularExpression kPlace(QStringLiteral("\\\\%\\d"));
  QString pattern = QRegularExpression::escape(QString::fromUtf8(sentence));
  pattern.replace(kPlace, QStringLiteral("(.+?)"));
  return QRegularExpression(QRegularExpression::anchoredPattern(pattern),
                            QRegularExpression::DotMatchesEverythingOption);
}

const std::vector<QRegularExpression>& patterns() {
  static const std::vector<QRegularExpression> kPatterns = [] {
    std::vector<QRegularExpression> all;
    for (const char* sentence : kSentences) all.push_back(patternOf(sentence));
    return all;
  }();
  return kPatterns;
}

}  // namespace

QString coreText(std::string_view english) {
  const QString text = toQString(english);
  if (QLocale().language() != QLocale::Chinese || text.isEmpty()) return text;
  for (size_t i = 0; i < kSentences.size(); ++i) {
    const QRegularExpressionMatch match = patterns()[i].match(text);
    if (!match.hasMatch()) continue;
    QString said = translated(kSentences[i]);
    for (int place = 1; place <= match.lastCapturedIndex(); ++place)
      said.replace(QLatin1Char('%') + QString::number(place),
                   coreText(toUtf8(match.captured(place))));
    return said;
  }
  return text;
}

}  // namespace z2::ui
