"""Dutch personal names in comparable form. Pure functions; prepare.py applies them in bulk.

They run in Python over the distinct values of a table, so that SQL holds no second version.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from openregie.blind.linkage.name_words import (
    ABBREVIATED,
    LEGAL_PERSON,
    LETTERS,
    NOT_INITIALS,
    PREFIX_FORMS,
    TITLES,
    TRADE,
)

_WORDS_OF_ORGANISATIONS = TRADE | LEGAL_PERSON
_TRADES_AS = re.compile(
    r"(?:^|[\s,(])(?:H\s*/\s*O|H\.\s*O\.?|HODN|H\.O\.D\.N\.?|T\s*/\s*A|T\.?O\.?D\.?N\.?"
    r"|HANDELEND ONDER(?: DE NAAM)?)(?=[\s,:.)]|$)"
)
_AND_OTHERS = re.compile(
    r"(?:^|\s)(?:E\.\s?O\.?|C\.\s?S\.?|E\.\s?/\s?O\.?|EN\s?/\s?OF|EO|CS)(?=\s|$)"
)
_DOTTED = re.compile(r"\b((?:[A-Z]\.){2,})(?=\s|,|$)")
_HEAD_INITIAL = re.compile(r"([A-Z])(?:\.\s*|\s+)(?=[A-Z])")
_TAIL_INITIAL = re.compile(r",\s*([A-Z])\.?(?=\s|$)")
_VAN_DE = re.compile(r"^VAN(?:DEN|DER|DE)(?=[A-Z]{2})")
_NOT_A_LETTER = re.compile(r"[^A-Z]+")
_WORD_BREAK = re.compile(r"[\s./]+")
_DOUBLE_LETTER = re.compile(r"(.)\1+")
_INITIAL_PIECE = re.compile(r"[.\s,]+")
_SHORT = 3
_VOWELS = "AEIOUY"


@dataclass(frozen=True, slots=True)
class Surname:
    """A surname in comparable form. Keys are upper-case letters A to Z only."""

    stem: str
    """Without prefix: `BERG`; of a double name the two stems, sorted, with a bar between."""
    full: str
    """With prefix, glued: `VANDENBERG`; of a double name sorted, with a bar between."""
    parts: tuple[str, ...]
    """Stems of a double name as written; one for a single name; empty for no name."""
    fulls: tuple[str, ...]
    """Full keys of the parts, in the same order."""
    initials: str
    """Initials that stood in the surname field."""
    trade: bool
    """A word of trade stood with it: perhaps a sole trader."""
    legal_person: bool
    """It is an organisation, not a natural person."""


NO_SURNAME = Surname("", "", (), (), "", trade=False, legal_person=False)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Upper case without diacritics; letters with strokes and ligatures become plain ones."""
    if text.isascii():
        return text.upper()
    upper = unicodedata.normalize("NFKD", text.translate(LETTERS)).upper()
    plain = "".join(letter for letter in upper if not unicodedata.combining(letter))
    return plain.translate(LETTERS)


def key(text: str) -> str:
    """Letters A to Z only, with IJ written as Y: `Dijkstra` and `Dykstra` are one key."""
    return _NOT_A_LETTER.sub("", fold(text)).replace("IJ", "Y")


_SOUNDS = (
    ("SCH", "SG"),
    ("CKX", "KS"),
    ("CKS", "KS"),
    ("X", "KS"),
    ("CK", "K"),
    ("CH", "G"),
    ("PH", "F"),
    ("TH", "T"),
    ("DT", "T"),
    ("GH", "G"),
    ("QU", "KW"),
    ("CE", "SE"),
    ("CI", "SI"),
    ("C", "K"),
    ("Q", "K"),
    ("Z", "S"),
    ("V", "F"),
    ("EI", "Y"),
    ("EY", "Y"),
    ("UY", "UI"),
    ("AU", "OU"),
    ("OUW", "OU"),
    ("AE", "A"),
    ("J", "I"),
    ("Y", "I"),
)


@lru_cache(maxsize=262144)
def sound(name_key: str) -> str:
    """What a key sounds like in Dutch: ss/s, ij/y/ei, c/k, v/f, doubled letters are one."""
    for written, heard in _SOUNDS:
        if written in name_key:
            name_key = name_key.replace(written, heard)
    return _DOUBLE_LETTER.sub(r"\1", name_key)


def read_surname(surname: str | None, prefix: str | None) -> Surname:
    """Read a surname wherever its prefix stands: own field, in front, after a comma, at the end."""
    text = fold(surname or "").strip()
    if not text:
        return NO_SURNAME
    if text.isascii() and text.isalpha() and text not in _WORDS_OF_ORGANISATIONS:
        return _single(_prefix_key(prefix), text.replace("IJ", "Y"))
    text = _TRADES_AS.split(text, maxsplit=1)[0].strip(" ,") or text
    text = _AND_OTHERS.sub(" ", text)
    text, initials = _take_initials(text, lower_case_start=(surname or "").lstrip()[:1].islower())
    words = {_NOT_A_LETTER.sub("", word) for word in re.split(r"[\s,]+", text)}
    legal = bool(words & LEGAL_PERSON)
    trade = bool(words & TRADE) or _TRADES_AS.search(fold(surname or "")) is not None
    own_prefix = _prefix_key(prefix)
    stems: list[str] = []
    fulls: list[str] = []
    for number, part in enumerate(_parts(text)):
        found, stem = _split_prefix(part, drop=TRADE | LEGAL_PERSON if legal or trade else None)
        before = own_prefix if number == 0 and own_prefix else found
        if stem:
            stems.append(stem)
            fulls.append(_VAN_DE.sub("VD", before + stem))
    return Surname(
        "|".join(sorted(stems)),
        "|".join(sorted(fulls)),
        tuple(stems),
        tuple(fulls),
        initials,
        trade,
        legal,
    )


def _single(prefix: str, stem: str) -> Surname:
    full = _VAN_DE.sub("VD", prefix + stem)
    return Surname(stem, full, (stem,), (full,), "", trade=False, legal_person=False)


def _take_initials(text: str, *, lower_case_start: bool) -> tuple[str, str]:
    """Initials that stand in the surname field: `J.M. de Vries`, `Vries, J. de`."""
    found: list[str] = []

    def keep(match: re.Match[str]) -> str:
        letters = match.group().replace(".", "")
        if letters in NOT_INITIALS:
            return letters + " "
        found.append(letters)
        return " "

    text = _DOTTED.sub(keep, text)
    if not found and not lower_case_start:
        head = _HEAD_INITIAL.match(text)
        if head and head.group(1) != "V":
            found.append(head.group(1))
            text = text[head.end() :]
    if not found:
        tail = _TAIL_INITIAL.search(text)
        if tail and tail.group(1) not in {"V", "D", "T"}:
            found.append(tail.group(1))
            text = text[: tail.start()] + ", " + text[tail.end() :]
    return text, "".join(found)


def _parts(text: str) -> list[str]:
    """The two halves of a double name; a hyphen that only joins a prefix does not divide."""
    halves = [half.strip() for half in text.split("-") if half.strip()]
    merged: list[str] = []
    waiting = ""
    for half in halves:
        joined = f"{waiting} {half}".strip()
        if all(_NOT_A_LETTER.sub("", word) in PREFIX_FORMS for word in joined.split()):
            waiting = joined
            continue
        waiting = ""
        merged.append(joined)
    if waiting:
        merged.append(waiting)
    return merged[:2] if len(merged) <= 2 else [merged[0], " ".join(merged[1:])]  # noqa: PLR2004 - two halves


@lru_cache(maxsize=4096)
def _prefix_key(prefix: str | None) -> str:
    if not prefix:
        return ""
    words = [w for w in (_NOT_A_LETTER.sub("", p) for p in _WORD_BREAK.split(fold(prefix))) if w]
    return _glue(words)


def _glue(words: list[str]) -> str:
    if len(words) > 1 and words[0] == "V" and words[1] in {"D", "H", "T"}:
        return ABBREVIATED[f"V{words[1]}"]
    glued = "".join(ABBREVIATED.get(word, word) for word in words)
    return glued.replace("IJ", "Y")


def _split_prefix(part: str, drop: frozenset[str] | None) -> tuple[str, str]:
    """Prefix and stem of one part; `Berg, van den` and `Berg van den` as well as `van den Berg`."""
    name, _, after = part.partition(",")
    words = [w for w in (_NOT_A_LETTER.sub("", x) for x in re.split(r"[\s./']+", name)) if w]
    tail = [w for w in (_NOT_A_LETTER.sub("", x) for x in re.split(r"[\s./']+", after)) if w]
    words = [w for w in words if w not in TITLES and (drop is None or w not in drop)] or words
    start = 0
    while start < len(words) - 1 and words[start] in PREFIX_FORMS:
        start += 1
    end = len(words)
    if start == 0 and not tail:
        while end > 1 and words[end - 1] in PREFIX_FORMS and len(words[end - 1]) > 1:
            end -= 1
    prefix = words[:start] or [w for w in tail if w in PREFIX_FORMS] or words[end:]
    return _glue(prefix), "".join(words[start:end]).replace("IJ", "Y")


def read_initials(initials: str | None, given_names: str | None) -> str:
    """Initials as letters: `J.M.`, `JM`, `j m` and `Johannes Maria` all give `JM`; `Jan` gives `J`.

    `JAN` in capitals may be a name or three initials: only its first letter is sure.
    """
    written = (initials or "").strip() or (given_names or "").strip()
    text = fold(written)
    pieces = [p for p in (_NOT_A_LETTER.sub("", x) for x in _INITIAL_PIECE.split(text)) if p]
    if not pieces:
        return ""
    if len(pieces) == 1 and not _is_name(pieces[0], written) and initials and "." not in text:
        return pieces[0].replace("IJ", "Y")
    return "".join("Y" if piece.startswith("IJ") else piece[0] for piece in pieces)


def _is_name(piece: str, written: str) -> bool:
    """Whether letters without dots are more likely a given name than initials."""
    if len(piece) < _SHORT:
        return False
    return (
        len(piece) > _SHORT + 2
        or any(letter in _VOWELS for letter in piece)
        or (written[1:].islower())
    )


def read_given(given_names: str | None, initials: str | None = None) -> str:
    """First given name as a key; empty when only initials are given.

    A name that stands in the field for initials (`Johanna`) counts, unless it is all capitals.
    """
    written = (given_names or "").strip()
    if not written:
        written = (initials or "").strip()
        if "." in written or not written[1:2].islower() or not _is_name(fold(written), written):
            return ""
    first = re.split(r"[\s,]+", written)[0]
    if "." in first[:_SHORT]:
        return ""
    found = key(first)
    return found if len(found) > 1 else ""
