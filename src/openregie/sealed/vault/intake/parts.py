"""The parts of a hand-over per mailbox, without reading them whole into memory. No Django."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from openregie.envelope.errors import EnvelopeError
from openregie.envelope.item import SealedItem
from openregie.sealed.vault.errors import HandOverRefused

ITEMS = "items.jsonl"
EVENTS = "events.jsonl"


@dataclass(frozen=True, slots=True)
class RunEvent:
    """A log event of the run about one mailbox; `sealed` is what only its resident can open."""

    type: str
    seq: int
    commit: str
    sealed: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """All that a hand-over brings for one mailbox: it goes in whole, with its event, or not."""

    mailbox: str
    add: list[SealedItem] = field(default_factory=list)
    remove: list[int] = field(default_factory=list)
    events: list[RunEvent] = field(default_factory=list)

    @property
    def lines(self) -> int:
        """How many lines of the parts this is."""
        return len(self.add) + len(self.remove) + len(self.events)


def deliveries(folder: Path, *, after: str) -> Iterator[Delivery]:
    """What each mailbox gets, in order of mailbox, from the first mailbox above `after`.

    The parts' digests were checked before. Raises HandOverRefused naming part and line.
    """
    places: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for part in (ITEMS, EVENTS):
        for number, start, line in _lines(folder / part):
            places[_mailbox_of(line, part, number)].append((part, number, start))
    with _open(folder / ITEMS) as items, _open(folder / EVENTS) as events:
        files = {ITEMS: items, EVENTS: events}
        for mailbox in sorted(places):
            if mailbox > after:
                yield _gather(mailbox, places[mailbox], files)


def _gather(
    mailbox: str, places: list[tuple[str, int, int]], files: Mapping[str, BinaryIO]
) -> Delivery:
    delivery = Delivery(mailbox)
    for part, number, start in places:
        files[part].seek(start)
        said = json.loads(files[part].readline())
        try:
            if part == EVENTS:
                event = RunEvent(said["type"], int(said["seq"]), said["commit"], said["sealed"])
                delivery.events.append(event)
            elif said["op"] == "remove":
                delivery.remove.append(int(said["seq"]))
            else:
                delivery.add.append(_item(said["sealed"]))
        except (KeyError, TypeError, ValueError, EnvelopeError) as error:
            raise _refused(part, number) from error
    return delivery


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


def _mailbox_of(line: bytes, part: str, number: int) -> str:
    try:
        said = json.loads(line)
        mailbox = said["sealed"]["mailbox"] if said.get("op") == "add" else said["mailbox"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _refused(part, number) from error
    if not isinstance(mailbox, str):
        raise _refused(part, number)
    return mailbox


def _open(path: Path) -> BinaryIO:
    return path.open("rb") if path.exists() else Path("/dev/null").open("rb")


def _refused(part: str, number: int) -> HandOverRefused:
    return HandOverRefused(
        f"hand-over, part `{part}`, line {number}: not as the format says; run again"
    )
