"""The word lists from which names and streets are made: our own, from general knowledge."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """Read one list: lines `section: word, word`; a file without sections is section ``."""
    text = files("openregie.synth").joinpath("words", f"{name}.txt").read_text("utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        section, colon, words = line.partition(": ")
        if not colon:
            section, words = "", line
        found[section] = tuple(dict.fromkeys(word.removeprefix(" ") for word in words.split(",")))
    return found


def weighted_words(name: str, section: str) -> list[tuple[str, float]]:
    """Words with weights, written as `word|weight`; a word without one weighs 1."""
    pairs = [word.partition("|") for word in sections(name)[section]]
    return [(word, float(weight or 1)) for word, _, weight in pairs]
