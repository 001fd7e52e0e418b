# ruff: noqa: INP001 - a script, not a package
"""Compile every django.po of the pages to the django.mo that Python's gettext reads.

Written out here, so that no gettext tools need to be installed.
Format: GNU gettext manual, chapter "The Format of GNU MO Files".
"""

from __future__ import annotations

import ast
import struct
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_MAGIC = 0x950412DE
_HEADER_WORDS = 7


def read_catalogue(text: str) -> dict[str, str]:
    """Texts by their key. Understands msgid, msgstr and strings over several lines."""
    found: dict[str, str] = {}
    kind, parts = "", {"msgid": "", "msgstr": ""}
    for line in [*text.splitlines(), 'msgid ""']:
        word, _, quoted = line.partition(" ")
        if word == "msgid" and kind == "msgstr":
            found[parts["msgid"]] = parts["msgstr"]
        if word in parts:
            kind, parts[word] = word, ast.literal_eval(quoted)
        elif line.startswith('"') and kind:
            parts[kind] += ast.literal_eval(line)
    return {key: said for key, said in found.items() if said}


def compiled(texts: dict[str, str]) -> bytes:
    """The binary form: sorted keys, two tables of length and place, then the texts."""
    pairs = [(key.encode(), texts[key].encode()) for key in sorted(texts)]
    start = _HEADER_WORDS * 4
    keys_at, said_at = start, start + 8 * len(pairs)
    place = said_at + 8 * len(pairs)
    tables, blob = [], b""
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[column]), place + len(blob)))
            blob += pair[column] + b"\0"
    header = struct.pack("<7I", _MAGIC, 0, len(pairs), keys_at, said_at, 0, 0)
    return header + b"".join(tables) + blob


def main() -> None:
    """Compile; say how many texts each language has."""
    for catalogue in sorted((_ROOT / "src").glob("**/LC_MESSAGES/*.po")):
        texts = read_catalogue(catalogue.read_text(encoding="utf-8"))
        catalogue.with_suffix(".mo").write_bytes(compiled(texts))
        sys.stdout.write(f"translations: {catalogue.parts[-3]}, {len(texts) - 1} texts\n")


if __name__ == "__main__":
    main()
