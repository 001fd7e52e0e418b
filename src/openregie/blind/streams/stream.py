"""A stream as content/streams/ declares it: what may come in, under which law, for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from types import MappingProxyType

from openregie.terms import Domain, Lane

POPULATION = "population"
"""The one stream that says who lives here; every other record is linked against it."""

BRP_TESTSET = "brp-testset"
ADAPTERS = (BRP_TESTSET,)
"""Foreign file shapes that a declaration may name; each has a module in this package."""


class ColumnType(StrEnum):
    """What a cell may hold. The rules stand in conversion.py."""

    TEXT = "text"
    BSN = "bsn"
    POSTCODE = "postcode"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    EUROS = "euros"
    DECIMAL_EUROS = "decimal_euros"
    CHOICE = "choice"
    JSON = "json"


class Kind(StrEnum):
    """How deliveries of one supplier add up."""

    SNAPSHOT = "snapshot"
    """The newest delivery replaces the ones before it."""
    EVENTS = "events"
    """Every delivery adds; a record delivered again replaces its earlier version."""


ROLE_TYPES: Mapping[str, ColumnType] = {
    "bsn": ColumnType.BSN,
    "initials": ColumnType.TEXT,
    "given_names": ColumnType.TEXT,
    "prefix": ColumnType.TEXT,
    "surname": ColumnType.TEXT,
    "birth_on": ColumnType.PARTIAL_DATE,
    "street": ColumnType.TEXT,
    "postcode": ColumnType.POSTCODE,
    "house_number": ColumnType.INTEGER,
    "house_letter": ColumnType.TEXT,
    "house_addition": ColumnType.TEXT,
    "city": ColumnType.TEXT,
}
"""What a column can say about whom a record is about, in the order of the table `identities`."""

COMMON_COLUMNS: Mapping[str, str] = {
    "record_id": "VARCHAR",
    "delivery_id": "VARCHAR",
    "supplier": "VARCHAR",
    "supplier_oin": "VARCHAR",
    "row_number": "INTEGER",
    "delivered_on": "DATE",
}
"""First columns of every stream's table, with their DuckDB types."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What a supplier must attest with every delivery."""

    condition_id: str
    words: Words


def _no_labels() -> Mapping[str, Words]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column: `header` in the file, `field` in our table.

    `labels` say a choice in plain words. Units: `minimum` and `maximum` are whole numbers of
    the type, for amounts euro cents.
    """

    header: str
    field: str
    type: ColumnType
    words: Words
    required: bool = False
    key: bool = False
    event: bool = False
    role: str | None = None
    choices: tuple[str, ...] = ()
    labels: Mapping[str, Words] = dataclass_field(default_factory=_no_labels, hash=False)
    minimum: int | None = None
    maximum: int | None = None

    @property
    def stem(self) -> str:
        """The field without its `_on`; a partial date adds `<stem>_year` and its sisters."""
        return self.field.removesuffix("_on")

    def table_columns(self) -> dict[str, str]:
        """Columns of the stream's table that this column fills, with their DuckDB types."""
        if self.type is ColumnType.PARTIAL_DATE:
            return {
                self.field: "DATE",
                f"{self.stem}_year": "INTEGER",
                f"{self.stem}_month": "INTEGER",
                f"{self.stem}_reported": "BOOLEAN",
            }
        return {self.field: _TABLE_TYPES[self.type]}


_TABLE_TYPES: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.BSN: "VARCHAR",
    ColumnType.POSTCODE: "VARCHAR",
    ColumnType.INTEGER: "INTEGER",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.EUROS: "BIGINT",
    ColumnType.DECIMAL_EUROS: "BIGINT",
    ColumnType.CHOICE: "VARCHAR",
    ColumnType.JSON: "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Stream:
    """One declared stream. `fact` names the kind of fact a record becomes.

    `says` is that fact's title; `{field}` in it stands for a column, by its label if it has one.
    """

    name: str
    version: int
    title: Words
    source_kind: str
    source: Words
    law: str
    article: str
    decree: str | None
    certainty: str
    lanes: tuple[Lane, ...]
    purpose_id: str
    purpose: Words
    domain: Domain
    fact: str
    kind: Kind
    freshness_days: int
    retention_days: int
    says: Words | None
    attests: tuple[Condition, ...]
    adapters: tuple[str, ...]
    sealed_return: bool
    columns: tuple[Column, ...]

    @property
    def keys(self) -> tuple[Column, ...]:
        """Columns that together name one record."""
        return tuple(column for column in self.columns if column.key)

    @property
    def event(self) -> Column | None:
        """The day a record is about; only streams of events have one."""
        return next((column for column in self.columns if column.event), None)

    @property
    def roles(self) -> dict[str, Column]:
        """Columns that say whom a record is about, by role."""
        return {column.role: column for column in self.columns if column.role is not None}

    def column(self, header: str) -> Column | None:
        """The column with this header in the file."""
        return next((column for column in self.columns if column.header == header), None)

    def table_columns(self) -> dict[str, str]:
        """Every column of the stream's table with its DuckDB type, common ones first."""
        columns = dict(COMMON_COLUMNS)
        for column in self.columns:
            columns.update(column.table_columns())
        return columns
