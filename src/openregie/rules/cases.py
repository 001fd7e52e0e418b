"""Given-expected tables: the facts of one unit on a day, and what the rule must say of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openregie.rules.errors import RulesInvalid
from openregie.rules.interpret import Row
from openregie.rules.located import Form
from openregie.rules.units import Value
from openregie.rules.vocabulary import FIELDS

FEWEST_CASES = 10
"""A rule with fewer is not tested enough to be published."""

_EXPECTED = {"fires", "act_by_on", "facts", "values"}


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a table. `facts` are ids `1`, `2`, ... in the order given; None leaves it open."""

    name: str
    on: date
    rows: tuple[Row, ...]
    fires: bool
    act_by_on: date | None
    facts: tuple[str, ...] | None
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Table:
    """The cases of one rule, or of two rules that must say the same."""

    rules: tuple[str, ...]
    cases: tuple[Case, ...]


def read_tables(directory: Path) -> tuple[Table, ...]:
    """Every table in a folder, by name. Raises RulesInvalid."""
    return tuple(read_table(file) for file in sorted(directory.glob("*.yaml")))


def read_table(file: Path) -> Table:
    """One table. Raises RulesInvalid with every mistake in it."""
    form = Form(file)
    if not form.problems:
        form.only((), {"rules", "on", "given", "cases"})
        rules, on = form.texts("rules"), form.day("on")
        cases = tuple(_case(form, row, on) for row in form.rows("cases"))
        if len(cases) < FEWEST_CASES:
            what = f"has {len(cases)} cases"
            form.problem(("cases",), what, f"give at least {FEWEST_CASES}, edges first")
        if not form.problems:
            return Table(rules, cases)
    raise RulesInvalid(form.problems)


def _case(form: Form, row: int, on: date) -> Case:
    path = ("cases", row)
    form.only(path, {"name", "on", "facts", "expect"})
    form.only((*path, "expect"), _EXPECTED)
    expect = form.get(*path, "expect")
    fires = form.get(*path, "expect", "fires")
    if not isinstance(fires, bool):
        form.problem((*path, "expect"), "does not say whether it fires", "write `fires: true`")
    shown = form.get(*path, "expect", "facts")
    values = expect.get("values") if isinstance(expect, dict) else None
    return Case(
        name=form.text(*path, "name"),
        on=form.day(*path, "on") if form.get(*path, "on") else on,
        rows=tuple(_fact(form, (*path, "facts", i)) for i in form.rows(*path, "facts")),
        fires=fires is True,
        act_by_on=form.last_day(*path, "expect", "act_by_on"),
        facts=None if shown is None else tuple(str(number) for number in shown),
        values=values if isinstance(values, dict) else {},
    )


def _fact(form: Form, path: tuple[str | int, ...]) -> Row:
    """A fact: the name of a given one, or `name: {changes}`."""
    written = form.get(*path)
    name = next(iter(written)) if isinstance(written, dict) and len(written) == 1 else written
    given = form.get("given", str(name))
    changes = written[name] if isinstance(written, dict) and isinstance(name, str) else {}
    if not isinstance(given, dict) or "kind" not in given or not isinstance(changes, dict):
        form.problem(path, "is no fact", "name one of `given`, or write `name: {field: value}`")
        return {}
    said: dict[str, Any] = {"crisis": False} | given | changes
    details = {key: told for key, told in said.items() if key not in {*FIELDS, "kind"}}
    number = int(path[-1]) + 1
    row = {field: said.get(field) for field in FIELDS} | {"kind": said["kind"]}
    return row | {"fact_id": str(number), "details": json.dumps(details, default=str)}
