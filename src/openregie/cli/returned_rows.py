"""Rows that went back to their source: opened with its own key, under its own column names.

A bundle holds, per row, its number in the delivery, the first column that is wrong, the reason and
the row: as delivered when it did not fit the declaration, as read when no resident surely fits.
The second kind is turned back into the notation of the file here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openregie.blind.streams.stream import Column, ColumnType, Stream
from openregie.cli.outcome import Stop
from openregie.envelope import handover
from openregie.envelope.bundle import open_bundle
from openregie.envelope.errors import EnvelopeError
from openregie.envelope.keys import PrivateKey, VerifyKey

_PURPOSE = re.compile(r"returns/(?P<stream>[a-z0-9_]+)/(?P<oin>[^/]+)/(?P<number>[1-9][0-9]*)")
_OUTSIDE = ("stream", "oin", "sealed")


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row. `cells` by the header in the file; `row` counts from 1, without the header line."""

    stream: str
    oin: str
    run: int
    row: int
    column: str | None
    reason: str
    cells: Mapping[str, str]

    def to_json(self) -> dict[str, object]:
        """For `openregie returns open --json`."""
        return {
            "stream": self.stream,
            "oin": self.oin,
            "run": self.run,
            "row": self.row,
            "column": self.column,
            "reason": self.reason,
            "delivered": dict(self.cells),
        }


@dataclass(frozen=True, slots=True)
class Returned:
    """What one key opens. `files` were opened; `others` are sealed to another source."""

    rows: tuple[ReturnedRow, ...]
    files: int
    others: int


def find_files(place: Path, *, number: int | None) -> tuple[Path, ...]:
    """Files to open: `place` itself, those in it, or those of a municipality's hand-over.

    Of a municipality's folder the newest hand-over, or the one with this number: every run sends
    back all that still needs mending. Raises `Stop` when there is no such place.
    """
    if place.is_file():
        return (place,)
    numbers = handover.numbers(place / "handover")
    if numbers or number is not None:
        chosen = number or numbers[-1]
        if chosen not in numbers:
            raise Stop(
                f"folder `{place}`: no hand-over with this number",
                remedy=f"choose one of {', '.join(map(str, numbers)) or 'none yet: run first'}",
            )
        return tuple(sorted((place / "handover" / str(chosen) / "returns").glob("*.jsonl")))
    found = sorted(place.glob("*.jsonl"))
    if not found:
        raise Stop(
            f"folder `{place}`: no rows here that went back",
            remedy="give a .jsonl file of returns, a folder with them, or a municipality's folder",
        )
    return tuple(found)


def open_files(
    files: tuple[Path, ...],
    *,
    key: PrivateKey,
    verify: VerifyKey,
    tenant: str,
    streams: Mapping[str, Stream],
) -> Returned:
    """Open every bundle of these files that is sealed to `key`.

    Raises `Stop` when a bundle is broken, of another municipality or not signed by the run.
    """
    rows: list[ReturnedRow] = []
    opened = others = 0
    for file in files:
        for place, outside in _bundles(file):
            sealed = outside["sealed"]
            if sealed.get("kid") != key.kid:
                others += 1
                continue
            if sealed.get("tenant") != tenant:
                raise Stop(
                    f"{place}: of another municipality than the run's public key",
                    remedy="give the public/run.json of the municipality that sent it, with --run",
                )
            rows += _open(place, outside, key=key, verify=verify, streams=streams)
            opened += 1
    return Returned(tuple(rows), opened, others)


def _bundles(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each line of a file with its place."""
    broken = "send for the file again: it is cut short, changed, or holds something else"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"file `{file.name}`: cannot be read as text", remedy=broken) from error
    for number, line in enumerate(lines, start=1):
        place = f"file `{file.name}`, line {number}"
        try:
            outside = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Stop(f"{place}: not JSON", remedy=broken) from error
        if not isinstance(outside, dict) or any(name not in outside for name in _OUTSIDE):
            raise Stop(f"{place}: no rows that went back", remedy=broken)
        if not isinstance(outside["sealed"], dict):
            raise Stop(f"{place}, field `sealed`: not an object", remedy=broken)
        yield place, outside


def _open(
    place: str,
    outside: Mapping[str, Any],
    *,
    key: PrivateKey,
    verify: VerifyKey,
    streams: Mapping[str, Stream],
) -> Iterator[ReturnedRow]:
    purpose = str(outside["sealed"].get("purpose"))
    named = _PURPOSE.fullmatch(purpose)
    if not named or (named["stream"], named["oin"]) != (outside["stream"], outside["oin"]):
        raise Stop(
            f"{place}: its outside does not fit what was sealed",
            remedy="send for the file again; nothing of it was used",
        )
    try:
        told = json.loads(open_bundle(outside["sealed"], purpose=purpose, key=key, verify=verify))
    except EnvelopeError as error:
        raise Stop(
            f"{place}: {error}", remedy="send for the file again; nothing of it was used"
        ) from error
    stream = streams.get(named["stream"])
    for one in told:
        yield ReturnedRow(
            stream=named["stream"],
            oin=named["oin"],
            run=int(named["number"]),
            row=one["row"],
            column=one["column"],
            reason=one["reason"],
            cells=_cells(one["delivered"], stream),
        )


def _cells(delivered: Any, stream: Stream | None) -> dict[str, str]:
    """The row by the headers of the file; parts of a row without shape by their place."""
    if not isinstance(delivered, dict):
        return {}
    columns = stream.columns if stream else ()
    if delivered and set(delivered) == {column.field for column in columns}:
        return {c.header: _as_delivered(c, delivered[c.field]) for c in columns}
    if set(delivered) == {"cells"}:
        return {f"cell {place}": str(cell) for place, cell in enumerate(delivered["cells"], 1)}
    return {str(name): "" if cell is None else str(cell) for name, cell in delivered.items()}


def _as_delivered(column: Column, value: Any) -> str:
    """A typed value in a notation that the declaration takes."""
    if value is None:
        return ""
    if column.type is ColumnType.BOOLEAN:
        return "ja" if value else "nee"
    if column.type is ColumnType.EUROS:
        return str(int(value) // 100)
    if column.type is ColumnType.DECIMAL_EUROS:
        sign, cents = "-" if int(value) < 0 else "", abs(int(value))
        return f"{sign}{cents // 100},{cents % 100:02d}"
    return str(value)
