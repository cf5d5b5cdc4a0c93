"""The step that the engine is compared with: the preset "tiny" in eager PyTorch.

usage: python torch_tiny_llama.py [--threads 2] [--micro-batch 8] [--seq 256] [--steps 8]
Prints one JSON object with tok_s (median), tok_s_min and tok_s_max, as `z2all bench step`.
"""

import argparse
import json
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn

VOCAB, HIDDEN, INNER, LAYERS, HEADS, HEAD = 8000, 320, 864, 6, 5, 64


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.RMSNorm(HIDDEN, eps=1e-5), nn.RMSNorm(HIDDEN, eps=1e-5)
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN, bias=False)
        self.out = nn.Linear(HIDDEN, HIDDEN, bias=False)
        self.gate_up = nn.Linear(HIDDEN, 2 * INNER, bias=False)
        self.down = nn.Linear(INNER, HIDDEN, bias=False)

    def forward(self, x, cos, sin):
        rows, columns, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(rows, columns, 3, HEADS, HEAD).unbind(2)
        q, k = (rotate(t, cos, sin) for t in (q, k))
        q, k, v = (t.transpose(1, 2) for t in (q, k, v))
        attention = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(attention.transpose(1, 2).reshape(rows, columns, HIDDEN))
        gate, up = self.gate_up(self.norm2(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, HIDDEN)
        nn.init.normal_(self.embedding.weight, std=0.02)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.RMSNorm(HIDDEN, eps=1e-5)

    def forward(self, tokens, targets):
        angle = torch.arange(tokens.shape[1])[:, None] * 10000.0 ** (
            -torch.arange(0, HEAD, 2) / HEAD)
        cos, sin = angle.cos()[:, None], angle.sin()[:, None]
        x = self.embedding(tokens)
        for layer in self.layers:
            x = layer(x, cos, sin)
        logits = F.linear(self.norm(x), self.embedding.weight)
        return F.cross_entropy(logits.view(-1, VOCAB), targets.view(-1))


def rotate(x, cos, sin):
    a, b = x.chunk(2, -1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), -1)


def main():
    parser = argparse.ArgumentParser()
    for name, value in (("threads", 2), ("micro-batch", 8), ("seq", 256), ("steps", 8)):
        parser.add_argument(f"--{name}", type=int, default=value)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    model = Model()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.1, fused=True)
    tokens, targets = torch.randint(VOCAB, (2, args.micro_batch, args.seq))

    seconds = []
    for step in range(args.steps + 1):
        start = time.perf_counter()
        loss = model(tokens, targets)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step:
            seconds.append(time.perf_counter() - start)
    count = tokens.numel()
    print(json.dumps({
        "tok_s": count / statistics.median(seconds),
        "tok_s_min": count / max(seconds),
        "tok_s_max": count / min(seconds),
        "loss": loss.item(),
        "parameters": sum(p.numel() for p in model.parameters()),
        "torch": torch.__version__,
    }))


main()
