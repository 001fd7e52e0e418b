"""The parts of a hand-over per mailbox, without reading them whole into memory. No Django."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from openregie.envelope.errors import EnvelopeError
from openregie.envelope.item import SealedItem
from openregie.sealed.vault.errors import HandOverRefused

ITEMS = "items.jsonl"
EVENTS = "events.jsonl"
_EVENT, _REMOVE, _ADD = range(3)


@dataclass(frozen=True, slots=True)
class RunEvent:
    """A log event of the run about one mailbox; `sealed` is what only its resident can open."""

    type: str
    seq: int
    commit: str
    sealed: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of what a hand-over brings for one mailbox, in the order in which it goes in.

    `after` is how many lines of this mailbox went before; `lines` how many these are. Events come
    first, then what is removed, then what is added. `ends`: nothing of the mailbox follows.
    """

    mailbox: str
    after: int
    lines: int
    ends: bool
    events: tuple[RunEvent, ...] = ()
    remove: tuple[int, ...] = ()
    add: tuple[SealedItem, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """Where a line stands. The order is that of going in: an event before what it tells of."""

    turn: int
    number: int
    start: int
    part: str


def slices(folder: Path, *, after: str, lines: int = 0, most: int) -> Iterator[Slice]:
    """What each mailbox gets, in order of mailbox, at most `most` lines at a time.

    Begins with the first mailbox above `after`, there with the line after `lines`. The parts'
    digests were checked before. Raises HandOverRefused naming part and line.
    """
    places: dict[str, list[_Place]] = defaultdict(list)
    for part in (ITEMS, EVENTS):
        for number, start, line in _lines(folder / part):
            mailbox, turn = _mailbox_of(line, part, number)
            places[mailbox].append(_Place(turn, number, start, part))
    done = lines
    with _open(folder / ITEMS) as items, _open(folder / EVENTS) as events:
        files = {ITEMS: items, EVENTS: events}
        for mailbox in sorted(name for name in places if name > after):
            waiting = sorted(places[mailbox])
            for start in range(done, len(waiting), most):
                some = waiting[start : start + most]
                yield _read(mailbox, start, some, files, ends=start + most >= len(waiting))
            done = 0


def _read(
    mailbox: str, after: int, places: list[_Place], files: Mapping[str, BinaryIO], *, ends: bool
) -> Slice:
    events: list[RunEvent] = []
    remove: list[int] = []
    add: list[SealedItem] = []
    for place in places:
        files[place.part].seek(place.start)
        said = json.loads(files[place.part].readline())
        try:
            if place.part == EVENTS:
                event = RunEvent(said["type"], int(said["seq"]), said["commit"], said["sealed"])
                events.append(event)
            elif said["op"] == "remove":
                remove.append(int(said["seq"]))
            else:
                add.append(_item(said["sealed"]))
        except (KeyError, TypeError, ValueError, OverflowError, EnvelopeError) as error:
            raise _refused(place.part, place.number) from error
    return Slice(mailbox, after, len(places), ends, tuple(events), tuple(remove), tuple(add))


def _item(said: Any) -> SealedItem:
    item = SealedItem.from_json(said)
    date.fromisoformat(item.header.day)
    return item


def _lines(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """Line number, place in the file and bytes of each line; nothing where the part is absent."""
    if not path.exists():
        return
    start = 0
    with path.open("rb") as opened:
        for number, line in enumerate(opened, start=1):
            yield number, start, line
            start += len(line)


def _mailbox_of(line: bytes, part: str, number: int) -> tuple[str, int]:
    """Whose line it is, and at which turn it goes in: events, then removals, then items."""
    try:
        said = json.loads(line)
        adds = said.get("op") == "add"
        mailbox = said["sealed"]["mailbox"] if adds else said["mailbox"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _refused(part, number) from error
    if not isinstance(mailbox, str):
        raise _refused(part, number)
    return mailbox, _EVENT if part == EVENTS else _ADD if adds else _REMOVE


def _open(path: Path) -> BinaryIO:
    return path.open("rb") if path.exists() else Path("/dev/null").open("rb")


def _refused(part: str, number: int) -> HandOverRefused:
    return HandOverRefused(
        f"hand-over, part `{part}`, line {number}: not as the format says; run again"
    )
