"""The run's own memory: links kept, ledger, budget, who was invited. Always encrypted."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from openregie.blind.items.ledger import Kept
from openregie.envelope import age, handover
from openregie.envelope.custody import RunKeys
from openregie.envelope.errors import AgeRefused
from openregie.envelope.suites import SignatureAlgorithm
from openregie.insight.budget import MICRO, Budget, Release
from openregie.terms import Mailbox

VERSION = 1
_LENGTH_BYTES = 8


class MemoryUnreadable(Exception):
    """The run's memory is missing or was changed; the message names the remedy."""


class DayGoneBack(Exception):
    """The day of this run lies before the day of the last one: the clock may be wrong."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What run number `number` leaves for the next one.

    `kept_links` is a Parquet file in bytes (empty: none); `model` the linkage
    model as JSON text (empty: none yet).
    """

    number: int = 0
    mailboxes: Mapping[Mailbox, Kept] = field(default_factory=dict)
    budget: Budget = field(default_factory=lambda: Budget(MICRO))
    model: str = ""
    invited: Mapping[str, date] = field(default_factory=dict)
    handed: Mapping[str, str] = field(default_factory=dict)
    """Signals a team received, by reference, with the day from which it may open them."""
    untold: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)
    """What went to a team about people without a key: told in their first log event."""
    kept_links: bytes = b""


def path_of(directory: Path, number: int) -> Path:
    """Return where the memory of a run lies."""
    return directory / f"{number}.age"


def continue_from(directory: Path, keys: RunKeys, *, on: date, again: bool) -> Memory:
    """Return what the last finished run left in DIR, as the run of day `on` needs it.

    Looks first whether the newest hand-over is whole and not of a later day: a run of an earlier
    day would take away what came since. `again` says that this is meant.
    Raises `HandOverRefused`, `DayGoneBack`, `MemoryUnreadable`.
    """
    number = handover.newest(directory / "handover")
    if number:
        verify = keys.signers[SignatureAlgorithm.ED25519].verify_key
        folder = directory / "handover" / str(number)
        last = handover.glance(folder, verify=verify, tenant=keys.tenant)
        if on.isoformat() < last.day and not again:
            raise DayGoneBack(
                f"run {number} was of {last.day}, this one would be of {on.isoformat()}, which is "
                "earlier: set this machine's clock right, or name the day with --on; if you mean "
                "it, add --again (what was delivered after that day is then left out)"
            )
    return recall(directory / "state", number, identity=keys.age_identity)


def recall(directory: Path, number: int, *, identity: str) -> Memory:
    """Read the memory that the last finished run left; an empty one before the first run.

    INVARIANT: noise is drawn once. A run that was cut off after it kept its memory has drawn and
    charged; its releases are taken over, so that the same table is neither charged nor drawn
    again. Raises `MemoryUnreadable`.
    """
    known = Memory() if number == 0 else _read(directory, number, identity)
    releases = list(known.budget.releases)
    for later in _later_than(directory, number):
        drawn = {(release.count, release.period) for release in releases}
        releases += [
            release
            for release in _read_later(directory, later, identity)
            if (release.count, release.period) not in drawn
        ]
    return replace(known, budget=replace(known.budget, releases=tuple(releases)))


def _later_than(directory: Path, number: int) -> list[int]:
    """Return the runs above `number` that kept a memory and were never handed over."""
    found = (int(f.stem) for f in directory.glob("*.age") if handover.NUMBER.fullmatch(f.stem))
    return sorted(one for one in found if one > number)


def _read_later(directory: Path, number: int, identity: str) -> tuple[Release, ...]:
    try:
        return _read(directory, number, identity).budget.releases
    except MemoryUnreadable as error:
        raise MemoryUnreadable(
            f"memory of run {number}: that run was never handed over, and its memory cannot be "
            f"read; remove {directory.name}/{number}.age, then run again"
        ) from error


def _read(directory: Path, number: int, identity: str) -> Memory:
    try:
        data = age.decrypt(path_of(directory, number).read_bytes(), identity=identity)
    except OSError as error:
        raise MemoryUnreadable(
            f"memory of run {number}: not in {directory.name}/; restore it from the backup that "
            "has hand-over of the same number"
        ) from error
    except AgeRefused as error:
        raise MemoryUnreadable(
            f"memory of run {number}: cut short, changed, or of other keys; restore "
            f"{directory.name}/{number}.age from the backup that has hand-over of the same number"
        ) from error
    length = int.from_bytes(data[:_LENGTH_BYTES], "big")
    told = json.loads(data[_LENGTH_BYTES : _LENGTH_BYTES + length])
    if told["v"] != VERSION or told["number"] != number:
        raise MemoryUnreadable(f"memory of run {number}: of another version or run; restore it")
    return Memory(
        number=number,
        mailboxes={Mailbox(m): Kept.from_json(kept) for m, kept in told["mailboxes"].items()},
        budget=Budget.from_json(told["budget"]),
        model=told["model"],
        invited={p: date.fromisoformat(day) for p, day in told["invited"].items()},
        handed=told["handed"],
        untold=told["untold"],
        kept_links=data[_LENGTH_BYTES + length :],
    )


def remember(directory: Path, memory: Memory, *, recipient: str) -> Path:
    """Write the memory of a run before its hand-over gets its number.

    INVARIANT: memory n is on disk before anything of hand-over n is. A crash between the two
    leaves a memory of which the next run reads only the noise, and which it replaces.
    """
    told = {
        "v": VERSION,
        "number": memory.number,
        "mailboxes": {m: kept.to_json() for m, kept in sorted(memory.mailboxes.items())},
        "budget": memory.budget.to_json(),
        "model": memory.model,
        "invited": {p: day.isoformat() for p, day in sorted(memory.invited.items())},
        "handed": dict(sorted(memory.handed.items())),
        "untold": dict(sorted(memory.untold.items())),
    }
    text = json.dumps(told, separators=(",", ":")).encode()
    sealed = age.encrypt(
        len(text).to_bytes(_LENGTH_BYTES, "big") + text + memory.kept_links, to=recipient
    )
    directory.mkdir(parents=True, exist_ok=True)
    handover.sync(directory.parent)
    file = path_of(directory, memory.number)
    waiting = file.with_suffix(".tmp")
    try:
        with waiting.open("wb") as opened:
            opened.write(sealed)
            opened.flush()
            os.fsync(opened.fileno())
        waiting.replace(file)
    except OSError:
        with suppress(OSError):
            waiting.unlink(missing_ok=True)
        raise
    handover.sync(directory)
    return file


def lay_out_links(con: duckdb.DuckDBPyConnection, memory: Memory) -> str | None:
    """Lay the links that were kept out as a table; return its name, None when there are none."""
    if not memory.kept_links:
        return None
    table = "kept_links"
    kept = pq.read_table(BytesIO(memory.kept_links))
    con.register("kept_before", kept)
    con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM kept_before")
    con.unregister("kept_before")
    return table


def keep_links(con: duckdb.DuckDBPyConnection, table: str) -> bytes:
    """Return a table of links as a Parquet file in memory."""
    written = BytesIO()
    pq.write_table(con.sql(f"SELECT * FROM {table}").to_arrow_table(), written)
    return written.getvalue()
