#!/usr/bin/env python3
"""Writes tests/core/chat/data/chat_goldens.json and tokenizers/*.json beside it: the ids that transformers'
apply_chat_template gives for the templates in tests/core/chat/data/templates with small tokenizers of three
families, and what an assistant is to learn there, written down by hand for each template. Run by hand
(transformers 5.24, tokenizers 0.23)."""
import json
import pathlib

from tokenizers import AddedToken, Tokenizer
from transformers import PreTrainedTokenizerFast

TESTS = pathlib.Path(__file__).resolve().parent.parent
DATA = TESTS / "core/chat/data"
CALL = {"type": "function", "function": {"name": "get_time", "arguments": {"zone": "Asia/Tokyo", "ok": True}}}
TOOLS = [{"type": "function", "function": {"name": "get_time", "description": "Time in a zone",
                                           "parameters": {"type": "object", "properties": {"zone": {"type": "string"}}}}}]
CONVERSATIONS = {
    "two turns": {"messages": [
        {"role": "user", "content": "Hello there, 世界!"}, {"role": "assistant", "content": "Good day to you."},
        {"role": "user", "content": "Write 3 lines\nof text"}, {"role": "assistant", "content": "one\ntwo\n\nthree 静夜思"}]},
    "system": {"messages": [{"role": "system", "content": "Answer in verse."}, {"role": "user", "content": "moon?"},
                            {"role": "assistant", "content": "床前明月光，疑是地上霜。"}]},
    "call": {"messages": [{"role": "user", "content": "What time is it?"},
                          {"role": "assistant", "content": "", "tool_calls": [CALL]},
                          {"role": "tool", "content": "{\"time\": \"12:30\"}"},
                          {"role": "assistant", "content": "Half past twelve."}], "tools": TOOLS},
}
ARGUMENTS = json.dumps(CALL["function"]["arguments"])


def answers(messages, end, *, strip=False, before="", call=None):
    """What is trained of each assistant's message."""
    out = []
    for message in messages:
        if message["role"] == "assistant":
            said = call if message.get("tool_calls") else message["content"]
            out.append(before + (said.strip() if strip else said) + end)
    return out


TEMPLATES = {  # template: tokenizer, special tokens, conversations, what is learnt
    "chatml": ("qwen2", ["<|im_start|>", "<|im_end|>"], ["two turns", "system"], lambda m: answers(m, "<|im_end|>")),
    "qwen25_tools": ("qwen2", ["<|im_start|>", "<|im_end|>"], ["two turns", "system", "call"], lambda m: answers(
        m, "<|im_end|>", call='<tool_call>\n{"name": "get_time", "arguments": ' + ARGUMENTS + "}\n</tool_call>")),
    "thinking": ("qwen2", ["<|im_start|>", "<|im_end|>"], ["two turns", "system"], lambda m: [
        ("<think>\n\n</think>\n\n" if i + 1 == sum(x["role"] == "assistant" for x in m) else "") + a
        for i, a in enumerate(answers(m, "<|im_end|>"))]),
    "llama3_tools": ("llama3", ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"], ["two turns", "system", "call"],
                     lambda m: answers(m, "<|eot_id|>", strip=True, call='{"name": "get_time", "parameters": ' + ARGUMENTS + "}")),
    "llama2": ("llama2", [], ["two turns", "system"], lambda m: answers(m, " </s>", strip=True, before=" ")),
    "mistral": ("llama2", [], ["two turns", "system", "call"], lambda m: [
        a.removeprefix(" ") if a.startswith(" [TOOL") else a for a in answers(
            m, "</s>", strip=True, before=" ",
            call='[TOOL_CALLS] [{"name": "get_time", "arguments": ' + ARGUMENTS + ', "id": "none"}]')]),
    "gemma": ("llama3", ["<start_of_turn>", "<end_of_turn>"], ["two turns"], lambda m: answers(m, "<end_of_turn>", strip=True)),
    "zephyr": ("llama2", [], ["two turns", "system"], lambda m: answers(m, "</s>")),
    # What opens an answer behind a tool's output is the model's to write, too.
    "deepseek": ("llama3", ["<|User|>", "<|Assistant|>", "<|end|>", "<|end_call|>"], ["two turns", "system", "call"], lambda m: [
        ("<|end_outputs|>" if i > 0 and m[i - 1]["role"] == "tool" else "") + a for i, a in zip(
            (i for i, x in enumerate(m) if x["role"] == "assistant"),
            answers(m, "<|end|>", call="<|calls|><|call|>function<|sep|>get_time\n```json\n" + ARGUMENTS
                    + "\n```<|end_call|><|end_calls|>"))]),
    "phi3": ("qwen2", ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>"], ["two turns", "system"],
             lambda m: answers(m, "<|end|>")),
    # Who speaks next ends a turn: the token of the next role.
    "glm4": ("llama3", ["[gMASK]", "<sop>", "<|system|>", "<|user|>", "<|assistant|>", "<|observation|>"],
             ["two turns", "system", "call"], lambda m: [
                 ("get_time\n" + ARGUMENTS if x.get("tool_calls") else "\n" + x["content"])
                 + ({"user": "<|user|>", "tool": "<|observation|>"}[m[i + 1]["role"]] if i + 1 < len(m) else "")
                 for i, x in enumerate(m) if x["role"] == "assistant"]),
    "generation_macro": ("qwen2", ["<|user|>", "<|assistant|>", "<|end|>"], ["two turns", "system"],
                         lambda m: [a + "\n" for a in answers(m, "<|end|>")]),
    "command": ("llama2", [], ["two turns", "system"], lambda m: answers(m, "</s>", before=" ")),
}


def make_tokenizers():
    (DATA / "tokenizers").mkdir(exist_ok=True)
    made = {}
    for name in ("qwen2", "llama3", "llama2"):
        tokenizer = Tokenizer.from_file(str(TESTS / f"core/tokenizer/data/{name}_like.json"))
        special = sorted({token for template in TEMPLATES.values() if template[0] == name for token in template[1]})
        if name != "llama2":
            special += ["<s>", "</s>"]
        tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
        path = DATA / f"tokenizers/{name}.json"
        tokenizer.save(str(path))
        made[name] = PreTrainedTokenizerFast(tokenizer_file=str(path), bos_token="<s>", eos_token="</s>")
    return made


def main():
    tokenizers = make_tokenizers()
    cases = []
    for template, (name, special, conversations, learnt) in TEMPLATES.items():
        source = (DATA / f"templates/{template}.jinja").read_text(encoding="utf-8")
        for conversation in conversations:
            given = CONVERSATIONS[conversation]
            ids = tokenizers[name].apply_chat_template(given["messages"], tools=given.get("tools"), chat_template=source,
                                                       tokenize=True, return_dict=False)
            cases.append({"template": template, "tokenizer": name, "conversation": conversation, **given, "ids": ids,
                          "trained": learnt(given["messages"])})
    (DATA / "chat_goldens.json").write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(len(cases), "cases")


main()
