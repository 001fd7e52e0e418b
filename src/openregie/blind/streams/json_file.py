"""JSON Lines, and the exchange model's whole document: nested objects become dotted columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import pyarrow as pa

from openregie.blind.streams.encoding import decode_utf8
from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.limits import (
    MAX_COLUMNS,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENT_VALUES,
    MAX_JSON_DEPTH,
    MAX_LINE_CHARS,
    MAX_ROWS,
)
from openregie.blind.streams.raw import (
    ROW_NUMBER,
    RawDelivery,
    ShapelessRow,
    judge_paths,
    refuse_too_many,
)
from openregie.blind.streams.stream import ColumnType, Stream

# Source: DDAS exchange model for early signals, v0.9. Whatever else it can carry was not declared.
_DOCUMENT_KEYS = {
    "startdatumLevering",
    "einddatumLevering",
    "aanleverdatumEnTijd",
    "codeGegevensleverancier",
    "leveringen",
}
_DELIVERY_KEYS = {"teller", "gemeentecode", "aanleverende_organisatie", "vroegsignalen"}


_BATCH_ROWS = 32_768


class Unfit(ValueError):
    """A row that JSON allows and a table does not; its text is a reason, never a value."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unfit("the same key stands twice in one object")
    return found


def _no_constant(_text: str) -> NoReturn:
    raise Unfit("NaN and Infinity are no JSON")


_decoder = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_float=str, parse_int=str, parse_constant=_no_constant
)
"""Numbers stay the text they were: 1e5 and 0.10 are judged as written."""
decoder = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_no_constant)
"""Where a column holds JSON, its numbers stay numbers."""


def flatten_payload(payload: Mapping[str, Any], stream: Stream) -> dict[str, str | None]:
    """One resident's return as a row of texts. Raises Unfit, also for undeclared keys."""
    nested = {c.header for c in stream.columns if c.type is ColumnType.JSON}
    row = _flatten(dict(payload), "", nested)
    if set(row) - {column.header for column in stream.columns}:
        raise Unfit("return: holds keys that its stream does not declare")
    return row


def looks_like_json(data: bytes) -> bool:
    """Whether the first sign of the file is one that JSON starts with and no header does."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")[:1] in {b"{", b"["}


def read_json(data: bytes, stream: Stream) -> RawDelivery:
    """Every row as text. Raises DeliveryRefused with every reason."""
    text, encoding = decode_utf8(data)
    document = _document(text, len(data))
    if document is None:
        return _table("JSON Lines", encoding, _parse_lines(text, stream), stream)
    return _table("DDAS document", encoding, _signals(document), stream)


def _document(text: str, size: int) -> Mapping[str, Any] | None:
    """The exchange model's document; None when the file is JSON Lines."""
    first, _, rest = text.lstrip().partition("\n")
    if rest.strip():
        try:
            _decoder.decode(first)
        except (ValueError, RecursionError):
            if rest.lstrip().startswith("{"):
                return None  # a broken first row among others
        else:
            return None
    if size > MAX_DOCUMENT_BYTES:
        reason = f"file: a JSON document above {MAX_DOCUMENT_BYTES} bytes; send JSON Lines"
        raise DeliveryRefused((reason,))
    if text.count(",") > MAX_DOCUMENT_VALUES:
        reason = f"file: a JSON document that holds more than {MAX_DOCUMENT_VALUES} values"
        raise DeliveryRefused((f"{reason}; send JSON Lines",))
    try:
        value = _decoder.decode(text.strip())
    except Unfit as error:
        raise DeliveryRefused((f"file: {error}; export it anew",)) from None
    except (ValueError, RecursionError):
        raise DeliveryRefused(("file: not JSON; export it anew",)) from None
    if not isinstance(value, dict):
        raise DeliveryRefused(("file: a JSON list; send JSON Lines, one object per line",))
    return value if "leveringen" in value else None


def _signals(document: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    reasons: list[str] = []
    if set(document) - _DOCUMENT_KEYS:
        reasons.append("document: has keys that this stream does not take; remove them")
    deliveries = document["leveringen"]
    if not isinstance(deliveries, list):
        raise DeliveryRefused(("document, `leveringen`: must be a list",))
    for number, delivery in enumerate(deliveries, start=1):
        place = f"document, `leveringen`, number {number}"
        if not isinstance(delivery, dict):
            reasons.append(f"{place}: must be an object")
        elif set(delivery) - _DELIVERY_KEYS:
            reasons.append(f"{place}: has keys that this stream does not take; remove them")
        elif not isinstance(delivery.get("vroegsignalen", []), list):
            reasons.append(f"{place}, `vroegsignalen`: must be a list")
    if reasons:
        raise DeliveryRefused(tuple(reasons))
    for delivery in deliveries:
        for signal in delivery.get("vroegsignalen", []):
            yield signal, json.dumps(signal, ensure_ascii=False)


def _parse_lines(text: str, stream: Stream) -> Iterator[tuple[Any, str]]:
    holds_json = any(column.type is ColumnType.JSON for column in stream.columns)
    chosen = decoder if holds_json else _decoder
    for line in text.split("\n"):
        if not line.strip():
            continue
        if len(line) > MAX_LINE_CHARS:
            reason = f"a line is longer than {MAX_LINE_CHARS} characters; is it JSON Lines?"
            raise DeliveryRefused((f"file: {reason}",))
        try:
            yield chosen.decode(line.strip()), line
        except Unfit as error:
            yield error, line
        except (ValueError, RecursionError):
            yield Unfit("not JSON"), line


def _table(
    form: str, encoding: str, rows: Iterator[tuple[Any, str]], stream: Stream
) -> RawDelivery:
    gathered = _Gathered(stream)
    number = 0
    for number, (value, text) in enumerate(rows, start=1):
        if number > MAX_ROWS:
            raise DeliveryRefused((f"file: more than {MAX_ROWS} rows; split it",))
        gathered.add(number, value, text)
        refuse_too_many(gathered.shapeless)
        if len(gathered.paths) > MAX_COLUMNS:
            break  # the reasons below say it all
    reasons = judge_paths(gathered.paths, stream, any_row=gathered.any_row)
    if reasons:
        raise DeliveryRefused(tuple(reasons))
    return RawDelivery(form, encoding, gathered.table(), tuple(gathered.shapeless), number)


class _Gathered:
    """Rows under way from objects to columns, a batch at a time."""

    def __init__(self, stream: Stream) -> None:
        self.paths: dict[str, int] = {}
        self.shapeless: list[ShapelessRow] = []
        self._headers = [column.header for column in stream.columns]
        self._nested = {c.header for c in stream.columns if c.type is ColumnType.JSON}
        self._numbers: list[int] = []
        self._rows: list[dict[str, str | None]] = []
        self._batches: list[pa.Table] = []

    @property
    def any_row(self) -> bool:
        """Whether at least one row has a shape."""
        return bool(self._rows or self._batches)

    def add(self, number: int, value: Any, text: str) -> None:
        """Keep one row; `text` is what goes back when it has no shape."""
        try:
            row = _flatten(value, text, self._nested)
        except Unfit as error:
            line = json.dumps({"line": text}, ensure_ascii=True)
            self.shapeless.append(ShapelessRow(number, str(error), line))
            return
        for path in row:
            self.paths.setdefault(path, number)
        self._numbers.append(number)
        self._rows.append(row)
        if len(self._rows) == _BATCH_ROWS:
            self._flush()

    def table(self) -> pa.Table:
        """All rows, with the columns that at least one of them has."""
        self._flush()
        kept = [header for header in self._headers if header in self.paths]
        return pa.concat_tables(self._batches).select([ROW_NUMBER, *kept])

    def _flush(self) -> None:
        cells = [pa.array([row.get(h) for row in self._rows], pa.string()) for h in self._headers]
        columns = [pa.array(self._numbers, pa.int32()), *cells]
        self._batches.append(pa.table(columns, names=[ROW_NUMBER, *self._headers]))
        self._numbers, self._rows = [], []


def _flatten(value: Any, text: str, nested: set[str]) -> dict[str, str | None]:
    if isinstance(value, Unfit):
        raise value
    if not isinstance(value, dict):
        raise Unfit("not a JSON object")
    row: dict[str, str | None] = {}
    _add(value, "", row, nested, MAX_JSON_DEPTH)
    if "\\u" in text and any(cell and _has_half_character(cell) for cell in row.values()):
        raise Unfit("holds half a character")
    return row


def _has_half_character(cell: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in cell)


def _add(
    value: dict[str, Any], prefix: str, row: dict[str, str | None], nested: set[str], depth: int
) -> None:
    if depth == 0:
        raise Unfit(f"nests deeper than {MAX_JSON_DEPTH} objects")
    for key, inner in value.items():
        path = prefix + key
        if path in row:
            raise Unfit("the same column stands twice, nested and dotted")
        if path in nested and inner is not None and not isinstance(inner, str):
            row[path] = json.dumps(inner, ensure_ascii=False)
        elif isinstance(inner, str) or inner is None:
            row[path] = inner
        elif isinstance(inner, bool):
            row[path] = "true" if inner else "false"
        elif isinstance(inner, int | float):
            row[path] = str(inner)
        elif isinstance(inner, dict):
            _add(inner, f"{path}.", row, nested, depth - 1)
        else:
            row[path] = None
            raise Unfit("a list stands where one value belongs")
