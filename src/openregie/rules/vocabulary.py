"""What a rule may name: fields of facts with their units, days of the run, kinds of facts.

Nothing else exists for a rule; a name that is not here is refused with its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from openregie.rules.located import YAML_LOADER
from openregie.rules.units import Unit
from openregie.rules.words import Words


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a fact says. `detail`: kept in the fact's details; `choices`: all it can say."""

    name: str
    unit: Unit
    detail: bool = False
    choices: tuple[str, ...] = ()


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("fact_id", Unit.TEXT),
        Field("stream", Unit.TEXT),
        Field("supplier", Unit.TEXT),
        Field("domain", Unit.TEXT),
        Field("law", Unit.TEXT),
        Field("subject", Unit.TEXT),
        Field("amount_cents", Unit.CENTS),
        Field("started_on", Unit.DATE),
        Field("ends_on", Unit.DATE),
        Field("signalled_on", Unit.DATE),
        Field("crisis", Unit.BOOLEAN),
    )
}
"""Fields of every fact, whatever its stream."""

DAYS: Mapping[str, Unit] = {
    "today": Unit.DATE,
    "period_start": Unit.DATE,
    "period_end": Unit.DATE,
}
"""The day of the run, and the calendar month a rule looks at."""

_UNITS = {
    "text": Unit.TEXT,
    "choice": Unit.TEXT,
    "integer": Unit.NUMBER,
    "boolean": Unit.BOOLEAN,
    "date": Unit.DATE,
    "euros": Unit.CENTS,
    "decimal_euros": Unit.CENTS,
}
"""Column types of content/streams/ that a rule can work with."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact: the streams it comes from, their lanes, and the details they add."""

    name: str
    streams: tuple[str, ...]
    lanes: frozenset[str]
    details: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Kinds of facts by name, and per stream who delivers it, in words."""

    kinds: Mapping[str, Kind]
    sources: Mapping[str, Words]

    def fields(self, kinds: tuple[str, ...]) -> dict[str, Field]:
        """Fields a set over these kinds may name; a detail with two units is left out."""
        found = dict(FIELDS)
        clashes: set[str] = set()
        for kind in kinds:
            for name, field in self.kinds[kind].details.items():
                known = found.get(name)
                if known is not None and known.unit is not field.unit:
                    clashes.add(name)
                choices = (*(known.choices if known else ()), *field.choices)
                found[name] = Field(name, field.unit, True, tuple(sorted(set(choices))))  # noqa: FBT003
        return {name: field for name, field in found.items() if name not in clashes}


def read_vocabulary(directory: Path) -> Vocabulary:
    """The vocabulary of the declared streams. Shape: content/streams/*.yaml, checked elsewhere."""
    declared = [
        yaml.load(file.read_text(encoding="utf-8"), Loader=YAML_LOADER)  # noqa: S506 - a safe one
        for file in sorted(directory.glob("*.yaml"))
    ]
    return vocabulary_of([stream for stream in declared if not stream.get("sealed_return")])


def vocabulary_of(declared: list[dict[str, Any]]) -> Vocabulary:
    """The vocabulary of stream declarations as YAML gives them."""
    kinds: dict[str, Kind] = {}
    sources: dict[str, Words] = {}
    for stream in declared:
        name = str(stream["stream"])
        sources[name] = Words(str(stream["source"]["nl"]), str(stream["source"]["en"]))
        before = kinds.get(str(stream["fact"]))
        kind = Kind(
            name=str(stream["fact"]),
            streams=(*(before.streams if before else ()), name),
            lanes=(before.lanes if before else frozenset()) | frozenset(stream["lanes"]),
            details={**(before.details if before else {}), **_details(stream, before)},
        )
        kinds[kind.name] = kind
    return Vocabulary(kinds, sources)


def _details(stream: dict[str, Any], before: Kind | None) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for column in stream["columns"]:
        name, unit = str(column["as"]), _UNITS.get(str(column["type"]))
        if unit is None or column.get("role") or name in FIELDS:
            continue
        known = before.details.get(name) if before else None
        choices = {*column.get("choices", ()), *(known.choices if known else ())}
        found[name] = Field(name, unit, detail=True, choices=tuple(sorted(map(str, choices))))
    return found
