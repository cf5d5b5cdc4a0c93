"""The greedy tokens of an exported chat model beside transformers': the same directory, fp32, the same prompts.

usage: greedy_parity.py Z2ALL_TRAIN HF_FOLDER [--device cpu|cuda] [--tokens N]
Both get the ids that transformers' chat template makes. Prints one line a prompt; status 1 when one differs.
(transformers 5, torch 2.11)
"""

import argparse
import json
import subprocess
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

QUESTIONS = ["What is the capital of France?", "Write a short poem about the moon.", "Explain what a computer is.",
             "List three fruits.", "How do I boil an egg?", "What is 12 times 12?", "Tell me a story about a dog.",
             "你好，请介绍一下你自己。", "写一首关于春天的诗。", "中国最长的河流是哪一条？", "怎样学习一门新的语言？", "什么是光合作用？"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--tokens", type=int, default=32)
    options = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(options.folder)
    model = AutoModelForCausalLM.from_pretrained(options.folder).float().to(options.device).eval()
    end = model.generation_config.eos_token_id
    ends = end if isinstance(end, list) else [end] if end is not None else []
    ours = subprocess.Popen([options.program, "generate", "--model", options.folder, "--device", options.device],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ours.stdout.readline()
    same = 0
    for question in QUESTIONS:
        ids = tokenizer.apply_chat_template([{"role": "user", "content": question}], add_generation_prompt=True,
                                            return_dict=False)
        with torch.no_grad():
            theirs = model.generate(torch.tensor([ids], device=options.device), max_new_tokens=options.tokens,
                                    do_sample=False)[0, len(ids):].tolist()
        print(json.dumps({"prompt": ids, "max_new_tokens": options.tokens, "stop": ends, "temperature": 0}),
              file=ours.stdin, flush=True)
        new = []
        while "end" not in (message := json.loads(ours.stdout.readline())):
            if "error" in message:
                sys.exit(message["error"])
            new.append(message["id"])
        is_same = [i for i in new if i not in ends] == [i for i in theirs if i not in ends]
        same += is_same
        print("same  " if is_same else "OTHER ", repr(question), "->", repr(tokenizer.decode(new, skip_special_tokens=True)),
              "" if is_same else repr(tokenizer.decode(theirs, skip_special_tokens=True)))
    ours.stdin.close()
    ours.wait()
    print(f"{same} of {len(QUESTIONS)} answers have the same greedy tokens")
    return 0 if same == len(QUESTIONS) else 1


if __name__ == "__main__":
    sys.exit(main())
