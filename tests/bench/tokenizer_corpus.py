"""Makes the texts of the tokenizer benchmark from what Debian packages have installed.

Usage: python3 tokenizer_corpus.py FOLDER
Writes FOLDER/en.txt (the King James Bible of bible-kjv, then English manual pages, 18 MB) and
FOLDER/zh.txt (all of manpages-zh, about 12 MB). The same packages give the same bytes.
"""

import glob
import gzip
import pathlib
import shutil
import subprocess
import sys

ENGLISH_BYTES = 18_000_000


def pages(pattern):
    for path in sorted(glob.glob(pattern)):
        try:
            with gzip.open(path) as page:
                data = page.read()
            data.decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        yield data


def write(path, parts, limit):
    written = 0
    with open(path, "wb") as out:
        for part in parts:
            part = part[: part.rfind(b"\n", 0, limit - written) + 1] if limit else part
            written += out.write(part)
            if limit and written >= limit - 1000:
                break
    print(path, written)


def english():
    if shutil.which("bible"):
        yield subprocess.run(["bible", "-f", "gen1:1-rev22:21"], capture_output=True, check=True).stdout
    yield from pages("/usr/share/man/man*/*.gz")


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
write(folder / "en.txt", english(), ENGLISH_BYTES)
write(folder / "zh.txt", pages("/usr/share/man/zh_*/man*/*.gz"), 0)
