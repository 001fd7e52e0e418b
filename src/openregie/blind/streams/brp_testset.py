"""Adapter for the register's official test person lists: positions, folded rows, what is dropped.

The file has one header per element (category.group.element), some of them empty or twice. A list
starts at a row with a name in the first cell; the rows after it continue it. The column NN.H of a
row tells what the next row holds for that category: 58 is history of 08, 05 another marriage.
Source: Logisch Ontwerp BRP, categories 01-13.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pyarrow as pa

from openregie.blind.streams.encoding import decode
from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.limits import MAX_TESTSET_BYTES
from openregie.blind.streams.raw import ROW_NUMBER, RawDelivery, ShapelessRow
from openregie.blind.streams.stream import BRP_TESTSET, Stream

_FIRST_ELEMENTS = ("01.01.10", "01.01.20", "01.02.10")
_HISTORY = 50
_OWN: Mapping[str, str] = {
    "burgerservicenummer": "01.01.20",
    "voornamen": "01.02.10",
    "voorvoegsel": "01.02.30",
    "geslachtsnaam": "01.02.40",
    "geboortedatum": "01.03.10",
    "geslacht": "01.04.10",
    "aanduidingNaamgebruik": "01.61.10",
    "ouder1Bsn": "02.01.20",
    "ouder2Bsn": "03.01.20",
    "datumOverlijden": "06.08.10",
    "geheimhouding": "07.70.10",
    "straat": "08.11.10",
    "huisnummer": "08.11.20",
    "huisletter": "08.11.30",
    "huisnummertoevoeging": "08.11.40",
    "postcode": "08.11.60",
    "woonplaats": "08.11.70",
    "adresseerbaarObject": "08.11.80",
    "soortAdres": "08.10.10",
    "datumAanvangAdres": "08.10.30",
    "gezag": "11.32.10",
    "curatele": "11.33.10",
}
"""Our header -> element of the current row."""

_PREVIOUS: Mapping[str, str] = {
    "vorigePostcode": "08.11.60",
    "vorigHuisnummer": "08.11.20",
    "vorigeHuisletter": "08.11.30",
    "vorigeToevoeging": "08.11.40",
}
_PARTNER: Mapping[str, str] = {
    "partnerBsn": "05.01.20",
    "partnerVoorvoegsel": "05.02.30",
    "partnerGeslachtsnaam": "05.02.40",
}
_MARRIED_ON, _DIVORCED_ON, _PARTNER_WRONG = "05.06.10", "05.07.10", "05.84.10"
_ADDRESS_WRONG = "08.84.10"
_SUSPENDED_ON, _SUSPENDED_WHY, _ABROAD_ON = "07.67.10", "07.67.20", "08.13.20"
_DIED = "O"
_JUDGED = ("01", "02", "03", "04", "05", "06", "08", "11")
"""Categories that can be under investigation: NN.83.10 filled and NN.83.30 not."""

_READ = (
    {*_OWN.values(), *_PREVIOUS.values(), *_PARTNER.values()}
    | {_MARRIED_ON, _DIVORCED_ON, _PARTNER_WRONG, _ADDRESS_WRONG}
    | {_SUSPENDED_ON, _SUSPENDED_WHY, _ABROAD_ON}
    | {f"{category}.83.{group}" for category in _JUDGED for group in ("10", "30")}
    | {"05.H", "08.H"}
)

_Cells = Sequence[str]
_MARKER = re.compile(r"[0-9]{1,2}")
_ELEMENT = re.compile(r"[0-9]{2}\.([0-9]{2}\.[0-9]{2}|H)")


def looks_like_testset(data: bytes) -> bool:
    """Whether the header line is the one of the test person lists."""
    first = data[:200].removeprefix(b"\xef\xbb\xbf").split(b";")[1:4]
    return tuple(cell.decode("ascii", "replace") for cell in first) == _FIRST_ELEMENTS


def read_testset(data: bytes, stream: Stream) -> RawDelivery:
    """One row per person list, under the headers of the population register.

    `dropped` names the elements that were left out. Raises DeliveryRefused.
    """
    if len(data) > MAX_TESTSET_BYTES:
        reason = f"file: a list of test persons above {MAX_TESTSET_BYTES} bytes; split it"
        raise DeliveryRefused((reason,))
    text, encoding = decode(data)
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    except csv.Error as error:
        raise DeliveryRefused(("file: quotes do not match; export it anew",)) from error
    places = {code: header.index(code) for code in header if code}
    missing = sorted(_READ - set(places))
    if missing:
        raise DeliveryRefused(tuple(f"element {code}: missing; add it" for code in missing))
    numbers: list[int] = []
    people: list[dict[str, str]] = []
    shapeless: list[ShapelessRow] = []
    lists = _fold(rows)
    for number, lines in lists:
        if any(len(line) != len(header) for line in lines) or not lines[0][0]:
            cells = json.dumps({"cells": lines}, ensure_ascii=False)
            shapeless.append(ShapelessRow(number, "a person list with ragged rows", cells))
            continue
        numbers.append(number)
        people.append(_person(lines, places))
    columns = {
        column.header: pa.array([person.get(column.header) for person in people], pa.string())
        for column in stream.columns
        if any(column.header in person for person in people)
    }
    table = pa.table({ROW_NUMBER: pa.array(numbers, pa.int32()), **columns})
    dropped = tuple(
        f"{place + 1} ({_shown(code)})"
        for place, code in enumerate(header)
        if place and (code not in _READ or header.index(code) != place)
    )
    return RawDelivery(BRP_TESTSET, encoding, table, tuple(shapeless), len(lists), dropped)


def _shown(code: str) -> str:
    """An element of the register; another header may be anything, so that it is not repeated."""
    if _ELEMENT.fullmatch(code):
        return code
    return "another header" if code else "no header"


def _fold(rows: Sequence[_Cells]) -> list[tuple[int, list[_Cells]]]:
    """Person lists with the number of their first row; a row before any list stands alone."""
    lists: list[tuple[int, list[_Cells]]] = []
    for number, row in enumerate(rows, start=1):
        if not row:
            continue
        if row[0] or not lists:
            lists.append((number, [row]))
        else:
            lists[-1][1].append(row)
    return lists


def _person(lines: Sequence[_Cells], places: Mapping[str, int]) -> dict[str, str]:
    def cell(line: _Cells, code: str) -> str:
        return line[places[code]]

    now = lines[0]
    person = {ours: cell(now, code) for ours, code in _OWN.items()}
    marriages = _current(lines, places["05.H"])
    partner = next(
        (
            line
            for line in marriages
            if cell(line, _MARRIED_ON)
            and not cell(line, _DIVORCED_ON)
            and not cell(line, _PARTNER_WRONG)
        ),
        None,
    )
    person |= {ours: cell(partner, code) if partner else "" for ours, code in _PARTNER.items()}
    earlier = [line for line in _history(lines, places["08.H"]) if not cell(line, _ADDRESS_WRONG)]
    previous = next((line for line in earlier if cell(line, "08.11.60")), None)
    person |= {ours: cell(previous, code) if previous else "" for ours, code in _PREVIOUS.items()}
    judged = any(
        cell(now, f"{category}.83.10") and not cell(now, f"{category}.83.30")
        for category in _JUDGED
    )
    left = cell(now, _SUSPENDED_ON) if cell(now, _SUSPENDED_WHY) not in {"", _DIED} else ""
    return person | {
        "inOnderzoek": "1" if judged else "0",
        "datumVertrek": left or cell(now, _ABROAD_ON),
    }


def _number(marker: str) -> int | None:
    """What a marker of two digits says."""
    return int(marker) if _MARKER.fullmatch(marker) else None


def _current(lines: Sequence[_Cells], marker: int) -> list[_Cells]:
    """Rows of a category that hold something in force, the first row included."""
    return [lines[0]] + [
        line
        for before, line in pairwise(lines)
        if (number := _number(before[marker])) is not None and number < _HISTORY
    ]


def _history(lines: Sequence[_Cells], marker: int) -> list[_Cells]:
    """Rows of a category that hold what was in force before, newest first."""
    return [
        line
        for before, line in pairwise(lines)
        if (number := _number(before[marker])) is not None and number > _HISTORY
    ]
