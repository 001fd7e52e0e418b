"""Writes one delivery as the bytes its source would send."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openregie.synth.days import PartialDay
from openregie.synth.suppliers import DateStyle, Format
from openregie.synth.tables import Cell, Delivery, Money

DELIMITERS = {
    Format.CSV: ",", Format.COMMA_BOM: ",", Format.SEMICOLON: ";",
    Format.SEMICOLON_WINDOWS: ";", Format.TAB: "\t",
}  # fmt: skip
ENCODINGS = {Format.SEMICOLON_WINDOWS: "cp1252", Format.COMMA_BOM: "utf-8-sig"}
REPORT_EVERY = 20_000
DATE_HEADERS = frozenset({"ontstaansdatum", "signaaldatum"})
NUMBER_HEADERS = frozenset({"client.Huisnummer", "bedrag"})
BOOLEAN_HEADERS = frozenset({"crisissignaal", "warmeOverdracht"})


def write(delivery: Delivery, path: Path, progress: Callable[[int], None]) -> None:
    """Write the file. Raises OSError where the folder cannot be written."""
    if delivery.format is Format.JSON_LINES:
        path.write_text("".join(_json_lines(delivery, progress)), encoding="utf-8", newline="")
    elif delivery.format is Format.PARQUET:
        _write_parquet(delivery, path, progress)
    else:
        encoding = ENCODINGS.get(delivery.format, "utf-8")
        with path.open("w", encoding=encoding, newline="") as file:
            _write_csv(delivery, file, progress)


def _write_csv(delivery: Delivery, file: io.TextIOBase, progress: Callable[[int], None]) -> None:
    writer = csv.writer(file, delimiter=DELIMITERS[delivery.format], lineterminator="\r\n")
    writer.writerow(delivery.headers)
    show = _shower(delivery)
    for number, row in enumerate(delivery.rows(), start=1):
        writer.writerow([show(cell) for cell in row])
        if number % REPORT_EVERY == 0:
            progress(number)


def _shower(delivery: Delivery) -> Callable[[Cell], str | int]:
    """How this source writes a cell in text."""
    yes, no = delivery.yes_no
    day = _DAYS[delivery.dates]
    writers: dict[type, Callable[[Any], str | int]] = {
        type(None): lambda _: "",
        bool: lambda cell: yes if cell else no,
        int: lambda cell: cell,
        Money: _euros,
        date: lambda cell: day(cell.year, cell.month, cell.day),
        PartialDay: lambda cell: day(*cell),
    }
    return lambda cell: cell if isinstance(cell, str) else writers[type(cell)](cell)


def _euros(money: Money) -> str:
    return f"{money.cents // 100}.{money.cents % 100:02d}"


_DAYS: dict[DateStyle, Callable[[int, int, int], str]] = {
    DateStyle.ISO: lambda year, month, day: f"{year:04d}-{month:02d}-{day:02d}",
    DateStyle.DUTCH: lambda year, month, day: f"{day:02d}-{month:02d}-{year:04d}",
    DateStyle.DIGITS: lambda year, month, day: f"{year:04d}{month:02d}{day:02d}",
}


def _plain(cell: Cell) -> str | int | bool | None:
    """A cell for JSON: its own type where JSON has one, days as text, empty text as null."""
    if isinstance(cell, Money):
        return _euros(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, PartialDay):
        return _DAYS[DateStyle.ISO](*cell)
    return None if cell == "" else cell


def _json_lines(delivery: Delivery, progress: Callable[[int], None]) -> Iterator[str]:
    """One object a line, nested at the dots of the headers as the exchange model nests them."""
    for number, row in enumerate(delivery.rows(), start=1):
        line: dict[str, object] = {}
        for header, cell in zip(delivery.headers, row, strict=True):
            outer, dot, inner = header.partition(".")
            if dot:
                nested = line.setdefault(outer, {})
                if isinstance(nested, dict):
                    nested[inner] = _plain(cell)
            else:
                line[outer] = _plain(cell)
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
        if number % REPORT_EVERY == 0:
            progress(number)


def _write_parquet(delivery: Delivery, path: Path, progress: Callable[[int], None]) -> None:
    """Flat columns named as the headers; days, whole numbers and yes/no in their own types."""
    columns: list[list[object]] = [[] for _ in delivery.headers]
    for number, row in enumerate(delivery.rows(), start=1):
        for column, cell in zip(columns, row, strict=True):
            column.append(cell if isinstance(cell, date) else _plain(cell))
        if number % REPORT_EVERY == 0:
            progress(number)
    arrays = [
        pa.array(column, type=_parquet_type(header))
        for header, column in zip(delivery.headers, columns, strict=True)
    ]
    pq.write_table(pa.table(arrays, names=list(delivery.headers)), path, compression="zstd")


def _parquet_type(header: str) -> pa.DataType:
    if header in DATE_HEADERS:
        return pa.date32()
    if header in NUMBER_HEADERS:
        return pa.int32()
    return pa.bool_() if header in BOOLEAN_HEADERS else pa.string()
