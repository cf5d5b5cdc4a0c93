"""Tiny random Hugging Face models with the numbers that transformers gives for them.

Run by hand: python tests/oracle/make_hf_models.py  (torch 2.11, transformers 5; fp32, CPU, one thread)
Writes tests/fixtures/hf/NAME/{config.json,generation_config.json,model*.safetensors,oracle.json}.
oracle.json: rows (token ids), loss, grad_norm, grad_norms, logits_last, and greedy continuations.
"""

import json
import pathlib
import shutil

import torch
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

ROOT = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "hf"
SHAPE = dict(vocab_size=96, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
             num_attention_heads=4, max_position_embeddings=32, initializer_range=0.3,
             bos_token_id=1, eos_token_id=2)
MODELS = {
    "llama_gqa": (LlamaForCausalLM, LlamaConfig, dict(num_key_value_heads=2, rms_norm_eps=1e-5)),
    "llama_tied_biases": (LlamaForCausalLM, LlamaConfig,
                          dict(num_key_value_heads=4, attention_bias=True,
                               tie_word_embeddings=True)),
    "qwen2": (Qwen2ForCausalLM, Qwen2Config,
              dict(num_key_value_heads=2, tie_word_embeddings=True,
                   rope_parameters={"rope_type": "default", "rope_theta": 1e6})),
    "llama_linear": (LlamaForCausalLM, LlamaConfig,
                     dict(num_key_value_heads=1, head_dim=16,
                          rope_parameters={"rope_type": "linear", "rope_theta": 10000.0,
                                           "factor": 2.5})),
    "llama_dynamic": (LlamaForCausalLM, LlamaConfig,
                      dict(num_key_value_heads=2,
                           rope_parameters={"rope_type": "dynamic", "rope_theta": 10000.0,
                                            "factor": 2.0})),
}


def numbers(model, name):
    generator = torch.Generator().manual_seed(7)
    # Dynamic scaling begins beyond max_position_embeddings; the cache of a growing sequence keeps
    # keys of smaller bases, so that only whole sequences are compared there.
    lengths = [40, 48] if name == "llama_dynamic" else [23, 9]
    rows = [torch.randint(3, 96, (n,), generator=generator) for n in lengths]
    total, count, last = 0.0, 0, []
    for row in rows:
        logits = model(row[None]).logits[0]
        total = total + torch.nn.functional.cross_entropy(logits[:-1], row[1:], reduction="sum")
        count += len(row) - 1
        last.append(logits[-1].tolist())
    loss = total / count
    loss.backward()
    norms = {k: p.grad.double().norm().item() for k, p in model.named_parameters()}
    greedy = []
    for prompt in ([5, 17, 42], [88]):
        out = model.generate(torch.tensor([prompt]), do_sample=False, max_new_tokens=20,
                             pad_token_id=0)
        greedy.append({"prompt": prompt, "ids": out[0, len(prompt):].tolist()})
    return {"rows": [r.tolist() for r in rows], "loss": loss.item(),
            "grad_norm": sum(v * v for v in norms.values()) ** 0.5, "grad_norms": norms,
            "logits_last": last, "greedy": greedy}


def main():
    torch.set_num_threads(1)
    for name, (model_class, config_class, settings) in MODELS.items():
        torch.manual_seed(1234)
        model = model_class(config_class(**(SHAPE | settings))).float().eval()
        with torch.no_grad():
            for key, parameter in model.named_parameters():
                if key.endswith("bias") or "norm" in key:
                    parameter.add_(0.3 * torch.randn_like(parameter))
        folder = ROOT / name
        shutil.rmtree(folder, ignore_errors=True)
        # One of them in shards, as large models come.
        model.save_pretrained(folder, max_shard_size="30KB" if name == "qwen2" else "5GB")
        (folder / "oracle.json").write_text(json.dumps(numbers(model, name)) + "\n")


if __name__ == "__main__":
    main()
