"""A rule as one SQL query (DuckDB). INVARIANT: identifiers come from our own vocabulary only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openregie.rules.expressions import Among, Binary, Call, Literal, Member, Name, Node, Not
from openregie.rules.meaning import (
    LITERAL_UNITS,
    Scope,
    aggregates_in,
    group_scope,
    row_scope,
    unit_of,
)
from openregie.rules.rule import FactSet, Rule
from openregie.rules.units import Unit
from openregie.rules.vocabulary import Field

_SIGNS = {"==": "=", "!=": "<>"}
_DETAIL_TYPES = {
    Unit.TEXT: "VARCHAR",
    Unit.NUMBER: "BIGINT",
    Unit.CENTS: "BIGINT",
    Unit.BOOLEAN: "BOOLEAN",
    Unit.DATE: "DATE",
}


@dataclass(frozen=True, slots=True)
class Query:
    """SQL text and the names of its columns, in order.

    Shape of a result: `unit`, `period_start`, `facts` (list), `streams` (list), one column per
    measure, `act_from`, then a value and a limit per condition.
    """

    text: str
    columns: tuple[str, ...]


def compile_rule(rule: Rule, *, source: str, on: date) -> Query:
    """The units for which every condition holds on the day; the newest period of each.

    Shape of `source`: a relation with `unit`, `kind`, `details` (JSON) and every field of a fact.
    Raises ParameterMissing.
    """
    names = {name: f"CAST({int(given.value)} AS BIGINT)" for name, given in rule.given(on).items()}
    names |= {"today": _day(on), "period_start": "period_start", "period_end": "period_end"}
    scope = _Scope(names, group_scope(rule.sets, rule.parameters))
    sets = [_set(rule_set, rule, source, names) for rule_set in rule.sets]
    sums = [_summary(rule_set, rule) for rule_set in rule.sets]
    key = "unit, period_start, period_end"
    units = " UNION ".join(f'SELECT {key} FROM "sum_{one.name}"' for one in rule.sets)
    joins = " ".join(f'LEFT JOIN "sum_{one.name}" USING ({key})' for one in rule.sets)
    told = _told(rule, scope)
    columns = ", ".join(f"{sql} AS {_quote(name)}" for name, sql in told.items())
    conditions = " AND ".join(f"({expression(c.test, scope)})" for c in rule.conditions)
    text = (
        f"WITH periods(period_start, period_end) AS (VALUES {_periods(rule, on)}),\n"
        + ",\n".join([*sets, *sums, f"units AS ({units})"])
        + f"\nSELECT unit, period_start, {columns}"
        + f"\nFROM units {joins}\nWHERE {conditions}"
        + "\nQUALIFY row_number() OVER (PARTITION BY unit ORDER BY period_start DESC) = 1"
        + "\nORDER BY unit"
    )
    return Query(text, ("unit", "period_start", *told))


def _told(rule: Rule, scope: _Scope) -> dict[str, str]:
    told = {"facts": _gathered(rule.sets, "facts"), "streams": _gathered(rule.sets, "streams")}
    told |= {f"measure_{m.name}": expression(m.node, scope) for m in rule.measures}
    told["act_from"] = expression(rule.act_by.date, scope) if rule.act_by else "NULL"
    for number, condition in enumerate(rule.conditions):
        value, limit = sides(condition.test)
        told[f"value_{number}"] = expression(value, scope)
        told[f"limit_{number}"] = expression(limit, scope) if limit is not None else "NULL"
    return told


def sides(test: Node) -> tuple[Node, Node | None]:
    """What a condition measures and against what; the whole condition when it is no comparison."""
    if isinstance(test, Binary) and test.operator not in {"and", "or", "+", "-", "*"}:
        return test.left, test.right
    return test, None


def _gathered(sets: Sequence[FactSet], what: str) -> str:
    lists = [f'coalesce("{s.name}__{what}", CAST([] AS VARCHAR[]))' for s in sets]
    joined = lists[0]
    for one in lists[1:]:
        joined = f"list_concat({joined}, {one})"
    return f"list_sort(list_distinct({joined}))"


def _periods(rule: Rule, on: date) -> str:
    if not rule.period_months:
        return f"({_day(on)}, {_day(on)})"
    return ", ".join(
        f"({_day(start)}, {_day(end)})" for start, end in periods(on, rule.period_months)
    )


def periods(on: date, months: int) -> list[tuple[date, date]]:
    """The calendar month of a day and the ones before it: first and last days, newest first."""
    found = []
    start = on.replace(day=1)
    for _ in range(months):
        end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        found.append((start, end))
        start = (start - timedelta(days=1)).replace(day=1)
    return found


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def _quote(name: str) -> str:
    return f'"{name}"'


@dataclass(frozen=True, slots=True)
class _Scope:
    """How each name is written in SQL, and what it means."""

    names: Mapping[str, str]
    meaning: Scope


def _column(field: Field) -> str:
    if not field.detail:
        return _quote(field.name)
    read = f"json_extract_string(details, '$.{field.name}')"
    return f"TRY_CAST({read} AS {_DETAIL_TYPES[field.unit]})"


def _set(rule_set: FactSet, rule: Rule, source: str, names: Mapping[str, str]) -> str:
    columns = {name: _column(field) for name, field in rule_set.fields.items()}
    fields = _Scope({**columns, **names}, row_scope(rule_set.fields, rule.parameters))
    kinds = ", ".join(f"'{kind}'" for kind in rule_set.kinds)
    where = expression(rule_set.where, fields) if rule_set.where is not None else "TRUE"
    return (
        f'"set_{rule_set.name}" AS (SELECT * FROM {source}, periods '
        f"WHERE kind IN ({kinds}) AND ({where}))"
    )


def _summary(rule_set: FactSet, rule: Rule) -> str:
    calls = sorted(
        {
            _alias(call): _sum(call, rule_set)
            for node in _nodes(rule)
            for call in aggregates_in(node)
            if _owner(call) == rule_set.name
        }.items()
    )
    columns = "".join(f", {sql} AS {_quote(alias)}" for alias, sql in calls)
    name = rule_set.name
    return (
        f'"sum_{name}" AS (SELECT unit, period_start, period_end, '
        f'list(fact_id) AS "{name}__facts", '
        f'list(DISTINCT stream) AS "{name}__streams", count(*) AS "{name}__rows"{columns} '
        f'FROM "set_{name}" GROUP BY unit, period_start, period_end)'
    )


def _nodes(rule: Rule) -> list[Node]:
    nodes = [c.test for c in rule.conditions] + [m.node for m in rule.measures]
    return [*nodes, rule.act_by.date] if rule.act_by else nodes


def _owner(call: Call) -> str:
    argument = call.arguments[0]
    return argument.owner if isinstance(argument, Member) else getattr(argument, "name", "")


def _alias(call: Call) -> str:
    argument = call.arguments[0]
    field = f"__{argument.name}" if isinstance(argument, Member) else ""
    return f"{_owner(call)}__{call.function}{field}"


def _sum(call: Call, rule_set: FactSet) -> str:  # noqa: PLR0911 - one branch per aggregate
    """One aggregate; what is not known stays not known where it could change the answer."""
    argument = call.arguments[0]
    if not isinstance(argument, Member):
        return "count(*)"
    column = _column(rule_set.fields[argument.name])
    known = f"count({column}) = count(*)"
    match call.function:
        case "total":
            return f"CASE WHEN {known} THEN CAST(sum({column}) AS BIGINT) END"
        case "distinct":
            return f"count(DISTINCT {column})"
        case "earliest" | "smallest":
            return f"min({column})"
        case "latest" | "largest":
            return f"max({column})"
        case "any":
            return f"CASE WHEN bool_or({column}) THEN TRUE WHEN {known} THEN FALSE END"
        case _:
            return f"CASE WHEN NOT bool_and({column}) THEN FALSE WHEN {known} THEN TRUE END"


_OF_NOTHING = {"count": "0", "total": "0", "distinct": "0", "any": "FALSE", "all": "TRUE"}
"""What an aggregate is when the set is empty; the others are not known."""


def expression(node: Node, scope: _Scope) -> str:  # noqa: PLR0911 - one branch per kind of node
    """An expression as SQL; three-valued, as SQL is: not known is NULL."""
    match node:
        case Literal():
            return _literal(node)
        case Name():
            return scope.names[node.name]
        case Member():
            return _quote(f"{node.owner}__{node.name}")
        case Not():
            return f"(NOT {expression(node.operand, scope)})"
        case Among():
            choices = ", ".join(_literal(choice) for choice in node.choices)
            return f"({expression(node.operand, scope)} IN ({choices}))"
        case Binary():
            return _binary(node, scope)
        case Call():
            return _call(node, scope)


def _literal(node: Literal) -> str:
    if isinstance(node.value, bool):
        return "TRUE" if node.value else "FALSE"
    if isinstance(node.value, int):
        return f"CAST({node.value} AS BIGINT)"
    return "'" + node.value.replace("'", "''") + "'"


def _binary(node: Binary, scope: _Scope) -> str:
    left, right = expression(node.left, scope), expression(node.right, scope)
    if node.operator in {"+", "-"} and unit_of(node.left, scope.meaning) is Unit.DATE:
        months = unit_of(node.right, scope.meaning) is Unit.MONTHS
        step = f"to_months(CAST({right} AS INTEGER))" if months else f"CAST({right} AS INTEGER)"
        return f"CAST(({left} {node.operator} {step}) AS DATE)"
    return f"({left} {_SIGNS.get(node.operator, node.operator.upper())} {right})"


def _call(node: Call, scope: _Scope) -> str:
    if node.function in LITERAL_UNITS:
        return expression(node.arguments[0], scope)
    if node.function == "missing":
        return f"({expression(node.arguments[0], scope)} IS NULL)"
    if node.function == "year":
        return f"CAST(year({expression(node.arguments[0], scope)}) AS BIGINT)"
    if node.function == "days_between":
        first, last = (expression(argument, scope) for argument in node.arguments)
        return f"date_diff('day', {first}, {last})"
    empty = _OF_NOTHING.get(node.function, "NULL")
    rows = _quote(f"{_owner(node)}__rows")
    return f"(CASE WHEN {rows} IS NULL THEN {empty} ELSE {_quote(_alias(node))} END)"
