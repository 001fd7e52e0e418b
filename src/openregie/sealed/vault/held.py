"""DIR/holds.json: what the vault keeps back during an incident. Read at every opening. No Django.

Shape: `{"v": 1, "holds": {NAME: {"on": day, "places": {MAILBOX: [first, last]}}}}`; first and last
are sequence numbers, `[0, 0]` closes the whole mailbox. The mailbox `*` stands for everybody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openregie.sealed.vault.errors import Held, HoldsBroken

FILE = "holds.json"
VERSION = 1
EVERYBODY = "*"
WHOLE = (0, 0)
Places = Mapping[str, tuple[int, int]]
_SEEN: dict[Path, tuple[tuple[int, int, int], Holds]] = {}


@dataclass(frozen=True, slots=True)
class Holds:
    """Every hold in force, by its name."""

    named: Mapping[str, Places] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=dict)

    def closes(self, mailbox: str) -> bool:
        """Whether nothing of this mailbox may be opened or changed."""
        return any(
            places.get(name) == WHOLE
            for places in self.named.values()
            for name in (mailbox, EVERYBODY)
        )

    def keeps_back(self, mailbox: str, seq: int) -> bool:
        """Whether this one item may not be handed out."""
        held = (places[mailbox] for places in self.named.values() if mailbox in places)
        return any(first <= seq <= last for first, last in held)


def read(folder: Path) -> Holds:
    """The holds in force; none where there is no file. Raises HoldsBroken: then nothing is served.

    INVARIANT: a hold is obeyed from the first opening after its file was replaced.
    """
    path = folder / FILE
    try:
        stat = path.stat()
    except FileNotFoundError:
        return Holds()
    mark = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    seen = _SEEN.get(path)
    if seen and seen[0] == mark:
        return seen[1]
    made = _parse(path)
    _SEEN[path] = (mark, made)
    return made


def write(folder: Path, holds: Holds) -> None:
    """Replace the file in one step, on disk before this returns. Raises OSError."""
    said = {
        name: {"on": holds.days[name], "places": {m: list(p) for m, p in places.items()}}
        for name, places in holds.named.items()
    }
    part = folder / f".{FILE}.{os.getpid()}.part"
    with part.open("w", encoding="utf-8") as opened:
        json.dump({"v": VERSION, "holds": said}, opened, sort_keys=True)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(folder / FILE)


def demand_open(folder: Path, mailbox: str) -> None:
    """Refuse while a hold closes the whole mailbox. Raises Held."""
    if read(folder).closes(mailbox):
        raise Held("this vault is closed for now while something is being mended; nothing is lost")


def _parse(path: Path) -> Holds:
    try:
        said: Any = json.loads(path.read_text(encoding="utf-8"))
        named = {
            name: {mailbox: (int(a), int(b)) for mailbox, (a, b) in one["places"].items()}
            for name, one in said["holds"].items()
        }
        days = {name: str(one["on"]) for name, one in said["holds"].items()}
        sound = said["v"] == VERSION
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise HoldsBroken(f"{path.name}: cannot be read; put it back from a backup") from error
    if not sound:
        raise HoldsBroken(f"{path.name}: of another version; use the release that wrote it")
    return Holds(named, days)
