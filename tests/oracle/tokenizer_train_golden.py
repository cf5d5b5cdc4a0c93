"""Trains byte-level BPE with Hugging Face `tokenizers` on small texts and writes what it learnt.

Usage: python tokenizer_train_golden.py ../core/tokenizer/train/golden.json
Needs: pip install tokenizers (written with 0.23.3).
"""

import json
import pathlib
import random
import sys
import tempfile

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
PATTERNS = {
    "llama3": CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + REST,
    "qwen2": CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + REST,
}

ENGLISH = """In the beginning God created the heaven and the earth.
And the earth was without form, and void; and darkness was upon the face of the deep.
And the Spirit of God moved upon the face of the waters.
And God said, Let there be light: and there was light.
And God saw the light, that it was good: and God divided the light from the darkness.
And God called the light Day, and the darkness he called Night.
It's what we've said, they'll say, I'm sure you'd AGREE; THEY'RE right in 1984, 12345 and 7.
"""
CHINESE = """床前明月光，疑是地上霜。举头望明月，低头思故乡。
白日依山尽，黄河入海流。欲穷千里目，更上一层楼。
春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。
明月几时有？把酒问青天。不知天上宫阙，今夕是何年。
明月明月，明月光。２０２４年　全角空格。
"""
CODE = """#include <vector>
int main(int argc, char** argv) {
\tstd::vector<int> values(100, 0);
    for (int i = 0; i < 100; ++i) {
        values[i] = i * i;   // the square
    }

    if (values.size() != 100u) { return 1; }
    return 0;
}
"""
EDGE = "aaaa aaaaaaa aaa a aaaaaaaaaaaaaaaaaa\n\r\n  \t x\u00a0y\u3000z\u200b\n" \
    "e\u0301e\u0301 \u00e9\u00e9 \u1e9b\u0323 \U0001f600\U0001f600\U0001f44d\U0001f3fd\n" \
    "\ufeffline\u2028separator\u0085next\x00nul\x1cfs\n'S 'LL 'tis DON'T\n\n\n\n   \nlast line without end"


def ambiguous():
    source = random.Random(7)
    words = ["".join(source.choice("ab") for _ in range(source.randint(1, 14))) for _ in range(300)]
    return " ".join(words) + "\n"


def duplicates():
    """Words of the same few pieces, whose pairs overlap."""
    source = random.Random(3)
    lines = []
    for _ in range(400):
        lines.append("".join(source.choice(["ab", "bc", "abc", "cab", "c", "bca"])
                             for _ in range(source.randint(1, 6))))
    return " ".join(lines) + "\n"


TEXTS = {
    "english": ENGLISH,
    "chinese": CHINESE,
    "code": CODE,
    "edge": EDGE,
    "ambiguous": ambiguous(),
    "duplicates": duplicates(),
    "empty": "",
}


def tokenizer_of(pattern):
    tokenizer = Tokenizer(models.BPE())
    if pattern == "gpt2":
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        return tokenizer
    if pattern == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERNS[pattern]), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    return tokenizer


def train(text, pattern, vocab_size, min_frequency, special, max_token_length):
    tokenizer = tokenizer_of(pattern)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, min_frequency=min_frequency, special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
        max_token_length=max_token_length or None)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "text.txt"
        path.write_bytes(text.encode())
        tokenizer.train([str(path)], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    vocab = sorted(model["vocab"], key=model["vocab"].get)
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    first = 256 + sum(len(token) > 1 for token in special)  # a special byte is that byte's token
    return {"vocab": vocab[first:], "merges": merges, "size": len(vocab)}


cases = []
END = ["<|endoftext|>"]
for name in TEXTS:
    for pattern in ("gpt2", "llama3", "qwen2"):
        for min_frequency in (1, 2):
            cases.append((name, pattern, 420, min_frequency, END, 0))
cases.append(("ambiguous", "gpt2", 3000, 0, END, 0))
cases.append(("ambiguous", "gpt2", 3000, 0, END, 5))
cases.append(("duplicates", "gpt2", 2000, 0, END, 0))
cases.append(("english", "gpt2", 2000, 0, ["<s>", "</s>", "<pad>"], 8))
cases.append(("english", "gpt2", 400, 0, ["<|endoftext|>", "th", "e"], 0))
# Special tokens that merging makes again: their ids are reused.
cases.append(("english", "gpt2", 400, 0, ["<|endoftext|>", "\u0120the", "the", "th", "od"], 0))
cases.append(("duplicates", "gpt2", 600, 0, ["<|endoftext|>", "abc", "bca", "abcab"], 0))

written = []
for name, pattern, vocab_size, min_frequency, special, longest in cases:
    row = {"text": name, "pattern": pattern, "vocab_size": vocab_size, "special": special,
           "min_frequency": min_frequency, "max_token_length": longest}
    row |= train(TEXTS[name], pattern, vocab_size, min_frequency, special, longest)
    written.append(row)

with open(sys.argv[1], "w", encoding="utf-8") as out:
    out.write('{"texts":' + json.dumps(TEXTS) + ',\n"cases":[\n')
    out.write(",\n".join(json.dumps(row, ensure_ascii=False) for row in written))
    out.write("\n]}\n")
print(len(written), "cases")
