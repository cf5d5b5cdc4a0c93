"""Tokens a second of generation on the CPU, beside transformers' generate: same weights, fp32, greedy.

usage: generate_peer.py Z2ALL_TRAIN FOLDER [--shape tiny|124m] [--tokens N] [--threads N] [--rounds N]
FOLDER gets a random model of the shape (kept for the next time). Both programs take turns; the time
is that between the first and the last new token. Prints JSON with the medians.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import time

import torch
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

SHAPES = {
    "tiny": dict(vocab_size=8000, hidden_size=320, intermediate_size=864, num_hidden_layers=6,
                 num_attention_heads=5, num_key_value_heads=5, head_dim=64,
                 max_position_embeddings=256),
    "124m": dict(vocab_size=50304, hidden_size=768, intermediate_size=2048, num_hidden_layers=12,
                 num_attention_heads=12, num_key_value_heads=12, head_dim=64,
                 max_position_embeddings=1024),
}
PROMPT = list(range(5, 37))


def make(folder, shape):
    if (folder / "config.json").exists():
        return
    torch.manual_seed(1)
    config = LlamaConfig(**SHAPES[shape], rms_norm_eps=1e-5, tie_word_embeddings=True,
                         bos_token_id=None, eos_token_id=None)
    LlamaForCausalLM(config).float().save_pretrained(folder)


class Ours:
    def __init__(self, program, folder, threads):
        self.process = subprocess.Popen(
            [program, "generate", "--model", str(folder), "--device", "cpu", "--threads", str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def run(self, tokens):
        # Another first token each time, so that no prompt is found in the cache.
        print(json.dumps({"prompt": PROMPT, "max_new_tokens": tokens}), file=self.process.stdin, flush=True)
        times, ids = [], []
        while True:
            message = json.loads(self.process.stdout.readline())
            if "end" in message:
                return (len(times) - 1) / (times[-1] - times[0]), ids
            times.append(time.perf_counter())
            ids.append(message["id"])


class Clock:
    """A streamer that notes when tokens come."""

    def __init__(self):
        self.times = []

    def put(self, value):
        self.times.append(time.perf_counter())

    def end(self):
        pass


class Theirs:
    def __init__(self, folder):
        self.model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()

    def run(self, tokens):
        clock = Clock()
        with torch.inference_mode():
            out = self.model.generate(torch.tensor([PROMPT]), max_new_tokens=tokens, do_sample=False,
                                      streamer=clock, pad_token_id=0)
        times = clock.times[1:]  # the first is the prompt
        return (len(times) - 1) / (times[-1] - times[0]), out[0, len(PROMPT):].tolist()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--shape", choices=SHAPES, default="tiny")
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    make(options.folder, options.shape)
    ours, theirs = Ours(options.program, options.folder, options.threads), Theirs(options.folder)
    rates = {"ours": [], "theirs": []}
    same = True
    for name, side in (("ours", ours), ("theirs", theirs)):
        side.run(16)
    for _ in range(options.rounds):
        mine, my_ids = ours.run(options.tokens)
        other, other_ids = theirs.run(options.tokens)
        rates["ours"].append(mine)
        rates["theirs"].append(other)
        same = same and my_ids == other_ids
    ours.process.stdin.close()
    print(json.dumps({"shape": options.shape, "threads": options.threads, "same_ids": same,
                      "tok_s": statistics.median(rates["ours"]),
                      "peer_tok_s": statistics.median(rates["theirs"]),
                      "all": rates}))


if __name__ == "__main__":
    main()
