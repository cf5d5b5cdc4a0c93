#include "core/tokenizer/train/spm_trainer.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/progress.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "core/tokenizer/spm_plugin/spm_plugin.h"
#include "core/tokenizer/train/spm_sentences.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr size_t kByteAndFixedPieces = 256 + 3;
constexpr size_t kFirstUserId = 3;
constexpr int kPollMs = 100;

using OptionList = std::vector<std::pair<std::string, std::string>>;

// Lists are comma-separated with quotes as in CSV.
std::string csvOf(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) {
    if (!list.empty()) list += ',';
    list += '"';
    for (const char c : item) list += c == '"' ? std::string("\"\"") : std::string(1, c);
    list += '"';
  }
  return list;
}

// Those that the model has anyway are not given a second time.
std::vector<std::string> controlSymbols(const std::vector<std::string>& given, bool& hasPad) {
  std::vector<std::string> symbols;
  for (const std::string& token : given) {
    if (token == "<unk>" || token == "<s>" || token == "</s>") continue;
    if (token == "<pad>")
      hasPad = true;
    else if (std::find(symbols.begin(), symbols.end(), token) == symbols.end())
      symbols.push_back(token);
  }
  return symbols;
}

OptionList trainerOptions(const SpmTrainingOptions& options) {
  bool hasPad = false;
  const std::vector<std::string> symbols = controlSymbols(options.specialTokens, hasPad);
  const size_t threads =
      options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  OptionList list = {{"model_type", options.isUnigram ? "unigram" : "bpe"},
                     {"vocab_size", std::to_string(options.vocabSize)},
                     // A small text gives fewer pieces instead of an error.
                     {"hard_vocab_limit", "false"},
                     {"byte_fallback", "true"},
                     {"split_digits", "true"},
                     {"allow_whitespace_only_pieces", "true"},
                     {"normalization_rule_name", "identity"},
                     {"remove_extra_whitespaces", "false"},
                     {"character_coverage", fmt::format("{}", options.characterCoverage)},
                     {"max_sentence_length", std::to_string(2 * SpmSentences::kLongest)},
                     {"num_threads", std::to_string(threads)},
                     {"minloglevel", "1"}};
  if (hasPad) list.emplace_back("pad_id", std::to_string(kFirstUserId));
  if (!symbols.empty()) list.emplace_back("control_symbols", csvOf(symbols));
  return list;
}

Result<void> check(const SpmTrainingOptions& options) {
  bool hasPad = false;
  const size_t least = kByteAndFixedPieces + controlSymbols(options.specialTokens, hasPad).size() +
                       (hasPad ? 1 : 0) + 1;
  if (options.vocabSize < least)
    return usageError("a vocabulary of " + std::to_string(options.vocabSize) +
                          " cannot hold the bytes, the special tokens and a piece",
                      "Ask for --vocab-size " + std::to_string(least) + " or more");
  return {};
}

// The plug-in, loaded until the process ends: sentencepiece leaves threads and globals behind.
Result<Z2SpmTrainFunction> loadPlugin(const fs::path& given) {
  std::error_code failure;
  const fs::path path =
      given.empty() ? fs::read_symlink("/proc/self/exe", failure).parent_path() / "libz2_spm.so"
                    : given;
  const auto missing = [&](std::string what) {
    return environmentError(path.native(), std::move(what),
                            "Install libsentencepiece-dev and build again, or train with --type "
                            "bbpe, which needs no plug-in");
  };
  if (!fs::exists(path, failure)) return missing("the sentencepiece plug-in is not there");
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return missing(std::string("the sentencepiece plug-in does not load: ") + ::dlerror());
  const auto version = reinterpret_cast<Z2SpmVersionFunction>(::dlsym(library, "z2SpmVersion"));
  const auto train = reinterpret_cast<Z2SpmTrainFunction>(::dlsym(library, "z2SpmTrain"));
  if (version == nullptr || train == nullptr || version() != Z2_SPM_VERSION)
    return missing("the sentencepiece plug-in is of another version than this program");
  return train;
}

// What crosses the boundary of the plug-in in the child.
struct Session {
  SpmSentences& sentences;
  std::optional<Progress>& progress;
  std::optional<Error> failure;
  std::string model;
};

int32_t giveSentence(void* context, const char** text, size_t* size) {
  auto& session = *static_cast<Session*>(context);
  auto next = session.sentences.next();
  if (!next) {
    session.failure = std::move(next).error();
    return -1;
  }
  if (!*next) {
    // sentencepiece's own trainer begins now, and tells nothing.
    session.progress.reset();
    session.progress.emplace("training", 0, Progress::Unit::kSteps);
    return 0;
  }
  *text = (*next)->data();
  *size = (*next)->size();
  return 1;
}

void takeModel(void* context, const char* bytes, size_t size) {
  static_cast<Session*>(context)->model.assign(bytes, size);
}

void takeFailure(void* context, const char* message) {
  auto& session = *static_cast<Session*>(context);
  // An error of reading says more than sentencepiece's words about it.
  if (!session.failure)
    session.failure =
        badInput("", std::string("sentencepiece could not train: ") + message).value();
}

// The answer of the child: one line of JSON, then the bytes of the model.
std::string runTrainer(Z2SpmTrainFunction train, const OptionList& options, TrainingTexts& texts) {
  std::optional<Progress> progress;
  progress.emplace("reading", texts.totalBytes(), Progress::Unit::kBytes);
  SpmSentences sentences(texts, &*progress);
  Session session{sentences, progress, {}, {}};
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : options) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  const Z2SpmTraining training{names.data(), values.data(), names.size(), &session,
                               giveSentence, takeModel,     takeFailure};
  train(&training);
  Json answer = {{"documents", sentences.documents()},
                 {"bytes", sentences.bytes()},
                 {"cut", sentences.cutDocuments()}};
  if (session.failure)
    answer["error"] = {{"code", static_cast<int>(session.failure->code)},
                       {"what", session.failure->what},
                       {"where", session.failure->where},
                       {"fix", session.failure->fix}};
  return jsonLine(answer) + "\n" + session.model;
}

// Everything that the child writes until it ends; kills it when a stop is requested.
Result<std::string> readAnswer(const FileHandle& pipe, pid_t child) {
  std::string answer;
  std::string block(size_t{1} << 16, '\0');
  while (true) {
    if (stopRequested()) {
      ::kill(child, SIGKILL);
      return interrupted("training was stopped");
    }
    pollfd ready{pipe.fd(), POLLIN, 0};
    if (::poll(&ready, 1, kPollMs) <= 0) continue;
    const ssize_t count = ::read(pipe.fd(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return systemError(errno, "reading", "the sentencepiece trainer's answer");
    if (count == 0) return answer;
    answer.append(block, 0, static_cast<size_t>(count));
  }
}

Result<SpmTraining> parseAnswer(std::string_view answer) {
  const size_t end = answer.find('\n');
  Z2_TRY(const Json header, parseJson(answer.substr(0, end), "the sentencepiece trainer's answer"));
  if (const auto failure = header.find("error"); failure != header.end())
    return tl::unexpected(Error{static_cast<ErrorCode>((*failure)["code"].get<int>()),
                                (*failure)["what"].get<std::string>(),
                                (*failure)["where"].get<std::string>(),
                                (*failure)["fix"].get<std::string>()});
  SpmTraining trained;
  trained.documents = header["documents"].get<uint64_t>();
  trained.bytes = header["bytes"].get<uint64_t>();
  trained.cutDocuments = header["cut"].get<uint64_t>();
  Z2_TRY(trained.model, parseSentencePieceModel(answer.substr(end + 1), "the trained model"));
  return trained;
}

}  // namespace

Result<SpmTraining> trainSentencePiece(const SpmTrainingOptions& options) {
  Z2_TRY_VOID(check(options));
  Z2_TRY(const std::unique_ptr<TrainingTexts> texts,
         TrainingTexts::open(options.inputs, options.fields));
  Z2_TRY(const Z2SpmTrainFunction train, loadPlugin(options.plugin));
  const auto start = std::chrono::steady_clock::now();
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return systemError(errno, "making", "a pipe");
  const FileHandle readEnd(ends[0]);
  FileHandle writeEnd(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return systemError(errno, "starting", "the sentencepiece trainer");
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::string answer = runTrainer(train, trainerOptions(options), *texts);
    ::_exit(writeAll(writeEnd, answer, "pipe") ? 0 : 1);
  }
  writeEnd = FileHandle();
  const Result<std::string> answer = readAnswer(readEnd, child);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!answer) return tl::unexpected(answer.error());
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return environmentError(
        "sentencepiece",
        "its trainer ended" + (WIFSIGNALED(status)
                                   ? " with signal " + std::to_string(WTERMSIG(status))
                                   : std::string(" too early")),
        "Its own message stands above; it needs about 20 bytes of memory a byte of text");
  Z2_TRY(SpmTraining trained, parseAnswer(*answer));
  trained.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return trained;
}

}  // namespace z2
