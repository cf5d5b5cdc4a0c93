#include "core/demo/demo_plan.h"

namespace z2 {

std::string DemoPlan::name() const {
  return language == DemoLanguage::kChinese ? "demo-zh" : "demo-en";
}

std::vector<std::string> DemoPlan::recipe() const {
  return {
      "model.preset=tiny",        "data.seq_len=256",       "train.steps=" + std::to_string(steps),
      "train.micro_batch_size=8", "train.eval_interval=50", "train.checkpoint_interval=50",
      "train.log_interval=1",     "optim.lr=2e-3",          "optim.warmup_steps=20"};
}

std::vector<std::string> DemoPlan::settings() const {
  std::vector<std::string> all = recipe();
  all.push_back("tokenizer.path=" + tokenizer().native());
  all.push_back("data.train=" + data().native());
  all.push_back("data.valid=" + data().native() + ".valid");
  return all;
}

std::vector<std::string> DemoPlan::prompts() const {
  if (language == DemoLanguage::kChinese) return {"这个命令", "如果指定"};
  return {"And the king said", "In the beginning"};
}

}  // namespace z2
