"""The same rule over rows in memory: for tests, traces and, later, a resident's own browser.

It agrees with sql.py on every input (tests/unit/rules); None is `not known` in both.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from openregie.rules.expressions import Among, Binary, Call, Literal, Member, Name, Node, Not
from openregie.rules.meaning import (
    LITERAL_UNITS,
    Scope,
    group_scope,
    names_in,
    row_scope,
    unit_of,
)
from openregie.rules.rule import FactSet, Rule
from openregie.rules.sql import periods, sides
from openregie.rules.telling import Outcome
from openregie.rules.units import Unit, Value
from openregie.rules.vocabulary import Field

Row = Mapping[str, Value]
"""One fact: its fields by name, with `kind`, and `details` as JSON."""

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rule says of one unit in one period; `fires` None is not known."""

    period_start: date
    fires: bool | None
    outcome: Outcome


def judge(rule: Rule, rows: Sequence[Row], *, on: date) -> Judgement:
    """Judge one unit: the newest period that fires, else the newest. Raises ParameterMissing."""
    spans = periods(on, rule.period_months) if rule.period_months else [(on, on)]
    judged = [_judge_period(rule, rows, on, *span) for span in spans]
    return next((judgement for judgement in judged if judgement.fires), judged[0])


def _judge_period(rule: Rule, rows: Sequence[Row], on: date, start: date, end: date) -> Judgement:
    names: dict[str, Value] = {name: given.value for name, given in rule.given(on).items()}
    names |= {"today": on, "period_start": start, "period_end": end}
    sets = {one.name: _select(one, rule, rows, names) for one in rule.sets}
    world = _World(names, group_scope(rule.sets, rule.parameters), sets)
    held = tuple(_truth(world.value(condition.test)) for condition in rule.conditions)
    pairs = [sides(condition.test) for condition in rule.conditions]
    act_from = world.value(rule.act_by.date) if rule.act_by else None
    used = [row for one in rule.sets for row in sets[one.name]]
    known = None if None in held else True
    outcome = Outcome(
        held=held,
        values=tuple(world.value(value) for value, _ in pairs),
        limits=tuple(world.value(limit) if limit is not None else None for _, limit in pairs),
        measures={measure.name: world.value(measure.node) for measure in rule.measures},
        act_from=act_from if isinstance(act_from, date) else None,
        facts=tuple(sorted({str(row["fact_id"]) for row in used})),
        streams=tuple(sorted({str(row["stream"]) for row in used})),
    )
    return Judgement(start, False if False in held or not used else known, outcome)


def _select(one: FactSet, rule: Rule, rows: Sequence[Row], names: Mapping[str, Value]) -> list[Row]:
    meaning = row_scope(one.fields, rule.parameters)
    needed = set(names_in(one.where)) if one.where is not None else set()
    found: list[Row] = []
    for row in rows:
        if row["kind"] not in one.kinds:
            continue
        said = {name: read(row, field) for name, field in one.fields.items() if name in needed}
        world = _World({**said, **names}, meaning, {})
        if one.where is None or world.value(one.where) is True:
            found.append(row)
    return found


def read(row: Row, field: Field) -> Value:
    """What a fact says in one field; None when it says nothing."""
    if not field.detail:
        return row.get(field.name)
    told = json.loads(str(row.get("details") or "{}")).get(field.name)
    if told is None:
        return None
    if field.unit is Unit.DATE:
        return date.fromisoformat(told)
    if field.unit is Unit.BOOLEAN:
        return bool(told)
    return str(told) if field.unit is Unit.TEXT else int(told)


def _truth(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class _World:
    """What is known while one expression is worked out."""

    names: Mapping[str, Value]
    meaning: Scope
    sets: Mapping[str, Sequence[Row]]

    def value(self, node: Node) -> Value:  # noqa: PLR0911 - one branch per kind of node
        match node:
            case Literal():
                return node.value
            case Name():
                return self.names[node.name]
            case Not():
                operand = _truth(self.value(node.operand))
                return None if operand is None else not operand
            case Among():
                operand_value = self.value(node.operand)
                if operand_value is None:
                    return None
                return operand_value in [choice.value for choice in node.choices]
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)
            case Member():
                return None  # meaning.unit_of refuses it

    def _binary(self, node: Binary) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        if node.operator in {"and", "or"}:
            decides = node.operator == "or"
            if decides in (left, right):
                return decides
            return None if None in (left, right) else not decides
        if left is None or right is None:
            return None
        if node.operator in _COMPARE:
            return _COMPARE[node.operator](left, right)
        if isinstance(left, date):
            months = unit_of(node.right, self.meaning) is Unit.MONTHS
            amount = int(str(right)) * (1 if node.operator == "+" else -1)
            return add_months(left, amount) if months else left + timedelta(days=amount)
        one, other = int(str(left)), int(str(right))
        return {"+": one + other, "-": one - other, "*": one * other}[node.operator]

    def _call(self, node: Call) -> Value:
        if node.function in LITERAL_UNITS:
            return self.value(node.arguments[0])
        if node.function in {"missing", "year", "days_between"}:
            return _of_days(node.function, [self.value(argument) for argument in node.arguments])
        argument = node.arguments[0]
        if isinstance(argument, Member):
            field = self.meaning.sets[argument.owner][argument.name]
            told = [read(row, field) for row in self.sets[argument.owner]]
            return summarise(node.function, told)
        return len(self.sets[argument.name]) if isinstance(argument, Name) else None


def _of_days(function: str, values: list[Value]) -> Value:
    if function == "missing":
        return values[0] is None
    days = [value for value in values if isinstance(value, date)]
    if len(days) < len(values):
        return None
    return days[0].year if function == "year" else (days[1] - days[0]).days


def summarise(function: str, told: Sequence[Value]) -> Value:
    """One aggregate; not known where an unknown value could change the answer."""
    known = [value for value in told if value is not None]
    unknown = len(known) < len(told)
    if function == "distinct":
        return len(set(known))
    if function == "total":
        return None if unknown else sum(int(str(value)) for value in known)
    if function in {"any", "all"}:
        decides = function == "any"
        if decides in known:
            return decides
        return None if unknown else not decides
    if not known:
        return None
    ordered = sorted(known, key=lambda value: value if isinstance(value, date) else int(str(value)))
    return ordered[0] if function in {"earliest", "smallest"} else ordered[-1]


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
