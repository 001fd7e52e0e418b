"""What a cell means, as SQL: one rule per column type, from text to a typed value or a reason.

All expressions read `t`, a column of the cleaned text: NFC, tabs and line ends as spaces, outer
spaces off, NULL when nothing is left. A value of NULL where `t` is filled is a mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from openregie.blind.streams.limits import MAX_CELL_CHARS
from openregie.blind.streams.stream import Column, ColumnType

_SPACES = " \u00a0\u2007\u202f\ufeff"
_NOT_TEXT = r"[\x00-\x1f\x7f-\x{9f}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
"""Control characters and those that turn the direction of writing: no name has them."""

_EARLIEST = "1800-01-01"


@dataclass(frozen=True, slots=True)
class CellRule:
    """SQL for one column. `values`: column of the stream's table -> expression; `valid`: predicate.

    `key` is the canonical text of the value that a record's id is made of.
    """

    values: Mapping[str, str]
    valid: str
    reason: str
    key: str


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def cleaned(column: Column, *, present: bool) -> str:
    """Expression for `t` over the parsed table; NULL when the file has no such column."""
    if not present:
        return "NULL::VARCHAR"
    text = quoted(column.header)
    if column.type in {ColumnType.TEXT, ColumnType.JSON}:
        text = f"nfc_normalize({text})"
    text = f"translate({text}, chr(9) || chr(10) || chr(13), '   ')"
    return f"nullif(trim({text}, {literal(_SPACES)}), '')"


def cell_rule(column: Column, t: str, delivered_on: str) -> CellRule:
    """The rule of a column's type. `delivered_on` is an SQL date that no event may pass."""
    return _RULES[column.type](column, t, delivered_on)


def _single(column: Column, value: str, reason: str, key: str, extra: str = "TRUE") -> CellRule:
    return CellRule({column.field: value}, f"({value}) IS NOT NULL AND ({extra})", reason, key)


def _text(column: Column, t: str, _on: str) -> CellRule:
    valid = f"length({t}) <= {MAX_CELL_CHARS} AND NOT regexp_matches({t}, '{_NOT_TEXT}')"
    reason = f"longer than {MAX_CELL_CHARS} characters, or with control characters"
    return CellRule({column.field: t}, valid, reason, t)


def _json(column: Column, t: str, _on: str) -> CellRule:
    valid = (
        f"length({t}) <= {MAX_CELL_CHARS} AND NOT regexp_matches({t}, '{_NOT_TEXT}') "
        f"AND json_valid({t})"
    )
    return CellRule({column.field: t}, valid, "not JSON, or too long", t)


def _bsn(column: Column, t: str, _on: str) -> CellRule:
    number = f"CASE WHEN regexp_full_match({t}, '[0-9]{{8,9}}') THEN TRY_CAST({t} AS INTEGER) END"
    weights = " + ".join(
        f"{weight} * (({number}) // {10**power} % 10)" for weight, power in _BSN_WEIGHTS
    )
    value = f"CASE WHEN ({number}) > 0 AND ({weights}) % 11 = 0 THEN lpad({t}, 9, '0') END"
    return _single(column, value, "not a citizen number (nine digits, elfproef)", value)


_BSN_WEIGHTS = tuple(zip((9, 8, 7, 6, 5, 4, 3, 2, -1), range(8, -1, -1), strict=True))
"""Weight and power of ten per digit. Source: Besluit burgerservicenummer."""


def _postcode(column: Column, t: str, _on: str) -> CellRule:
    tidy = f"upper(replace({t}, ' ', ''))"
    value = f"CASE WHEN regexp_full_match({tidy}, '[1-9][0-9]{{3}}[A-Z]{{2}}') THEN {tidy} END"
    return _single(column, value, "not a postcode (1234AB)", value)


def _integer(column: Column, t: str, _on: str) -> CellRule:
    value = f"CASE WHEN regexp_full_match({t}, '-?[0-9]{{1,9}}') THEN TRY_CAST({t} AS INTEGER) END"
    reason = "not a whole number" + _between(column, 1)
    return _single(column, value, reason, f"({value})::VARCHAR", _within(column, value))


def _euros(column: Column, t: str, _on: str) -> CellRule:
    number = f"CASE WHEN regexp_full_match({t}, '-?[0-9]{{1,9}}') THEN TRY_CAST({t} AS BIGINT) END"
    value = f"({number}) * 100"
    reason = "not whole euros (write 125, no separators)" + _between(column, 100)
    return _single(column, value, reason, f"({value})::VARCHAR", _within(column, value))


def _decimal_euros(column: Column, t: str, _on: str) -> CellRule:
    # 1.234 may be a thousand or one: nothing with a thousands separator passes.
    number = (
        f"CASE WHEN regexp_full_match({t}, '-?[0-9]{{1,9}}([.,][0-9]{{1,2}})?') "
        f"THEN TRY_CAST(replace({t}, ',', '.') AS DECIMAL(12, 2)) END"
    )
    value = f"(({number}) * 100)::BIGINT"
    reason = "not an amount (write 1234,56 without thousands separator)" + _between(column, 100)
    return _single(column, value, reason, f"({value})::VARCHAR", _within(column, value))


def _within(column: Column, value: str) -> str:
    bounds = [f"({value}) >= {column.minimum}" if column.minimum is not None else ""]
    bounds.append(f"({value}) <= {column.maximum}" if column.maximum is not None else "")
    return " AND ".join(bound for bound in bounds if bound) or "TRUE"


def _between(column: Column, unit: int) -> str:
    words = [f"from {column.minimum // unit}" if column.minimum is not None else ""]
    words.append(f"to {column.maximum // unit}" if column.maximum is not None else "")
    said = " ".join(word for word in words if word)
    return f", {said}" if said else ""


_TRUE = ("ja", "j", "true", "1")
_FALSE = ("nee", "n", "false", "0")


def _boolean(column: Column, t: str, _on: str) -> CellRule:
    true, false = (", ".join(literal(word) for word in words) for words in (_TRUE, _FALSE))
    value = (
        f"CASE WHEN lower({t}) IN ({true}) THEN TRUE WHEN lower({t}) IN ({false}) THEN FALSE END"
    )
    return _single(column, value, "not ja or nee", f"({value})::VARCHAR")


def _choice(column: Column, t: str, _on: str) -> CellRule:
    allowed = ", ".join(literal(choice) for choice in column.choices)
    value = f"CASE WHEN {t} IN ({allowed}) THEN {t} END"
    return _single(column, value, f"not one of {', '.join(column.choices)}", t)


def _eight_digits(t: str) -> str:
    """A date in any accepted notation as YYYYMMDD, or NULL."""
    return (
        f"CASE WHEN regexp_full_match({t}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
        f"THEN replace({t}, '-', '') "
        f"WHEN regexp_full_match({t}, '[0-9]{{8}}') THEN {t} "
        f"WHEN regexp_full_match({t}, '[0-9]{{2}}-[0-9]{{2}}-[0-9]{{4}}') "
        f"THEN {t}[7:10] || {t}[4:5] || {t}[1:2] END"
    )


def _day(digits: str) -> str:
    whole = f"({digits})[1:4] || '-' || ({digits})[5:6] || '-' || ({digits})[7:8]"
    return f"TRY_CAST({whole} AS DATE)"


def _date(column: Column, t: str, delivered_on: str) -> CellRule:
    value = _day(_eight_digits(t))
    extra = f"({value}) >= DATE '{_EARLIEST}'"
    reason = "not a date (2026-11-05) after 1800"
    if column.event:
        extra += f" AND ({value}) <= {delivered_on}"
        reason += " up to the day of delivery"
    return _single(column, value, reason, f"({value})::VARCHAR", extra)


def _partial_date(column: Column, t: str, delivered_on: str) -> CellRule:
    digits = (
        f"CASE WHEN regexp_full_match({t}, '[0-9]{{4}}') THEN {t} || '0000' "
        f"WHEN regexp_full_match({t}, '[0-9]{{4}}-[0-9]{{2}}') THEN replace({t}, '-', '') || '00' "
        f"ELSE {_eight_digits(t)} END"
    )
    year, month, last = (f"({digits})[{part}]" for part in ("1:4", "5:6", "7:8"))
    valid = (
        f"coalesce(({digits}) = '00000000' OR ({year} >= '{_EARLIEST[:4]}' AND "
        f"({month} || {last} = '0000' OR ({last} = '00' AND {month} BETWEEN '01' AND '12') "
        f"OR {_day(digits)} IS NOT NULL)), FALSE)"
    )
    reason = "not a date (2026-11-05, 1968-03, 1968 or 00000000)"
    if column.role == "birth_on":
        valid += f" AND ({digits}) <= strftime({delivered_on}, '%Y%m%d')"
        reason += " up to the day of delivery"
    values = {
        column.field: f"CASE WHEN {last} <> '00' THEN {_day(digits)} END",
        f"{column.stem}_year": f"nullif(TRY_CAST({year} AS INTEGER), 0)",
        f"{column.stem}_month": f"nullif(TRY_CAST({month} AS INTEGER), 0)",
        f"{column.stem}_reported": f"{t} IS NOT NULL",
    }
    return CellRule(values, valid, reason, digits)


_RULES: Mapping[ColumnType, Callable[[Column, str, str], CellRule]] = {
    ColumnType.TEXT: _text,
    ColumnType.BSN: _bsn,
    ColumnType.POSTCODE: _postcode,
    ColumnType.INTEGER: _integer,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATE: _date,
    ColumnType.PARTIAL_DATE: _partial_date,
    ColumnType.EUROS: _euros,
    ColumnType.DECIMAL_EUROS: _decimal_euros,
    ColumnType.CHOICE: _choice,
    ColumnType.JSON: _json,
}
