"""z2all's GGUF files against the Python package gguf and, where it is installed, llama.cpp.

Run by hand: python tests/oracle/gguf_parity.py Z2ALL MODEL [--prompt TEXT]...
MODEL is a Hugging Face directory with a tokenizer. Each type is exported, read with gguf's own
reader, and compared tensor by tensor with the directory's weights. With xllamacpp (llama.cpp's
server as a Python package) each prompt is tokenized and continued greedily by both.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

import numpy as np

TYPES = {"fp32": 0.0, "fp16": 1e-3, "bf16": 8e-3, "q8_0": 8e-3}  # relative error allowed
NAMES = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output",
         "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
         "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
         "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate",
         "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}


def gguf_name(name):
    module, suffix = name.rsplit(".", 1)
    if not module.startswith("model.layers."):
        return f"{NAMES[module]}.{suffix}"
    layer, module = module[len("model.layers."):].split(".", 1)
    return f"blk.{layer}.{NAMES[module]}.{suffix}"


def expected(folder):
    """The directory's tensors as llama.cpp wants them."""
    from safetensors.numpy import load_file
    config = json.loads((folder / "config.json").read_text())
    tensors = {}
    for file in folder.glob("*.safetensors"):
        tensors |= load_file(file)
    heads = {"q_proj": config["num_attention_heads"],
             "k_proj": config.get("num_key_value_heads", config["num_attention_heads"])}
    out = {}
    for name, value in tensors.items():
        value = value.astype(np.float32)
        kind = name.split(".")[-2]
        if config["model_type"] == "llama" and kind in heads:
            # As llama.cpp's converter does it.
            value = (value.reshape(heads[kind], 2, value.shape[0] // heads[kind] // 2, *value.shape[1:])
                     .swapaxes(1, 2).reshape(value.shape))
        out[gguf_name(name)] = value
    return out


def compare_weights(file, tensors, tolerance):
    import gguf
    reader = gguf.GGUFReader(file)
    seen = set()
    worst = 0.0
    for tensor in reader.tensors:
        want = tensors[tensor.name]
        got = gguf.quants.dequantize(tensor.data, tensor.tensor_type).reshape(want.shape)
        scale = np.abs(want).max() or 1.0
        worst = max(worst, float(np.abs(got - want).max() / scale))
        seen.add(tensor.name)
    missing = set(tensors) - seen - {"output.weight"}
    assert not missing, f"missing: {missing}"
    assert worst <= tolerance, f"{file}: off by {worst}"
    return len(seen), worst


def z2all(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def z2all_encode(program, model, text):
    done = subprocess.run([program, "tokenizer", "encode", "--tokenizer", str(model), "--input", "-",
                           "--format", "document"], input=text, capture_output=True, text=True,
                          check=True)
    return json.loads(done.stdout)


def compare_llama(program, model, file, prompts):
    """Whether llama.cpp tokenizes and continues each prompt as z2all does; None: it is not there."""
    try:
        import xllamacpp
    except ImportError:
        print("skipped: xllamacpp is not installed")
        return None
    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.n_ctx = 128
    params.warmup = False
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    server = xllamacpp.Server(params)

    def ask(path, body):
        request = urllib.request.Request(server.listening_address + path, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        return json.loads(urllib.request.urlopen(request).read())

    is_same = True
    for prompt in prompts:
        ids = z2all_encode(program, model, prompt)
        theirs = ask("/tokenize", {"content": prompt, "add_special": True})["tokens"]
        print(f"  {prompt!r}: {'same' if ids == theirs else 'DIFFERENT'} {len(ids)} ids of the prompt")
        is_same = is_same and ids == theirs
        if ids != theirs:
            print("   ours  ", ids, "\n   theirs", theirs)
        ours = z2all(program, "generate", "--model", str(model), "--prompt", prompt,
                     "--max-new-tokens", "24", "--device", "cpu", "--threads", "1", "--json")["ids"]
        theirs = ask("/completion", {"prompt": ids, "n_predict": 24, "temperature": 0.0, "top_k": 1,
                                     "return_tokens": True, "cache_prompt": False})["tokens"]
        print(f"    {'same' if ours[:len(theirs)] == theirs else 'DIFFERENT'} {len(theirs)} ids of the answer")
        is_same = is_same and ours[:len(theirs)] == theirs
        if ours[:len(theirs)] != theirs:
            print("   ours  ", ours, "\n   theirs", theirs)
    return is_same


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("z2all")
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--prompt", action="append", default=[])
    options = parser.parse_args()
    tensors = expected(options.model)
    with tempfile.TemporaryDirectory() as folder:
        for name, tolerance in TYPES.items():
            file = pathlib.Path(folder) / f"{name}.gguf"
            z2all(options.z2all, "model", "export", str(options.model), "--format", "gguf",
                  "--dtype", name, "--output", str(file), "--json")
            count, worst = compare_weights(file, tensors, tolerance)
            print(f"{name}: {count} tensors, {file.stat().st_size} bytes, largest error {worst:.2e}")
            if name == "fp32":
                compare_llama(options.z2all, options.model, file, options.prompt or ["Hello", "The "])


if __name__ == "__main__":
    sys.exit(main())
