#!/usr/bin/env python3
"""Writes unicode_tables.cpp: character classes and normalization data.

The data is asked of the `tokenizers` library itself, code point by code point, so that it is the
Unicode version of each of its parts (Oniguruma's classes, Rust's classes, its normalizer), which
differ. Run by hand: make_unicode_tables.py > unicode_tables.cpp (a minute or two).
"""
import unicodedata

from tokenizers import Regex, normalizers, pre_tokenizers

CHARS = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
GENERAL_CATEGORIES = (
    "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co".split())


def matches(pattern):
    """The code points that Oniguruma matches with a pattern of one character."""
    found = set()
    split = pre_tokenizers.Split(Regex(pattern), "removed")
    for i in range(0, len(CHARS), 4096):
        block = "".join(CHARS[i:i + 4096])
        kept = set()
        for text, _ in split.pre_tokenize_str(block):
            kept.update(text)
        found |= set(block) - kept
    return {ord(c) for c in found}


def alone(pre_tokenizer, text, count):
    return {ord(c) for c in CHARS if len(pre_tokenizer.pre_tokenize_str(text.format(c))) == count}


def print_array(c_type, name, values, per_line=11):
    print(f"const {c_type} {name}[] = {{")
    for i in range(0, len(values), per_line):
        print("    " + " ".join(f"{v:#x}," for v in values[i:i + per_line]))
    print("};")
    print(f"const size_t {name}Count = std::size({name});\n")


def main():
    nfd, nfc = normalizers.NFD().normalize_str, normalizers.NFC().normalize_str
    nfkd, lower = normalizers.NFKD().normalize_str, normalizers.Lowercase().normalize_str
    hangul = range(0xAC00, 0xAC00 + 11172)

    canonical, compatible, lowered, composed = {}, {}, {}, []
    for c in CHARS:
        o = ord(c)
        if o in hangul:
            continue
        if nfd(c) != c:
            canonical[o] = nfd(c)
        if nfkd(c) != nfd(c):
            compatible[o] = nfkd(c)
        if lower(c) != c:
            lowered[o] = lower(c)
    for o, parts in canonical.items():
        first = nfc(parts[:-1])
        if len(parts) > 1 and nfc(chr(o)) == chr(o) and len(first) == 1:
            composed.append((ord(first), ord(parts[-1]), o))

    # Canonical combining classes: by what changes places with marks of a known class.
    representatives = {}
    for c in CHARS:
        k = unicodedata.combining(c)
        if k and ord(c) not in canonical and nfd(c + "\u0334") == ("\u0334" + c if k > 1 else c + "\u0334"):
            representatives.setdefault(k, c)
    combining = {}
    for c in CHARS:
        if ord(c) in canonical or ord(c) in hangul:
            continue
        moves = nfd("a" + c + "\u0334")[1] == "\u0334" and c != "\u0334"
        if not (moves or nfd("a\u0345" + c)[1] == c and c != "\u0345"
                or c in representatives.values()):
            continue
        below = [k for k, r in representatives.items() if nfd(c + r) == r + c and r != c]
        above = [k for k, r in representatives.items() if nfd(r + c) == c + r and r != c]
        between = [k for k in representatives if (not below or k > max(below)) and
                   (not above or k < min(above))]
        assert len(between) == 1, (hex(ord(c)), between)
        combining[ord(c)] = between[0]

    seconds = {second for _, second, _ in composed} | set(range(0x1161, 0x1176)) | set(
        range(0x11A8, 0x11C3))
    affected = set(combining) | seconds | {o for o in map(ord, CHARS) if nfc(chr(o)) != chr(o)}

    general = {name: matches(r"\p{%s}" % name) for name in GENERAL_CATEGORIES}
    classes = [
        matches(r"\p{L}"),
        matches(r"\p{N}"),
        matches(r"\s"),
        alone(pre_tokenizers.Whitespace(), "a{}a", 1),
        matches(r"\w"),
        alone(pre_tokenizers.Punctuation("isolated"), "a{}", 2),
        alone(pre_tokenizers.Digits(True), "a{}", 2),
        affected,
    ]
    ranges, last = [], None
    for o in range(0x110000):
        flags = sum(1 << bit for bit, members in enumerate(classes) if o in members)
        if flags != last:
            ranges.append(o << 8 | flags)
            last = flags

    # Where PCRE2 10.42 (Unicode 14, as this Python's unicodedata) sees another category than
    # Oniguruma: a character of the same category and length that both know.
    assert unicodedata.unidata_version == "14.0.0"
    category_of = {o: name for name, members in general.items() for o in members}
    stand_ins, chosen = [], {}

    def length(o):
        return len(chr(o).encode())

    for c in CHARS:
        o, name = ord(c), category_of.get(ord(c), "Cn")
        if unicodedata.category(c) == name and o > 0x300:
            chosen.setdefault((name, length(o)), o)
    for c in CHARS:
        o, name = ord(c), category_of.get(ord(c), "Cn")
        # PCRE2 counts U+180E as white space, which it has not been since Unicode 6.3.
        if unicodedata.category(c) != name or o == 0x180E:
            stand_ins.append((o, chosen[name, length(o)] if o != 0x180E else 0x200B))
    stand_in_ranges = []  # first, last, stand-in
    for o, stand_in in stand_ins:
        if stand_in_ranges and stand_in_ranges[-1][1:] == [o - 1, stand_in]:
            stand_in_ranges[-1][1] = o
        else:
            stand_in_ranges.append([o, o, stand_in])

    print("// Generated by make_unicode_tables.py; not edited by hand.\n")
    print('#include "core/text/unicode_tables.h"\n\n#include <iterator>\n\nnamespace z2::tables {\n')
    print("// clang-format off")
    print_array("uint32_t", "kClassRanges", ranges)
    print_array("uint32_t", "kStandIns", [v for r in stand_in_ranges for v in r], 9)
    combining_ranges = []
    for o, k in sorted(combining.items()):
        if combining_ranges and combining_ranges[-1][1] == o - 1 and combining_ranges[-1][2] == k:
            combining_ranges[-1][1] = o
        else:
            combining_ranges.append([o, o, k])
    print_array("uint32_t", "kCombining", [v for r in combining_ranges for v in r], 12)
    for name, table in ("kCanonical", canonical), ("kCompatible", compatible), ("kLower", lowered):
        flat = []
        for o, text in sorted(table.items()):
            flat += [o | len(text) << 24] + [ord(t) for t in text]
        print_array("uint32_t", name, flat, 12)
    print_array("uint32_t", "kCompositions", [v for triple in composed for v in triple], 12)
    print("// clang-format on\n\n}  // namespace z2::tables")


main()
