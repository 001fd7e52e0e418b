"""The columns of one declaration: types, keys, roles and bounds, checked alone and together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from openregie.blind.streams.fields import Fields
from openregie.blind.streams.stream import COMMON_COLUMNS, ROLE_TYPES, Column, ColumnType, Words

_KEYS = frozenset(
    [
        "name",
        "as",
        "type",
        "required",
        "key",
        "event",
        "role",
        "choices",
        "labels",
        "minimum",
        "maximum",
        "nl",
        "en",
    ]
)
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_AMOUNTS = (ColumnType.EUROS, ColumnType.DECIMAL_EUROS)
_DATES = (ColumnType.DATE, ColumnType.PARTIAL_DATE)
_BOUNDED = (*_AMOUNTS, ColumnType.INTEGER)
_BOUND = 10**12  # ten thousand million euros; catches a slip of the keyboard


def read_columns(fields: Fields) -> tuple[Column, ...]:
    """Every declared column; problems are left in `fields`."""
    columns: list[Column] = []
    headers: set[str] = set()
    taken = set(COMMON_COLUMNS)
    for item in fields.items("columns"):
        column = _column(item)
        _check(item, column)
        if column.header in headers:
            item.problem("name", "this header stands twice", "keep one of the two")
        headers.add(column.header)
        for name in column.table_columns():
            if name in taken:
                item.problem("as", f"`{name}` is taken already", "choose another name")
            taken.add(name)
        columns.append(column)
    roles = [column.role for column in columns if column.role]
    for role in sorted({role for role in roles if roles.count(role) > 1}):
        fields.problem("columns", f"role `{role}` stands twice", "one column per role")
    return tuple(columns)


def _column(item: Fields) -> Column:
    item.refuse_unknown(_KEYS)
    return Column(
        header=item.text("name"),
        field=item.text("as", pattern=_FIELD),
        type=ColumnType(item.choice("type", tuple(ColumnType))),
        words=item.words(),
        required=item.boolean("required"),
        key=item.boolean("key"),
        event=item.boolean("event"),
        role=item.choice("role", tuple(ROLE_TYPES)) if item.has("role") else None,
        choices=item.texts("choices") if item.has("choices") else (),
        labels=_labels(item),
        minimum=_bound(item, "minimum"),
        maximum=_bound(item, "maximum"),
    )


def _labels(item: Fields) -> Mapping[str, Words]:
    if not item.has("labels"):
        return MappingProxyType({})
    labels = item.mapping("labels")
    labels.refuse_unknown(set(item.texts("choices")))
    return MappingProxyType({choice: labels.words_of(choice) for choice in labels.node.entries})


def _bound(item: Fields, key: str) -> int | None:
    return item.integer(key, at_least=-_BOUND, at_most=_BOUND) if item.has(key) else None


def _check(item: Fields, column: Column) -> None:
    if (column.key or column.event) and not column.required:
        item.problem("required", "a key or event column must be filled", "add `required: true`")
    if column.event and column.type is not ColumnType.DATE:
        item.problem("type", "an event column is a whole date", "write `type: date`")
    if column.role and ROLE_TYPES[column.role] is not column.type:
        right = ROLE_TYPES[column.role]
        item.problem("type", f"role `{column.role}` has type {right}", f"write `type: {right}`")
    if bool(column.choices) != (column.type is ColumnType.CHOICE):
        item.problem("choices", "`choices` and `type: choice` go together", "give both or neither")
    bounded = column.minimum is not None or column.maximum is not None
    if bounded and column.type not in _BOUNDED:
        item.problem("type", "only numbers and amounts have bounds", "remove minimum and maximum")
    if None not in (column.minimum, column.maximum) and column.minimum > column.maximum:  # type: ignore[operator]  # both are set
        item.problem("minimum", "is above the maximum", "swap the two")
    if column.type in _AMOUNTS and not column.field.endswith("_cents"):
        item.problem("as", "an amount's name must end in `_cents`", "amounts are kept in cents")
    if column.type in _DATES and not column.field.endswith("_on"):
        item.problem("as", "a date's name must end in `_on`", "rename it")
