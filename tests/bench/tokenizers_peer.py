"""Runs Hugging Face `tokenizers` as `z2all bench tokenizer` runs, for comparison.

Usage: python tokenizers_peer.py --train FILE... --encode NAME=FILE... [--vocab-size 16000]
Each part runs in a process of its own, so that peak memory is that part's. Prints one JSON object
with the keys of `z2all bench tokenizer --json`. Needs: pip install tokenizers.
"""

import argparse
import json
import multiprocessing
import os
import resource
import time

END = "<|endoftext|>"


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def train(files, vocab_size, path, answers):
    from tokenizers import Tokenizer, models, pre_tokenizers, decoders, trainers

    base = peak_mb()
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, min_frequency=0, special_tokens=[END], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    start = time.perf_counter()
    tokenizer.train(files, trainer)
    seconds = time.perf_counter() - start
    answers.put({"seconds": seconds, "peak_mb": peak_mb(), "base_mb": base})
    tokenizer.save(path)


def encode(path, file, answers):
    os.environ["RAYON_NUM_THREADS"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(path)
    with open(file, encoding="utf-8", newline="\n") as source:
        lines = source.read().split("\n")
    size = os.path.getsize(file)
    best, tokens = float("inf"), 0
    for _ in range(3):
        start = time.perf_counter()
        tokens = sum(len(tokenizer.encode(line, add_special_tokens=False).ids) for line in lines)
        best = min(best, time.perf_counter() - start)
    answers.put({"mb_s": size / 1e6 / best, "tokens": tokens, "peak_mb": peak_mb()})


def apart(function, *arguments):
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=function, args=(*arguments, answers))
    process.start()
    answer = answers.get()
    process.join()
    return answer


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--train", nargs="+", required=True)
    parser.add_argument("--encode", nargs="*", default=[], metavar="NAME=FILE")
    parser.add_argument("--vocab-size", type=int, default=16000)
    parser.add_argument("--output", default="peer-tokenizer.json")
    options = parser.parse_args()
    result = {"train": apart(train, options.train, options.vocab_size, options.output)}
    size = sum(os.path.getsize(file) for file in options.train)
    result["train"]["mb_s"] = size / 1e6 / result["train"]["seconds"]
    result["encode"] = {}
    for item in options.encode:
        name, file = item.split("=", 1)
        result["encode"][name] = apart(encode, options.output, file)
    print(json.dumps(result))
