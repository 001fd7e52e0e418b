"""The run's own memory: links kept, ledger, budget, who was invited. Always encrypted."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from openregie.blind.items.ledger import Kept
from openregie.envelope import age
from openregie.insight.budget import MICRO, Budget
from openregie.terms import Mailbox

VERSION = 1
_LENGTH_BYTES = 8


class MemoryUnreadable(Exception):
    """The run's memory is missing or was changed; the message names the remedy."""


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


def recall(directory: Path, number: int, *, identity: str) -> Memory:
    """Read the memory that the last finished run left; an empty one before the first run.

    Raises `MemoryUnreadable`.
    """
    if number == 0:
        return Memory()
    file = path_of(directory, number)
    try:
        data = age.decrypt(file.read_bytes(), identity=identity)
    except OSError as error:
        raise MemoryUnreadable(
            f"memory of run {number}: not in {directory.name}/; restore it from the backup that "
            "has hand-over of the same number"
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

    INVARIANT: memory n exists before hand-over n does; a crash between the two leaves a memory
    that nobody reads and that the next run replaces.
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
    file = path_of(directory, memory.number)
    waiting = file.with_suffix(".tmp")
    with waiting.open("wb") as opened:
        opened.write(sealed)
        opened.flush()
        os.fsync(opened.fileno())
    waiting.replace(file)
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
