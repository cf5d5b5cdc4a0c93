"""From text to a chat that other programs run: pretraining, SFT, DPO and export of a tiny model.

Run by hand: python tests/oracle/text_to_chat.py Z2ALL [--folder DIR] [--device cpu]
Every step is a command of z2all; the figures are printed as they come, and a goal that is missed ends
the script with status 1: held-out loss falls in SFT, reward accuracy on held-out pairs rises above
0.6 in DPO, transformers reads the exported directory, makes the same ids of a conversation, and
generates the same tokens greedily, the package gguf reads the GGUF file, and llama.cpp (xllamacpp,
where it is installed) continues it with the same tokens.
(transformers 5, torch 2.11, gguf 0.19, xllamacpp 2026.10)
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import urllib.request

from gguf_parity import compare_llama, compare_weights, expected

PLACES = {"meadow": "grass", "river": "fish", "forest": "berries", "barn": "hay", "roof": "crumbs", "garden": "worms"}
ANIMALS = ["cat", "dog", "cow", "hen", "fox", "goat", "horse", "duck", "mouse", "sheep"]
NAMES = ["Ann", "Bob", "Eve", "Tom", "Mia", "Leo", "Ida", "Max", "Zoe", "Kai"]
SHAPE = {"model.hidden_size": 64, "model.intermediate_size": 176, "model.num_hidden_layers": 2,
         "model.num_attention_heads": 4, "model.num_key_value_heads": 2, "model.max_position_embeddings": 256}


class Workshop:
    def __init__(self, program, folder, device):
        self.program, self.folder, self.device = program, folder, device
        self.missed = []

    def at(self, name):
        return str(self.folder / name)

    def z2all(self, *arguments):
        done = subprocess.run([self.program, *arguments, "--json"], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"z2all {' '.join(arguments)}\n{done.stderr}")
        return json.loads(done.stdout)

    def goal(self, is_met, what):
        print(f"  {'ok     ' if is_met else 'MISSED '} {what}")
        if not is_met:
            self.missed.append(what)

    def run(self, name, task, settings):
        """A run to its end; its rows that have a validation."""
        settings = {"train.device": self.device, "train.micro_batch_size": 8, "train.checkpoint_interval": 100,
                    "optim.warmup_steps": 10, **settings}
        flags = [flag for key, value in settings.items() for flag in ("--set", f"{key}={value}")]
        self.z2all("run", "new", "--task", task, "--dir", self.at(name), *flags)
        done = subprocess.run([self.program, "run", "start", self.at(name), "--foreground"], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{name}: {done.stderr}")
        rows = subprocess.run([self.program, "run", "tail", self.at(name)], capture_output=True, text=True, check=True).stdout
        return [row for row in map(json.loads, rows.splitlines()) if "valid/loss" in row]


def sentence(draw):
    animal, place, name = draw.choice(ANIMALS), draw.choice(list(PLACES)), draw.choice(NAMES)
    return animal, place, name, f"{name} has a {animal}. The {animal} lives in the {place} and eats {PLACES[place]}."


def write_data(shop):
    draw = random.Random(5)
    text, answers, pairs = [], [], []
    for _ in range(3000):
        text.append(sentence(draw)[3])
    for _ in range(1500):
        animal, place, name, story = sentence(draw)
        wrong = draw.choice([p for p in PLACES if p != place])
        question, right, other = draw.choice([
            ("Where does it live?", f"It lives in the {place}.", f"It lives in the {wrong}."),
            ("What does it eat?", f"It eats {PLACES[place]}.", f"It eats {PLACES[wrong]}."),
            ("Whose is it?", f"The {animal} belongs to {name}.", f"The {animal} belongs to nobody."),
            ("它住在哪里？", f"它住在 {place}。", f"它住在 {wrong}。")])
        messages = [{"role": "system", "content": "Answer from the story."}, {"role": "user", "content": f"{story} {question}"}]
        answers.append({"messages": [*messages, {"role": "assistant", "content": right}]})
        pairs.append({"prompt": messages, "chosen": [{"role": "assistant", "content": right}],
                      "rejected": [{"role": "assistant", "content": other}]})
    (shop.folder / "text.txt").write_text("\n\n".join(text) + "\n" + "\n\n".join(
        m["content"] for a in answers[1200:] for m in a["messages"]) + "\n", encoding="utf-8")
    for name, rows in (("answers", answers[:800]), ("pairs", pairs[800:1200])):
        (shop.folder / f"{name}.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return [pair["prompt"] for pair in pairs[-6:]]  # of neither


def train(shop):
    data = ("--tokenizer", shop.at("tokenizer"), "--valid-fraction", "0.1")
    shop.z2all("tokenizer", "train", "--type", "bbpe", "--input", shop.at("text.txt"), "--vocab-size", "600",
               "--special", "<|im_start|>", "--special", "<|im_end|>", "--output", shop.at("tokenizer"))
    shop.z2all("data", "tokenize", "--task", "pretrain", "--input", shop.at("text.txt"), "--output", shop.at("text"), *data)
    for task, name in (("sft", "answers"), ("dpo", "pairs")):
        shop.z2all("data", "tokenize", "--task", task, "--template", "chatml", "--input", shop.at(f"{name}.jsonl"),
                   "--output", shop.at(name), *data)

    rows = shop.run("base", "pretrain", {**SHAPE, "tokenizer.path": shop.at("tokenizer"), "data.train": shop.at("text"),
                                         "data.valid": shop.at("text.valid"), "data.seq_len": 128, "train.steps": 150,
                                         "train.eval_interval": 50, "optim.lr": "3e-3"})
    print("pretraining, held-out loss:", [round(row["valid/loss"], 4) for row in rows])
    tuned = {"data.seq_len": 256, "train.micro_batch_size": 4}
    before = shop.z2all("eval", "--model", shop.at("base"), "--data", shop.at("answers.valid"), "--device", shop.device)["loss"]
    rows = shop.run("tuned", "sft", {**tuned, "model.init_from": shop.at("base"), "data.train": shop.at("answers"),
                                     "data.valid": shop.at("answers.valid"), "train.steps": 200,
                                     "train.eval_interval": 25, "optim.lr": "2e-3"})
    losses = [row["valid/loss"] for row in rows]
    print("SFT, held-out loss of the answers:", [round(loss, 4) for loss in losses])
    shop.goal(losses[-1] < 0.8 * losses[0], f"held-out loss falls: {losses[0]:.4f} at step 25, {losses[-1]:.4f} at 200")
    after = shop.z2all("eval", "--model", shop.at("tuned"), "--data", shop.at("answers.valid"), "--device", shop.device)["loss"]
    shop.goal(after < before, f"loss of all tokens of held-out conversations: {before:.4f} before, {after:.4f} after")
    rows = shop.run("aligned", "dpo", {**tuned, "model.init_from": shop.at("tuned"), "data.train": shop.at("pairs"),
                                       "data.valid": shop.at("pairs.valid"), "train.steps": 60,
                                       "train.eval_interval": 10, "optim.lr": "5e-4"})
    accuracies = [row["valid/rewards/accuracies"] for row in rows]
    print("DPO, held-out reward accuracy:", [round(one, 3) for one in accuracies],
          "margin:", [round(row["valid/rewards/margins"], 3) for row in rows])
    shop.goal(accuracies[-1] > 0.6, f"reward accuracy on held-out pairs: {accuracies[-1]:.3f}")


def compare_transformers(shop, prompts):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    folder = shop.at("hf")
    shop.z2all("model", "export", shop.at("aligned"), "--format", "hf", "--output", folder, "--dtype", "fp32")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder).float().eval()
    server = subprocess.Popen([shop.program, "serve", "--model", shop.at("aligned"), "--device", shop.device],
                              stdout=subprocess.PIPE, text=True)
    try:
        url = json.loads(server.stdout.readline())["url"]

        def ask(path, body):
            request = urllib.request.Request(url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
            return json.loads(urllib.request.urlopen(request).read())

        same = 0
        for messages in prompts:
            ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
            with torch.no_grad():
                new = model.generate(torch.tensor([ids]), max_new_tokens=24, do_sample=False)[0, len(ids):].tolist()
            theirs = tokenizer.decode(new, skip_special_tokens=True)
            chat = ask("/v1/chat/completions", {"messages": messages, "max_tokens": 24, "temperature": 0, "logprobs": True})
            ours = chat["choices"][0]["message"]["content"]
            spelled = [token for token in (tokenizer.decode([i]) for i in new)]
            tokens = [entry["token"] for entry in chat["choices"][0]["logprobs"]["content"]]
            is_same = chat["usage"]["prompt_tokens"] == len(ids) and ours.strip() == theirs.strip() and tokens == spelled
            same += is_same
            print(f"    {messages[-1]['content']!r} -> {ours!r}" + ("" if is_same else f", transformers: {theirs!r}"))
        shop.goal(same == len(prompts), f"transformers answers with the same tokens: {same} of {len(prompts)}")
    finally:
        server.terminate()
        server.wait()
    return folder


def compare_gguf(shop, folder, prompts):
    import gguf
    written = shop.z2all("model", "export", shop.at("aligned"), "--format", "gguf", "--dtype", "fp32", "--output", shop.at("gguf"))
    file = pathlib.Path(shop.at("gguf")) / written["files"][0]
    count, worst = compare_weights(file, expected(pathlib.Path(folder)), 0.0)
    fields = gguf.GGUFReader(file).fields
    shop.goal("tokenizer.chat_template" in fields and "tokenizer.ggml.pre" in fields,
              f"gguf reads {count} tensors (largest error {worst}) with chat template and pre-tokenizer")
    same = compare_llama(shop.program, pathlib.Path(folder), file, [messages[-1]["content"] for messages in prompts[:3]])
    if same is not None:
        shop.goal(same, "llama.cpp tokenizes and continues three prompts with the same tokens")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("z2all")
    parser.add_argument("--folder", type=pathlib.Path, help="kept; else a temporary one")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        shop = Workshop(options.z2all, folder, options.device)
        prompts = write_data(shop)
        train(shop)
        compare_gguf(shop, compare_transformers(shop, prompts), prompts)
    return 1 if shop.missed else 0


if __name__ == "__main__":
    sys.exit(main())
