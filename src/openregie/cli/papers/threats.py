"""docs/security.md as the impact assessment needs it: each threat with tests and what lacks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FILE = "security.md"


@dataclass(frozen=True, slots=True)
class Threat:
    """One threat of the page. `anchor` is its place in it; `missing` what nobody may count on."""

    number: int
    anchor: str
    tests: tuple[str, ...]
    missing: str


def read(docs: Path) -> dict[int, Threat]:
    """Every threat of docs/security.md by its number."""
    text = (docs / FILE).read_text(encoding="utf-8")
    return {
        threat.number: threat
        for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]
        for threat in [_threat(part)]
    }


def _threat(part: str) -> Threat:
    heading, _, body = part.partition("\n")
    tests = re.findall(
        r"`(?:tests/[\w/.]+\.py::\w+|browser/tests/[\w.]+\.js)`(?: \([^)]+\))?", body
    )
    missing = re.search(r"^Not yet: (.+)$", body, flags=re.MULTILINE)
    anchor = re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
    return Threat(int(heading.split(".")[0]), anchor, tuple(tests), missing[1] if missing else "")
