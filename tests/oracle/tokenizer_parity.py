#!/usr/bin/env python3
"""Compares encoding and decoding with `tokenizers` and `sentencepiece`, on fuzzed strings and on
every line of the given files. Run by hand (tokenizers 0.23, sentencepiece 0.2):

    python tests/oracle/tokenizer_parity.py --z2all build/bin/z2all --text FILE... [--tokenizer FILE...]

Without --tokenizer: GPT-2-, Llama-3- and Qwen2-like tokenizers and two sentencepiece models, trained
on the text. Prints one JSON object a comparison, and the first differences; ends with 1 if any.
"""
import argparse
import io
import itertools
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
          r"|\s*[\r\n]+|\s+(?!\S)|\s+")
PATTERNS = {"gpt2_like": None, "llama3_like": LLAMA3, "qwen2_like": LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")}
SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u180e\u2000\u2003\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
BITS = ["'s", "'S", "'ll", "'LL", "'re", "'\u017f", "\u2019s", "<|endoftext|>", "<|im_start|>", "<s>", "</s>", "<unk>",
        "<tool>", "hello", "<mask>", "<0x41>", "<0xE6>", "\u2581", "\u2581\u2581", "e\u0301", "\u0323\u0307", "\u212b", "\ufb01",
        "\u1100\u1161\u11a8", "\uac00\u11a8", "\U0001f468\u200d\U0001f469", "\U0001f44d\U0001f3fd", "\U0001f1e8\U0001f1f3",
        "\0", "\ufffd", "123", "4567", "\u0663\u0664", "\u216b", "\u00bd", "\n\n", "\r\n", "  ", " \n ", "...", "!?", "==", "//"]


def random_character(rng):
    while True:
        code = rng.choice([lambda: rng.randrange(0x80), lambda: rng.randrange(0x80, 0x800),
                           lambda: rng.randrange(0x800, 0x3000), lambda: rng.randrange(0x3000, 0x10000),
                           lambda: rng.randrange(0x4e00, 0x9fff), lambda: rng.randrange(0x10000, 0x20000),
                           lambda: rng.randrange(0x20000, 0x110000)])()
        if not 0xd800 <= code < 0xe000:
            return chr(code)


def fuzzed(rng, lines):
    """One string: any characters, spaces and words that pre-tokenizers care for, or a line changed."""
    kind = rng.randrange(6)
    if kind == 0:
        return "".join(random_character(rng) for _ in range(rng.randrange(1, 30)))
    if kind == 1:
        return "".join(rng.choice(BITS + list(SPACES)) for _ in range(rng.randrange(1, 20)))
    if kind == 2:
        return (rng.choice(BITS) if rng.random() < 0.5 else random_character(rng)) * rng.randrange(1, 100)
    line = rng.choice(lines)
    start = rng.randrange(len(line) + 1)
    parts = list(line[start:start + rng.randrange(1, 160)])
    for _ in range(rng.randrange(1, 8) if kind < 5 else 0):
        at = rng.randrange(len(parts) + 1)
        parts[at:at + rng.randrange(2)] = [rng.choice([rng.choice(BITS), rng.choice(SPACES), random_character(rng)])]
    text = "".join(parts)
    return unicodedata.normalize(rng.choice(["NFC", "NFD", "NFKD"]), text) if kind == 4 else text


def broken(rng, text):
    """The text's bytes, some lost, some changed."""
    data = bytearray(text.replace("\n", " ").encode())
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(len(data) + 1)
        data[at:at + rng.randrange(3)] = bytes(rng.choice([[], [rng.randrange(128, 256)], [0xe6, 0x9c], [0xf0, 0x9f],
                                                           [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]))
    return bytes(data).replace(b"\n", b" ")


class HuggingFace:
    def __init__(self, path):
        self.tokenizer = Tokenizer.from_file(str(path))
        self.size = self.tokenizer.get_vocab_size()

    def encode(self, rows, is_special):
        self.tokenizer.encode_special_tokens = not is_special
        rows = [row.decode("utf-8", "replace") for row in rows]
        return [made.ids for made in self.tokenizer.encode_batch_fast(rows, add_special_tokens=False)]

    def decode(self, rows):
        return self.tokenizer.decode_batch(rows, skip_special_tokens=False)


class SentencePiece:
    def __init__(self, path):
        self.processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        self.size = self.processor.vocab_size()

    def encode(self, rows, is_special):
        return [self.processor.encode(row) for row in rows]

    def decode(self, rows):
        return [self.processor.decode(row) for row in rows]


def run(z2all, command, tokenizer, path, *options):
    done = subprocess.run([z2all, "tokenizer", command, "--tokenizer", str(tokenizer), "--input", str(path), *options],
                          stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def report(name, what, inputs, ours, theirs):
    differing = [i for i in range(len(inputs)) if i >= len(ours) or ours[i] != theirs[i]]
    is_same = not differing and len(ours) == len(inputs)
    print(json.dumps({"tokenizer": name, "what": what, "compared": len(inputs), "answers": len(ours),
                      "mismatches": len(differing)}), flush=True)
    for i in differing[:5]:
        print(f"  {inputs[i]!r}\n    ours   {ours[i] if i < len(ours) else None!r}\n    theirs {theirs[i]!r}")
    return is_same


def compare(z2all, path, folder, sets, rng):
    is_model = path.suffix == ".model"
    peer = (SentencePiece if is_model else HuggingFace)(path)
    is_same = True
    # Ids that no text gives: bytes of characters apart, specials anywhere.
    decoded = [[rng.randrange(peer.size) for _ in range(rng.randrange(12))] for _ in range(20000)]
    for what, rows in sets.items():
        source = folder / f"{what}.rows"
        shape = ["--format", "lines"]
        if what == "fuzzed":
            source.write_text("".join(json.dumps({"text": row.decode()}, ensure_ascii=False) + "\n" for row in rows))
            shape = ["--format", "jsonl", "--field", "text"]
        else:
            source.write_bytes(b"".join(row + b"\n" for row in rows))
        for is_special in [False] if is_model else [False, True]:
            theirs = peer.encode(rows, is_special)
            ours = run(z2all, "encode", path, source, *shape, *(["--allow-special"] if is_special else []))
            is_same &= report(path.name, f"encode {what}" + (" with specials" if is_special else ""), rows, ours, theirs)
        decoded += theirs
    source = folder / "ids"
    source.write_text("".join(json.dumps(ids) + "\n" for ids in decoded))
    return report(path.name, "decode", decoded, run(z2all, "decode", path, source), peer.decode(decoded)) and is_same


def byte_level(name, lines):
    tokenizer = Tokenizer(models.BPE())
    pattern = PATTERNS[name]
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=pattern is None)
    tokenizer.pre_tokenizer = level if pattern is None else pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), "isolated"), level])
    if name == "qwen2_like":
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=16000, special_tokens=["<|endoftext|>", "<|im_start|>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.add_tokens([AddedToken("<tool>", normalized=False), AddedToken("hello", single_word=True),
                          AddedToken("<mask>", lstrip=True, rstrip=True, normalized=False)])
    definition = json.loads(tokenizer.to_str())
    definition["model"]["ignore_merges"] = name == "llama3_like"
    return json.dumps(definition, ensure_ascii=False).encode()


def sentence_piece(rule, lines):
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=made, model_type="bpe", minloglevel=2, vocab_size=8000,
        normalization_rule_name=rule, byte_fallback=True, split_digits=True, user_defined_symbols=["<tool>"],
        remove_extra_whitespaces=rule != "identity")
    return made.getvalue()


def trained(folder, lines):
    some = random.Random(1).sample(lines, min(len(lines), 20000))
    makers = {f"{name}.json": lambda name=name: byte_level(name, some) for name in PATTERNS}
    makers |= {f"spm_{rule}.model": lambda rule=rule: sentence_piece(rule, some) for rule in ("identity", "nmt_nfkc")}
    for name, make in makers.items():
        (folder / name).write_bytes(make())
    return [folder / name for name in makers]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--z2all", default="build/bin/z2all")
    parser.add_argument("--text", nargs="+", type=pathlib.Path, required=True)
    parser.add_argument("--tokenizer", nargs="*", type=pathlib.Path, default=[])
    parser.add_argument("--count", type=int, default=200000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    lines = list(itertools.chain.from_iterable(path.read_bytes().split(b"\n") for path in options.text))
    texts = [line.decode("utf-8", "replace")[:4000] for line in lines if line]
    strings = [fuzzed(rng, texts) for _ in range(options.count)]
    sets = {"fuzzed": [string.encode() for string in strings],
            "broken": [broken(rng, string) for string in strings[:options.count // 4]], "lines": lines}
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        paths = options.tokenizer or trained(folder, texts)
        is_same = [compare(options.z2all, path, folder, sets, rng) for path in paths]
    sys.exit(0 if all(is_same) else 1)


main()
