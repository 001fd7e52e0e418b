"""Dutch addresses in comparable form. Pure functions; prepare.py applies them in bulk."""

from __future__ import annotations

import re

from openregie.blind.linkage.names import fold

_POSTCODE = re.compile(r"([1-9][0-9]{3})\s*([A-Z]{2})")
_NOT_ALPHANUMERIC = re.compile(r"[^A-Z0-9]+")
_HOUSE = re.compile(r"\s*0*([0-9]{1,5})(.*)", re.DOTALL)
_RUN = re.compile(r"[A-Z]+|[0-9]+")
_WORDS = {
    "HUIS": "HS",
    "HS": "HS",
    "BEGANEGROND": "BG",
    "BEGANE": "BG",
    "GROND": "",
    "BENEDEN": "BG",
    "BEN": "BG",
    "BG": "BG",
    "HOOG": "",
    "HG": "",
    "H": "H",
    "ETAGE": "",
    "VERD": "",
    "VERDIEPING": "",
    "KAMER": "K",
    "KMR": "K",
    "APP": "",
    "APPARTEMENT": "",
    "UNIT": "U",
    "I": "1",
    "II": "2",
    "III": "3",
    "IV": "4",
    "E": "E",
    "NR": "",
    "NO": "",
    "TO": "TO",
}
_STREET_ENDS = (
    ("STR", "STRAAT"),
    ("LN", "LAAN"),
    ("PLN", "PLEIN"),
    ("WG", "WEG"),
    ("DK", "DYK"),
    ("SNGL", "SINGEL"),
    ("GR", "GRACHT"),
)
_STREET_WORDS = {
    "BURG": "BURGEMEESTER",
    "BURGEM": "BURGEMEESTER",
    "DR": "DOKTER",
    "DOCTOR": "DOKTER",
    "PROF": "PROFESSOR",
    "ST": "SINT",
    "KON": "KONINGIN",
    "PR": "PRINS",
    "PRES": "PRESIDENT",
    "MR": "MEESTER",
    "DS": "DOMINEE",
    "GEN": "GENERAAL",
    "V": "VAN",
    "VD": "VANDE",
    "VDN": "VANDEN",
    "VDR": "VANDER",
}


def read_postcode(text: str | None) -> str:
    """`1234 ab` becomes `1234AB`; anything that is not a Dutch postcode becomes empty."""
    found = _POSTCODE.fullmatch(fold(text or "").strip())
    return f"{found.group(1)}{found.group(2)}" if found else ""


def read_addition(letter: str | None, addition: str | None) -> str:
    """House letter and addition as one form: `a` + `bis`, `A-bis` and `abis` are all `ABIS`.

    Floors are numbers (`II`, `2 hoog`, `2` are `2`), ground floors `BG`, `huis` is `HS`.
    """
    text = f"{fold(letter or '')} {fold(addition or '')}"
    out: list[str] = []
    for word in _NOT_ALPHANUMERIC.split(text):
        for run in _RUN.findall(word):
            plain = run.lstrip("0") if run.isdigit() else _WORDS.get(run, run)
            out.append(plain)
    return "".join(out)


def read_house(text: str | None) -> tuple[int | None, str]:
    """House number and the rest of a glued one: `12a bis` gives 12 and `A BIS`."""
    found = _HOUSE.fullmatch(fold(text or ""))
    if not found:
        return None, ""
    return int(found.group(1)), _NOT_ALPHANUMERIC.sub(" ", found.group(2)).strip()


def read_street(text: str | None) -> str:
    """Street as one key, common abbreviations written out: `Burg. Jansenstr.` and its long form."""
    words = [w for w in _NOT_ALPHANUMERIC.split(fold(text or "")) if w]
    if not words:
        return ""
    words = [_STREET_WORDS.get(w, w) for w in words[:-1]] + words[-1:]
    joined = "".join(words).replace("IJ", "Y")
    for short, long in _STREET_ENDS:
        if joined.endswith(short) and not joined.endswith(long):
            return joined[: -len(short)] + long
    return joined
