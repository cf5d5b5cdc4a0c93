"""Low-rank adapters over the tiny models of tests/fixtures/hf, as PEFT saves them, with PEFT's numbers.

Run by hand: python tests/oracle/make_peft_adapters.py  (torch 2.11, transformers 5, peft 0.21; fp32)
Writes tests/fixtures/peft/NAME/{adapter_config.json,adapter_model.safetensors,oracle.json}.
oracle.json: rows (token ids), loss, logits_last, and the norm of each adapter's gradient.
"""

import json
import pathlib
import shutil

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"
ADAPTERS = {
    "llama_everywhere": ("llama_gqa", dict(r=4, lora_alpha=8, target_modules=[
        "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])),
    "qwen2_rslora": ("qwen2", dict(r=3, lora_alpha=6, use_rslora=True,
                                   target_modules=["q_proj", "v_proj", "up_proj"])),
}


def main():
    torch.set_num_threads(1)
    for name, (base, settings) in ADAPTERS.items():
        torch.manual_seed(5)
        model = AutoModelForCausalLM.from_pretrained(FIXTURES / "hf" / base).float()
        model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **settings)).eval()
        for key, parameter in model.named_parameters():
            if "lora_B" in key:
                with torch.no_grad():
                    parameter.copy_(0.2 * torch.randn_like(parameter))
        folder = FIXTURES / "peft" / name
        shutil.rmtree(folder, ignore_errors=True)
        model.save_pretrained(folder)
        (folder / "README.md").unlink(missing_ok=True)
        path = folder / "adapter_config.json"
        config = json.loads(path.read_text())
        config["base_model_name_or_path"] = f"../../hf/{base}"
        path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")

        generator = torch.Generator().manual_seed(9)
        rows = [torch.randint(3, 96, (n,), generator=generator) for n in (21, 8)]
        total, count, last = 0.0, 0, []
        for row in rows:
            logits = model(row[None]).logits[0]
            total = total + torch.nn.functional.cross_entropy(logits[:-1], row[1:],
                                                              reduction="sum")
            count += len(row) - 1
            last.append(logits[-1].tolist())
        loss = total / count
        loss.backward()
        norms = {key.replace(".default", ""): p.grad.double().norm().item()
                 for key, p in model.named_parameters() if p.requires_grad}
        (folder / "oracle.json").write_text(json.dumps(
            {"rows": [r.tolist() for r in rows], "loss": loss.item(), "logits_last": last,
             "grad_norms": norms}) + "\n")


if __name__ == "__main__":
    main()
