"""What an expression means: every name known, every unit fitting, before a rule may run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from openregie.rules.errors import ExpressionRefused
from openregie.rules.expressions import (
    COMPARISONS,
    Among,
    Binary,
    Call,
    Literal,
    Member,
    Name,
    Node,
    Not,
)
from openregie.rules.parameters import Parameter
from openregie.rules.units import ORDERED, WHOLE, Unit, alike
from openregie.rules.vocabulary import DAYS, Field

LITERAL_UNITS: Mapping[str, tuple[Unit, int]] = {
    "cents": (Unit.CENTS, 1_000_000_000_000),
    "days": (Unit.DAYS, 36_500),
    "months": (Unit.MONTHS, 1_200),
}
"""Functions that give a written number its unit, and the most it may be."""

MAX_FACTOR = 10_000
"""A product stays a whole number that every engine holds exactly."""

_AGGREGATES: Mapping[str, tuple[frozenset[Unit], Unit | None]] = {
    "total": (frozenset({Unit.CENTS, Unit.NUMBER}), None),
    "smallest": (WHOLE, None),
    "largest": (WHOLE, None),
    "earliest": (frozenset({Unit.DATE}), None),
    "latest": (frozenset({Unit.DATE}), None),
    "any": (frozenset({Unit.BOOLEAN}), None),
    "all": (frozenset({Unit.BOOLEAN}), None),
    "distinct": (frozenset(Unit), Unit.NUMBER),
}
"""Functions over a field of a set: which units they take, and what they give (None: the same)."""


class NamedFields(Protocol):
    """A set of facts, as far as its meaning goes."""

    @property
    def name(self) -> str:
        """Under which name a condition finds it."""

    @property
    def fields(self) -> Mapping[str, Field]:
        """What its facts say."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Names an expression may use. `sets` is empty where a condition is about one fact."""

    names: Mapping[str, Field]
    sets: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)


def row_scope(fields: Mapping[str, Field], parameters: Iterable[Parameter]) -> Scope:
    """What a condition about one fact may name."""
    return Scope({**fields, **_shared_names(parameters)})


def group_scope(sets: Iterable[NamedFields], parameters: Iterable[Parameter]) -> Scope:
    """What a condition over sets of facts may name."""
    return Scope(_shared_names(parameters), {one.name: one.fields for one in sets})


def _shared_names(parameters: Iterable[Parameter]) -> dict[str, Field]:
    days = {name: Field(name, unit) for name, unit in DAYS.items()}
    return days | {p.name: Field(p.name, p.unit) for p in parameters}


def unit_of(node: Node, scope: Scope) -> Unit:
    """The unit of an expression. Raises ExpressionRefused at the first thing that does not fit."""
    match node:
        case Literal():
            return node.unit
        case Name():
            return _known(node, scope).unit
        case Member():
            raise ExpressionRefused(
                node.at, "a set holds many facts", f"write for instance `any({node.owner}.crisis)`"
            )
        case Not():
            _demand(node.operand, scope, Unit.BOOLEAN)
            return Unit.BOOLEAN
        case Among():
            return _among(node, scope)
        case Call():
            return _call(node, scope)
        case Binary():
            return _binary(node, scope)


def _known(node: Name, scope: Scope) -> Field:
    if node.name in scope.names:
        return scope.names[node.name]
    if node.name in scope.sets:
        remedy = f"write for instance `count({node.name})`"
        raise ExpressionRefused(node.at, "a set is no value", remedy)
    near = ", ".join(sorted(scope.names))
    raise ExpressionRefused(node.at, f"unknown name `{node.name}`", f"choose one of: {near}")


def _demand(node: Node, scope: Scope, unit: Unit) -> None:
    found = unit_of(node, scope)
    if found is not unit:
        raise ExpressionRefused(node.at, f"this is {found}, not {unit}", f"give a {unit} here")


def _among(node: Among, scope: Scope) -> Unit:
    unit = unit_of(node.operand, scope)
    for choice in node.choices:
        if not alike(unit, choice.unit):
            remedy = f"list values that are {unit}"
            raise ExpressionRefused(choice.at, f"{unit} is compared with {choice.unit}", remedy)
        _check_choice(node.operand, choice, scope)
    return Unit.BOOLEAN


def _check_choice(one: Node, other: Node, scope: Scope) -> None:
    if isinstance(one, Name) and isinstance(other, Literal) and other.unit is Unit.TEXT:
        choices = scope.names[one.name].choices
        if choices and other.value not in choices:
            remedy = f"choose one of: {', '.join(choices)}"
            raise ExpressionRefused(other.at, f"`{one.name}` never says this", remedy)


def _binary(node: Binary, scope: Scope) -> Unit:
    if node.operator in {"and", "or"}:
        _demand(node.left, scope, Unit.BOOLEAN)
        _demand(node.right, scope, Unit.BOOLEAN)
        return Unit.BOOLEAN
    left, right = unit_of(node.left, scope), unit_of(node.right, scope)
    if node.operator in COMPARISONS:
        return _comparison(node, left, right, scope)
    if node.operator == "*":
        return _product(node, left, right)
    if left is Unit.DATE and right in {Unit.DAYS, Unit.MONTHS}:
        return Unit.DATE
    if left not in WHOLE or not alike(left, right):
        remedy = "add like to like; days or months to a date; write `cents(500)` for an amount"
        raise ExpressionRefused(node.at, f"{left} {node.operator} {right} has no meaning", remedy)
    return left


def _comparison(node: Binary, left: Unit, right: Unit, scope: Scope) -> Unit:
    if not alike(left, right):
        remedy = "compare like with like: `cents(7500)`, `days(60)`, a parameter with that unit"
        raise ExpressionRefused(node.at, f"{left} is compared with {right}", remedy)
    if node.operator not in {"==", "!="} and left not in ORDERED:
        raise ExpressionRefused(node.at, f"{left} knows no less or more", "use == or !=")
    _check_choice(node.left, node.right, scope)
    _check_choice(node.right, node.left, scope)
    return Unit.BOOLEAN


def _product(node: Binary, left: Unit, right: Unit) -> Unit:
    factor = node.right
    fits = isinstance(factor, Literal) and right is Unit.NUMBER and left in WHOLE
    if not fits or isinstance(node.left, Binary):
        remedy = "multiply one name by a written whole number, as in `threshold * 3`"
        raise ExpressionRefused(node.at, f"{left} * {right} cannot be multiplied here", remedy)
    if isinstance(factor, Literal) and int(factor.value) > MAX_FACTOR:
        remedy = f"multiply by at most {MAX_FACTOR}"
        raise ExpressionRefused(factor.at, "the factor is too large", remedy)
    return left


def _call(node: Call, scope: Scope) -> Unit:
    if node.function in LITERAL_UNITS:
        return _written_unit(node)
    if node.function in _AGGREGATES or node.function == "count":
        return _aggregate(node, scope)
    if node.function == "missing":
        _arity(node, 1)
        unit_of(node.arguments[0], scope)
        return Unit.BOOLEAN
    if node.function == "year":
        _arity(node, 1)
        _demand(node.arguments[0], scope, Unit.DATE)
        return Unit.NUMBER
    if node.function == "days_between":
        _arity(node, 2)
        for argument in node.arguments:
            _demand(argument, scope, Unit.DATE)
        return Unit.DAYS
    known = sorted({*LITERAL_UNITS, *_AGGREGATES, "count", "missing", "year", "days_between"})
    remedy = f"choose one of: {', '.join(known)}"
    raise ExpressionRefused(node.at, f"unknown function `{node.function}`", remedy)


def _arity(node: Call, number: int) -> None:
    if len(node.arguments) != number:
        remedy = f"give exactly {number}"
        raise ExpressionRefused(node.at, f"`{node.function}` has other arguments", remedy)


def _written_unit(node: Call) -> Unit:
    unit, most = LITERAL_UNITS[node.function]
    _arity(node, 1)
    written = node.arguments[0]
    if not isinstance(written, Literal) or written.unit is not Unit.NUMBER:
        remedy = f"write `{node.function}(10)` or use a parameter"
        raise ExpressionRefused(node.at, f"`{node.function}` takes a written number", remedy)
    if int(written.value) > most:
        raise ExpressionRefused(written.at, "the number is too large", f"write at most {most}")
    return unit


def _aggregate(node: Call, scope: Scope) -> Unit:
    _arity(node, 1)
    argument = node.arguments[0]
    if not scope.sets:
        remedy = "move it to `when`"
        raise ExpressionRefused(node.at, f"`{node.function}` counts over facts", remedy)
    if node.function == "count":
        if not isinstance(argument, Name) or argument.name not in scope.sets:
            remedy = f"choose one of: {', '.join(sorted(scope.sets))}"
            raise ExpressionRefused(node.at, "`count` takes a set", remedy)
        return Unit.NUMBER
    if not isinstance(argument, Member) or argument.owner not in scope.sets:
        remedy = f"write `{node.function}(set.field)`, set one of: {', '.join(sorted(scope.sets))}"
        raise ExpressionRefused(node.at, f"`{node.function}` takes a field of a set", remedy)
    fields = scope.sets[argument.owner]
    if argument.name not in fields:
        remedy = f"choose one of: {', '.join(sorted(fields))}"
        raise ExpressionRefused(argument.at, f"unknown field `{argument.name}`", remedy)
    takes, gives = _AGGREGATES[node.function]
    unit = fields[argument.name].unit
    if unit not in takes:
        remedy = f"`{node.function}` takes {' or '.join(sorted(takes))}"
        raise ExpressionRefused(argument.at, f"`{argument.name}` is {unit}", remedy)
    if node.function == "distinct" and argument.name == "subject":
        return Unit.PERSONS
    return gives or unit


def names_in(node: Node) -> Iterator[str]:
    """Every plain name in an expression, sets included."""
    match node:
        case Name():
            yield node.name
        case Member():
            yield node.owner
        case Not() | Among():
            yield from names_in(node.operand)
        case Binary():
            yield from names_in(node.left)
            yield from names_in(node.right)
        case Call():
            for argument in node.arguments:
                yield from names_in(argument)
        case Literal():
            return


def aggregates_in(node: Node) -> Iterator[Call]:
    """Every call over a set in an expression."""
    match node:
        case Call() if node.function in _AGGREGATES or node.function == "count":
            yield node
        case Call():
            for argument in node.arguments:
                yield from aggregates_in(argument)
        case Not() | Among():
            yield from aggregates_in(node.operand)
        case Binary():
            yield from aggregates_in(node.left)
            yield from aggregates_in(node.right)
        case _:
            return
