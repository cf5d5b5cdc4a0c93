#include "app/cli/generation_options.h"

namespace z2::cli {

void addEngineOptions(CLI::App& command, EngineOptions& engine) {
  command.add_option("--dtype", engine.dtype, "fp32, bf16 or fp16")
      ->check(CLI::IsMember({"fp32", "bf16", "fp16"}))
      ->capture_default_str();
  command.add_option("--device", engine.device, "auto, cpu or cuda")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
  command.add_option("--threads", engine.threads, "Of the CPU; 0: all cores")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

void addTemplateOption(CLI::App& command, std::string& choice) {
  command.add_option(
      "--template", choice,
      "How a conversation is written: chatml, llama2, llama3, alpaca, z2all, plain, a "
      "Jinja file or a model's folder; else the model's own, or plain text");
}

void addGenerationOptions(CLI::App& command, GenerationOptions& options) {
  command
      .add_option("--model", options.engine.model,
                  "A run (its newest checkpoint that verifies), a checkpoint or a Hugging Face "
                  "directory")
      ->required();
  command.add_option("--tokenizer", options.tokenizer, "Instead of the model's own");
  command.add_option("--max-new-tokens", options.maxNewTokens, "Longest answer")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 30))
      ->capture_default_str();
  command
      .add_option("--temperature", options.sampling.temperature,
                  "0: always the most likely token; higher: more surprising")
      ->capture_default_str();
  command.add_option("--top-k", options.sampling.topK, "Only the K most likely tokens; 0: all")
      ->capture_default_str();
  command
      .add_option("--top-p", options.sampling.topP,
                  "Only the most likely tokens that make up this probability; 1: all")
      ->capture_default_str();
  command
      .add_option("--min-p", options.sampling.minP,
                  "Only tokens with this share of the most likely one's probability; 0: all")
      ->capture_default_str();
  command
      .add_option("--repetition-penalty", options.sampling.repetitionPenalty,
                  "Above 1: what was said becomes less likely")
      ->capture_default_str();
  command
      .add_option("--frequency-penalty", options.sampling.frequencyPenalty,
                  "Above 0: the more often a token came in the answer, the less likely; -2 to 2")
      ->capture_default_str();
  command
      .add_option("--presence-penalty", options.sampling.presencePenalty,
                  "Above 0: what came in the answer becomes less likely, once; -2 to 2")
      ->capture_default_str();
  command.add_option("--seed", options.sampling.seed, "The same seed gives the same text")
      ->capture_default_str();
  addEngineOptions(command, options.engine);
}

}  // namespace z2::cli
