"""The chat templates of public models, as the package trl brings them, against transformers.

Run by hand: python tests/oracle/chat_template_parity.py Z2ALL [--folder FOLDER] [--only NAME]
FOLDER has *.jinja files; else those of the installed trl (chat_templates/) are taken. Each renders
conversations of several kinds, and z2all must give the ids of transformers' apply_chat_template.
NAME_training.jinja marks with {% generation %} what is learnt: z2all's mask must be transformers'
there. What z2all finds to be learnt in NAME.jinja, which marks nothing, is shown where it is
another text: marks by hand may also begin before, or end behind, what a model has to write.
(transformers 5.24, tokenizers 0.23, trl 1.16)
"""

import argparse
import importlib.util
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from tokenizers import AddedToken, Tokenizer
from transformers import PreTrainedTokenizerFast

BASE = pathlib.Path(__file__).resolve().parent.parent / "core/tokenizer/data/qwen2_like.json"
CALL = {"type": "function", "id": "abc123def", "function": {"name": "get_time", "arguments": {"zone": "Asia/Tokyo", "ok": True}}}
TOOLS = [{"type": "function", "function": {"name": "get_time", "description": "Time in a zone", "parameters": {
    "type": "object", "properties": {"zone": {"type": "string", "description": "a name"}}, "required": ["zone"]}}}]
TURNS = [{"role": "user", "content": "Hello there, 世界!"}, {"role": "assistant", "content": "Good day to you."},
         {"role": "user", "content": "Write 3 lines\nof text"}, {"role": "assistant", "content": "one\ntwo\n\nthree 静夜思"}]
CONVERSATIONS = {
    "two turns": {"messages": TURNS},
    "system": {"messages": [{"role": "system", "content": "Answer in verse."}, *TURNS[:2]]},
    "call": {"messages": [{"role": "user", "content": "What time is it?"},
                          {"role": "assistant", "content": "", "tool_calls": [CALL]},
                          {"role": "tool", "name": "get_time", "tool_call_id": "abc123def", "content": "12:30"},
                          {"role": "assistant", "content": "Half past twelve."}], "tools": TOOLS},
}
SPECIAL = re.compile(r"<\|[^|<>{}\s]+\|?>|<｜[^｜]+｜>|<(?:start|end|eo)_[a-z_]+>|<turn\|>|<eos>|\[/?[A-Z_]+\]|\[gMASK\]|<sop>|</?s>|<end_of_utterance>")
END = "<|endoftext|>"


def tokenizer_for(source, path):
    tokenizer = Tokenizer.from_file(str(BASE))
    special = sorted(set(SPECIAL.findall(source)) | {"<s>", "</s>", END, "<|im_end|>"})
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    path.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(path / "tokenizer.json"))
    (path / "tokenizer_config.json").write_text(json.dumps({"bos_token": "<s>", "eos_token": "<|im_end|>"}))
    return PreTrainedTokenizerFast(tokenizer_file=str(path / "tokenizer.json"), bos_token="<s>", eos_token="<|im_end|>")


def theirs(tokenizer, source, given):
    try:
        made = tokenizer.apply_chat_template(given["messages"], tools=given.get("tools"), chat_template=source, tokenize=True,
                                             return_dict=True, return_assistant_tokens_mask="endgeneration" in source)
    except Exception as failure:  # the template refuses the conversation, or jinja it
        return f"{type(failure).__name__}: {failure}", None
    return made["input_ids"], made.get("assistant_masks")


def ours(program, tokenizer, template, given, folder):
    (folder / "conversation.jsonl").write_text(json.dumps(given, ensure_ascii=False) + "\n", encoding="utf-8")
    prefix = folder / "made"
    done = subprocess.run([program, "data", "tokenize", "--task", "sft", "--tokenizer", str(tokenizer), "--template", str(template),
                           "--input", str(folder / "conversation.jsonl"), "--output", str(prefix), "--overwrite", "--json"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        for left in folder.glob("made.*"):
            left.unlink()
        return done.stderr.strip(), None
    shown = json.loads(subprocess.run([program, "data", "inspect", str(prefix), "--sample", "0", "--json"], capture_output=True,
                                      text=True, check=True).stdout)
    return shown["ids"], shown["mask"]


def spans(ids, mask, tokenizer):
    """The trained stretches as text."""
    out, run = [], []
    for token, trained in [*zip(ids, mask), (None, 0)]:
        if trained:
            run.append(token)
        elif run:
            out.append(tokenizer.decode(run, skip_special_tokens=False))
            run = []
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("z2all")
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    folder = options.folder or pathlib.Path(importlib.util.find_spec("trl").origin).parent / "chat_templates"
    bad = compared = refused = followed = otherwise = 0
    marked = {}  # (model, conversation): what is learnt by NAME_training.jinja
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        # Those that mark first.
        for path in sorted(folder.glob(f"{options.only}*.jinja"), key=lambda p: (not p.stem.endswith("_training"), p.stem)):
            source = path.read_text(encoding="utf-8")
            tokenizer = tokenizer_for(source, work / path.stem)
            name = path.stem.removesuffix("_training")
            for kind, given in CONVERSATIONS.items():
                expected, expected_mask = theirs(tokenizer, source, given)
                if not isinstance(expected, str) and given["messages"][-1]["content"] not in tokenizer.decode(expected):
                    continue  # of a model of pictures: it wants another kind of content
                ids, mask = ours(options.z2all, work / path.stem, path, given, work)
                what = f"{path.stem}, {kind}"
                if isinstance(expected, str) or isinstance(ids, str):
                    both = isinstance(expected, str) and isinstance(ids, str)
                    refused += both
                    bad += not both
                    if not both:
                        print(f"{what}: transformers {str(expected)[:150]!r}, z2all {str(ids)[-300:]!r}")
                    continue
                compared += 1
                if len(ids) == len(expected) + 1:  # the end-of-text token, which every document has
                    ids, mask = ids[:-1], mask[:-1]
                if ids != expected:
                    bad += 1
                    print(f"{what}: other ids\n  ours   {tokenizer.decode(ids)!r}\n  theirs {tokenizer.decode(expected)!r}")
                learnt = spans(ids, mask, tokenizer)
                if expected_mask is not None:
                    wanted = spans(expected, expected_mask[:len(expected)], tokenizer)
                    marked[name, kind] = wanted
                    if learnt != wanted:
                        bad += 1
                        print(f"{what}: other mask\n  ours   {learnt}\n  theirs {wanted}")
                elif (name, kind) in marked:
                    # Line ends behind a turn's end token teach nothing.
                    wanted = [text.rstrip("\n") for text in marked[name, kind]]
                    followed += 1
                    if learnt != wanted:
                        otherwise += 1
                        print(f"{what}: followed {learnt}\n  marked by hand {wanted}")
    print(f"{compared} renderings compared, {refused} refused by both, {bad} differ; of {followed} without marks "
          f"{followed - otherwise} are learnt as those with marks are")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
