"""What a cell means, as SQL: one rule per column type, from text to a typed value or a reason.

Each rule works in three steps, so that DuckDB computes each once: `t` is the cleaned text (NFC,
tabs, line ends and hard spaces as spaces, outer spaces off, NULL when nothing is left), `p` what
the type reads from it (a number, eight digits of a date), and then the values and whether they
hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from openregie.blind.streams.limits import MAX_CELL_CHARS, MAX_JSON_CHARS
from openregie.blind.streams.stream import Column, ColumnType

_ODD_SPACES = r"[\t\r\n\x{a0}\x{2007}\x{202f}\x{feff}]"
_ODD_SPACE_CHARS = (
    "chr(9) || chr(10) || chr(13) || chr(160) || chr(8199) || chr(8239) || chr(65279)"
)
_NOT_TEXT = (
    r"[\x00-\x1f\x7f-\x{9f}\x{61c}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}"
    r"\x{e0000}-\x{e007f}]|^[=\x{ff1d}]"
    r"|^[+@\x{ff0b}\x{ff0d}\x{ff20}-]([^ ].*[A-Za-z]\(|.*[A-Za-z]\|.*!)"
)
"""Control characters, those that turn the direction of writing and invisible tags: no name has
them. And what a spreadsheet would run: =..., or +, - and @ before a call as SUM( or a command as
cmd|'...'!A0. What people write stays text: a dash, "-2", "+31(0)6", "- betaald (deels)"."""

_EARLIEST_YEAR = "1800"


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
    if column.type is ColumnType.TEXT:
        text = f"nfc_normalize({text})"
    # A test that is nearly always false costs a third of what translating every cell does.
    spaced = (
        f"CASE WHEN regexp_matches({text}, '{_ODD_SPACES}') "
        f"THEN translate({text}, {_ODD_SPACE_CHARS}, repeat(' ', 7)) ELSE {text} END"
    )
    return f"nullif(trim({spaced}), '')"


def prepared(column: Column, t: str) -> str:
    """Expression for `p` over `t`."""
    return _PREPARED[column.type](t)


def cell_rule(column: Column, t: str, p: str) -> CellRule:
    """The rule of a column's type over `t`, `p` and `delivered_on`, the day that events end."""
    return _RULES[column.type](column, t, p)


def _as_is(t: str) -> str:
    return t


def _whole_number(t: str) -> str:
    return f"CASE WHEN regexp_full_match({t}, '-?[0-9]{{1,9}}') THEN TRY_CAST({t} AS BIGINT) END"


def _amount(t: str) -> str:
    """Cents. 1.234 may be a thousand or one: nothing with a thousands separator passes."""
    return (
        f"CASE WHEN regexp_full_match({t}, '-?[0-9]{{1,9}}([.,][0-9]{{1,2}})?') "
        f"THEN (TRY_CAST(replace({t}, ',', '.') AS DECIMAL(12, 2)) * 100)::BIGINT END"
    )


def _bsn_number(t: str) -> str:
    return f"CASE WHEN regexp_full_match({t}, '[0-9]{{8,9}}') THEN TRY_CAST({t} AS INTEGER) END"


def _tidy(t: str) -> str:
    return f"upper(replace({t}, ' ', ''))"


def _eight_digits(t: str) -> str:
    """A date in any accepted notation as YYYYMMDD, or NULL."""
    return (
        f"CASE WHEN regexp_full_match({t}, '[0-9]{{8}}') THEN {t} "
        f"WHEN regexp_full_match({t}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
        f"THEN replace({t}, '-', '') "
        f"WHEN regexp_full_match({t}, '[0-9]{{2}}-[0-9]{{2}}-[0-9]{{4}}') "
        f"THEN {t}[7:10] || {t}[4:5] || {t}[1:2] END"
    )


def _eight_digits_or_fewer(t: str) -> str:
    return (
        f"CASE WHEN regexp_full_match({t}, '[0-9]{{4}}') THEN {t} || '0000' "
        f"WHEN regexp_full_match({t}, '[0-9]{{4}}-[0-9]{{2}}') THEN replace({t}, '-', '') || '00' "
        f"ELSE {_eight_digits(t)} END"
    )


_PREPARED: Mapping[ColumnType, Callable[[str], str]] = {
    ColumnType.TEXT: _as_is,
    ColumnType.BSN: _bsn_number,
    ColumnType.POSTCODE: _tidy,
    ColumnType.INTEGER: _whole_number,
    ColumnType.BOOLEAN: lambda t: f"lower({t})",
    ColumnType.DATE: lambda t: _day(_eight_digits(t)),
    ColumnType.PARTIAL_DATE: _eight_digits_or_fewer,
    ColumnType.EUROS: lambda t: f"({_whole_number(t)}) * 100",
    ColumnType.DECIMAL_EUROS: _amount,
    ColumnType.CHOICE: _as_is,
    ColumnType.JSON: _as_is,
}


def _day(digits: str) -> str:
    return f"try_strptime({digits}, '%Y%m%d')::DATE"


def _text(column: Column, t: str, _p: str) -> CellRule:
    valid = f"length({t}) <= {MAX_CELL_CHARS} AND NOT regexp_matches({t}, '{_NOT_TEXT}')"
    reason = (
        f"longer than {MAX_CELL_CHARS} characters, with control characters, or begins as a formula"
    )
    return CellRule({column.field: t}, valid, reason, t)


def _json(column: Column, t: str, _p: str) -> CellRule:
    valid = f"length({t}) <= {MAX_JSON_CHARS} AND json_valid({t})"
    return CellRule({column.field: t}, valid, "not JSON, or too long", t)


_BSN_WEIGHTS = tuple(zip((9, 8, 7, 6, 5, 4, 3, 2, -1), range(8, -1, -1), strict=True))
"""Weight and power of ten per digit. Source: Besluit burgerservicenummer."""


def _bsn(column: Column, t: str, p: str) -> CellRule:
    total = " + ".join(f"{weight} * ({p} // {10**power} % 10)" for weight, power in _BSN_WEIGHTS)
    value = f"lpad({t}, 9, '0')"
    valid = f"coalesce({p} > 0 AND ({total}) % 11 = 0, FALSE)"
    return CellRule({column.field: value}, valid, "not a citizen number (elfproef)", value)


def _postcode(column: Column, _t: str, p: str) -> CellRule:
    valid = f"regexp_full_match({p}, '[1-9][0-9]{{3}}[A-Z]{{2}}')"
    return CellRule({column.field: p}, valid, "not a postcode (1234AB)", p)


def _number(column: Column, p: str, value: str, reason: str, unit: int) -> CellRule:
    low, high = column.minimum, column.maximum
    bounds = [f"{p} >= {low}"] if low is not None else []
    bounds += [f"{p} <= {high}"] if high is not None else []
    said = [f"from {low // unit}"] if low is not None else []
    said += [f"to {high // unit}"] if high is not None else []
    valid = f"coalesce({' AND '.join([f'{p} IS NOT NULL', *bounds])}, FALSE)"
    reason = f"{reason}, {' '.join(said)}" if said else reason
    return CellRule({column.field: value}, valid, reason, f"{p}::VARCHAR")


def _integer(column: Column, _t: str, p: str) -> CellRule:
    return _number(column, p, f"{p}::INTEGER", "not a whole number", 1)


def _euros(column: Column, _t: str, p: str) -> CellRule:
    return _number(column, p, p, "not whole euros (write 1250, no separators)", 100)


def _decimal_euros(column: Column, _t: str, p: str) -> CellRule:
    return _number(column, p, p, "not an amount (write 1234,56, no thousands separator)", 100)


_TRUE = ("ja", "j", "true", "1")
_FALSE = ("nee", "n", "false", "0")


def _boolean(column: Column, _t: str, p: str) -> CellRule:
    true = ", ".join(literal(word) for word in _TRUE)
    known = ", ".join(literal(word) for word in (*_TRUE, *_FALSE))
    value = f"{p} IN ({true})"
    return CellRule(
        {column.field: value}, f"{p} IN ({known})", "not ja or nee", f"({value})::VARCHAR"
    )


def _choice(column: Column, t: str, _p: str) -> CellRule:
    allowed = ", ".join(literal(choice) for choice in column.choices)
    reason = f"not one of {', '.join(column.choices)}"
    return CellRule({column.field: t}, f"{t} IN ({allowed})", reason, t)


def _date(column: Column, _t: str, p: str) -> CellRule:
    valid = f"{p} >= DATE '{_EARLIEST_YEAR}-01-01'"
    reason = f"not a date (2026-11-05) from {_EARLIEST_YEAR} on"
    if column.event:
        valid += f" AND {p} <= delivered_on"
        reason += " up to the day of delivery"
    return CellRule({column.field: p}, f"coalesce({valid}, FALSE)", reason, f"{p}::VARCHAR")


def _partial_date(column: Column, t: str, p: str) -> CellRule:
    year, month, last = f"{p}[1:4]", f"{p}[5:6]", f"{p}[7:8]"
    valid = (
        f"({p} = '00000000' OR ({year} >= '{_EARLIEST_YEAR}' AND ({p}[5:8] = '0000' "
        f"OR ({last} = '00' AND {month} BETWEEN '01' AND '12') OR {_day(p)} IS NOT NULL)))"
    )
    reason = "not a date (2026-11-05, 1968-03, 1968 or 00000000)"
    if column.role == "birth_on":
        valid += f" AND {p} <= strftime(delivered_on, '%Y%m%d')"
        reason += " up to the day of delivery"
    values = {
        column.field: _day(p),
        f"{column.stem}_year": f"nullif({year}, '0000')::INTEGER",
        f"{column.stem}_month": f"nullif({month}, '00')::INTEGER",
        f"{column.stem}_reported": f"{t} IS NOT NULL",
    }
    return CellRule(values, f"coalesce({valid}, FALSE)", reason, p)


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
