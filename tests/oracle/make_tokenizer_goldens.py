#!/usr/bin/env python3
"""Writes tests/core/tokenizer/data: small tokenizers and the ids that `tokenizers` and
`sentencepiece` give for edge cases. Run by hand in that folder's tree (tokenizers 0.23, sentencepiece 0.2)."""
import io
import json
import pathlib
import random

import sentencepiece
from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers,
                        pre_tokenizers, processors, trainers)

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/tokenizer/data"
TEXT = """The quick brown fox jumps over the lazy dog. It's what they'll do, don't you think?
In the beginning was the word, and the word was with the reader; the reader read the words.
def main(arguments):\n    for argument in arguments:\n        print(argument, 12345, 67890)\n
床前明月光，疑是地上霜。举头望明月，低头思故乡。春眠不觉晓，处处闻啼鸟。
白日依山尽，黄河入海流。欲穷千里目，更上一层楼。明月几时有，把酒问青天。
Größe naïve café 東京 한국어 русский язык العربية emoji 😀😃👍🏽 <b>bold</b>
""".split("\n") * 3
GPT2 = None
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
          r"|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
CUSTOM = (r"'(?i:[sdmt]|ll|ve|re)|\s?+[^\r\n\p{N}\s\p{P}\p{S}\u4e00-\u9fa5]+|\p{N}{1,3}"
          r"| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?![^\r\n\p{N}\s\p{P}\p{S}\u4e00-\u9fa5])|\s+"
          r"|[\u4e00-\u9fa5]+")


def cases():
    yield from ["", " ", "  ", "\n", "a", "The quick brown fox", " the  word \n\n\n words\t\tend ",
                "It's I'LL we'Ve they'D 'tis \u017f'\u017f", "12345678 1 22 333", "床前明月光，疑是地上霜。",
                "mixed中文and English混合123", "e\u0301 \u00e9 \u1e9b\u0323 \u212b \ufb01 \uac01 \u1100\u1161\u11a8",
                "👩\u200d👩\u200d👧\u200d👦 👍🏽 🇨🇳", "a\0b", "\ufeffBOM", "<|endoftext|>", "x<|endoftext|>y", "<s>a</s>",
                "a <tool> b<tool>", "hello hellos hello", "x  <mask>  y", "<0x41>", "▁a▁▁b", "tail  ", "  head",
                "\r\n\r\n x \r\n", "--- === !!!\n\nnext", "the" * 60, "月" * 80, " " * 70, "\u2ebf0 \U0002ebf0 \u0897"]
    for space in [0x09, 0x0b, 0x0c, 0x0d, 0x1c, 0x85, 0xa0, 0x1680, 0x180e, 0x2003, 0x200b, 0x2028,
                  0x2029, 0x202f, 0x205f, 0x2060, 0x3000, 0xfeff]:
        yield f"the{chr(space)}word {chr(space)}{chr(space)} end{chr(space)}"
    rng = random.Random(5)
    alphabet = "the wordTHE's'll 12\n\t .,é月光明\u0301\u3000<|>😀"
    for _ in range(60):
        yield "".join(rng.choice(alphabet) for _ in range(rng.randrange(1, 40)))


def byte_level(pattern, nfc=False, ignore_merges=False):
    t = Tokenizer(models.BPE())
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=pattern is None)
    t.pre_tokenizer = level if pattern is None else pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), "isolated"), level])
    if nfc:
        t.normalizer = normalizers.NFC()
    t.decoder = decoders.ByteLevel()
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    t.train_from_iterator(TEXT, trainers.BpeTrainer(
        vocab_size=520, special_tokens=["<|endoftext|>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    t.add_tokens([AddedToken("<tool>", normalized=False), AddedToken("hello", single_word=True),
                  AddedToken("<mask>", lstrip=True, rstrip=True, normalized=False)])
    definition = json.loads(t.to_str())
    definition["model"]["ignore_merges"] = ignore_merges
    if pattern is None:  # the older spelling of merges
        definition["model"]["merges"] = [" ".join(m) for m in definition["model"]["merges"]]
    return json.dumps(definition, ensure_ascii=False)


def llama2_like():
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(),
                                   decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
    words = ["▁" + w for line in TEXT for w in line.split(" ")]
    t2 = Tokenizer(models.BPE())
    t2.train_from_iterator(words, trainers.BpeTrainer(vocab_size=400, show_progress=False))
    learned = json.loads(t2.to_str())["model"]
    vocab = {s: i for i, s in enumerate(special)}
    for piece, _ in sorted(learned["vocab"].items(), key=lambda item: item[1]):
        vocab.setdefault(piece, len(vocab))
    definition = json.loads(t.to_str())
    definition["model"]["vocab"], definition["model"]["merges"] = vocab, learned["merges"]
    definition["added_tokens"] = [
        {"id": i, "content": s, "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": True} for i, s in enumerate(special[:3])]
    return json.dumps(definition, ensure_ascii=False)


def goldens_of(name, encode, decode, kind):
    rows = [{"text": text, "ids": encode(text), "decoded": decode(encode(text))} for text in cases()]
    with open(OUT / f"{name}.{kind}.jsonl", "w") as out:
        for row in rows:
            out.write(json.dumps(row) + "\n")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, text in [("gpt2_like", byte_level(GPT2)), ("llama3_like", byte_level(LLAMA3, ignore_merges=True)),
                       ("qwen2_like", byte_level(QWEN2, nfc=True)), ("custom_regex", byte_level(CUSTOM)),
                       ("llama2_like", llama2_like())]:
        (OUT / f"{name}.json").write_text(text + "\n")
        t = Tokenizer.from_str(text)
        for is_special in False, True:
            t.encode_special_tokens = not is_special
            goldens_of(name, lambda s: t.encode(s, add_special_tokens=False).ids,
                       lambda ids: t.decode(ids, skip_special_tokens=False),
                       "special" if is_special else "plain")
    lines = [line for line in TEXT if line]
    for name, options in {
            "spm_identity": dict(normalization_rule_name="identity", byte_fallback=True,
                                 split_digits=True, remove_extra_whitespaces=False, vocab_size=520),
            "spm_symbols": dict(normalization_rule_name="identity", byte_fallback=False, vocab_size=300,
                                user_defined_symbols=["<tool>", "hello"], control_symbols=["<ctl>"],
                                character_coverage=0.98),
            "unigram_bytes": dict(model_type="unigram", normalization_rule_name="identity",
                                  byte_fallback=True, remove_extra_whitespaces=False, vocab_size=500),
            "unigram_nmt": dict(model_type="unigram", normalization_rule_name="nmt_nfkc",
                                byte_fallback=False, vocab_size=240, character_coverage=0.98),
            "unigram_symbols": dict(model_type="unigram", normalization_rule_name="identity",
                                    byte_fallback=False, vocab_size=240, character_coverage=0.98,
                                    user_defined_symbols=["<tool>", "hello", "hell", "the wo"],
                                    control_symbols=["<ctl>"])}.items():
        made = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines), model_writer=made, minloglevel=2,
            hard_vocab_limit=False, **({"model_type": "bpe"} | options))
        (OUT / f"{name}.model").write_bytes(made.getvalue())
        sp = sentencepiece.SentencePieceProcessor(model_proto=made.getvalue())
        goldens_of(name, sp.encode, sp.decode, "plain")


main()
