"""Perplexity and multiple choice of a committed tiny model, as transformers computes them.

Run by hand: python tests/oracle/make_eval_goldens.py  (torch 2.11, transformers 5; fp32, CPU)
Writes tests/fixtures/eval/: tokens.json, questions.jsonl, oracle.json. The model is
tests/fixtures/hf/llama_gqa, its tokenizer one character a token: ' ' is 3, '!' 4, …
"""

import json
import pathlib
import random

import torch
from transformers import AutoModelForCausalLM

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"
WINDOW = 16


def encode(text):
    return [ord(c) - 29 for c in text]


def log_probs(model, ids, first):
    """The sum of the log probabilities of ids[first:], each given all before it."""
    logits = model(torch.tensor([ids])).logits[0].double()
    table = torch.log_softmax(logits, dim=-1)
    return sum(table[i - 1, ids[i]].item() for i in range(first, len(ids)))


def perplexity(model, tokens):
    total, count = 0.0, 0
    for begin in range(0, len(tokens) - 1, WINDOW):
        piece = tokens[begin:begin + WINDOW + 1]
        total -= log_probs(model, piece, 1)
        count += len(piece) - 1
    return {"window": WINDOW, "tokens": count, "loss": total / count}


def choices(model, questions):
    right, right_by_length = 0, 0
    for question in questions:
        before = encode(question["question"])
        sums = [log_probs(model, before + encode(" " + c), len(before)) for c in question["choices"]]
        by_length = [s / len(c) for s, c in zip(sums, question["choices"])]
        answer = "ABCD".index(question["answer"])
        right += sums.index(max(sums)) == answer
        right_by_length += by_length.index(max(by_length)) == answer
        question["sums"] = sums
    return {"accuracy": right / len(questions), "accuracy_norm": right_by_length / len(questions),
            "sums": [question.pop("sums") for question in questions]}


def main():
    torch.set_num_threads(1)
    model = AutoModelForCausalLM.from_pretrained(FIXTURES / "hf/llama_gqa").float().eval()
    draw = random.Random(3)
    tokens = [draw.randrange(3, 96) for _ in range(70)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    word = lambda longest: "".join(draw.choice(letters) for _ in range(draw.randint(1, longest)))
    questions = [{"question": word(6) + " " + word(5), "choices": [word(7) for _ in range(4)],
                  "answer": draw.choice("ABCD")} for _ in range(40)]
    with torch.no_grad():
        oracle = {"perplexity": perplexity(model, tokens), "choices": choices(model, questions)}
    folder = FIXTURES / "eval"
    folder.mkdir(exist_ok=True)
    (folder / "tokens.json").write_text(json.dumps(tokens) + "\n")
    (folder / "questions.jsonl").write_text("".join(json.dumps(q) + "\n" for q in questions))
    (folder / "oracle.json").write_text(json.dumps(oracle) + "\n")


if __name__ == "__main__":
    main()
