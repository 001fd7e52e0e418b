"""The lists of content/policies: teams, purposes, kinds of data, switches, articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from openregie.policy.errors import PolicyInvalid

LANGUAGES = ("nl", "en")
LISTS = ("teams.yaml", "purposes.yaml", "data.yaml", "switches.yaml", "law.yaml")
"""The files of content/policies beside the policies themselves."""
ROUTES = ("permission", "giver", "data", "purpose", "team", "switch", "never")
_KINDS = {
    "teams": {"help", "outside", "enforcement"},
    "purposes": {"technical", "own", "help", "decide", "statistics", "detection"},
}
_ROW = {"id", "effect", "law", "article", "certainty", "sentence"}
_ROW_MAY = {"decree", "sees"}
_EFFECTS = {"permit", "forbid", "outside"}
_CERTAINTIES = {"sure", "verify"}


@dataclass(frozen=True, slots=True)
class Named:
    """A team or a purpose: its kind, and its name in both languages."""

    id: str
    kind: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Data:
    """A kind of data, by the law it was collected under and the key that opens it."""

    law: str
    fact: str
    compartment: str
    name: Mapping[str, str]

    @property
    def id(self) -> str:
        """Return its name in the policies: `wgs/arrears`."""
        return f"{self.law}/{self.fact}"


@dataclass(frozen=True, slots=True)
class Article:
    """What a policy stands on, and how a resident is told. One row of law.yaml."""

    id: str
    effect: str
    law: str
    article: str
    certainty: str
    sentence: Mapping[str, str]
    sees: Mapping[str, str]
    decree: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything that a question may name, in the order in which it was written."""

    teams: Mapping[str, Named]
    purposes: Mapping[str, Named]
    data: Mapping[str, Data]
    switches: Mapping[str, bool]
    articles: Mapping[str, Article]
    routes: Mapping[str, Mapping[str, str]]


def load(directory: Path) -> Vocabulary:
    """Read the lists of content/policies. Raises `PolicyInvalid`, naming file, row and remedy."""
    teams = [_named(one, "teams") for one in _rows(directory / "teams.yaml", "teams")]
    purposes = [_named(one, "purposes") for one in _rows(directory / "purposes.yaml", "purposes")]
    data = [_data(one) for one in _rows(directory / "data.yaml", "data")]
    switches = [_switch(one) for one in _rows(directory / "switches.yaml", "switches")]
    articles = [_article(one) for one in _rows(directory / "law.yaml", "rows", version=2)]
    return Vocabulary(
        teams=_by_id("teams.yaml", teams),
        purposes=_by_id("purposes.yaml", purposes),
        data=_by_id("data.yaml", data),
        switches=dict(switches),
        articles=_by_id("law.yaml", articles),
        routes=_routes(directory / "law.yaml"),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A row as it was read, with where it stands."""

    where: str
    raw: Mapping[str, Any]

    def text(self, key: str) -> str:
        value = self.raw.get(key)
        if not isinstance(value, str) or not value.strip():
            raise PolicyInvalid(f"{self.where}: `{key}` is missing or no text; write it as text")
        return value

    def one_of(self, key: str, allowed: Iterable[str]) -> str:
        value = self.text(key)
        if value not in (known := sorted(allowed)):
            raise PolicyInvalid(
                f"{self.where}: `{key}` is not one of {', '.join(known)}; choose one"
            )
        return value

    def languages(self, key: str | None = None) -> dict[str, str]:
        value = self.raw if key is None else self.raw.get(key)
        inner = _Place(self.where, value if isinstance(value, Mapping) else {})
        return {language: inner.text(language) for language in LANGUAGES}

    def only(self, must: AbstractSet[str], may: AbstractSet[str] = frozenset()) -> None:
        if missing := must - set(self.raw):
            raise PolicyInvalid(f"{self.where}: field `{min(missing)}` is missing; add it")
        if unknown := set(self.raw) - must - may:
            raise PolicyInvalid(
                f"{self.where}: unknown field `{min(unknown)}`; allowed: {sorted(must | may)}"
            )


def _rows(file: Path, key: str, *, version: int = 1) -> list[_Place]:
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    if (
        not isinstance(raw, dict)
        or raw.get("version") != version
        or not isinstance(raw.get(key), list)
    ):
        raise PolicyInvalid(f"{file.name}: expected `version: {version}` and a list `{key}`")
    places = []
    for number, row in enumerate(raw[key], start=1):
        if not isinstance(row, dict):
            raise PolicyInvalid(f"{file.name}, row {number}: expected names and values")
        places.append(_Place(f"{file.name}, row {number}", row))
    return places


def _named(place: _Place, key: str) -> Named:
    place.only({"id", "kind", *LANGUAGES})
    return Named(place.text("id"), place.one_of("kind", _KINDS[key]), place.languages())


def _data(place: _Place) -> Data:
    place.only({"law", "fact", "compartment", *LANGUAGES})
    compartment = place.one_of("compartment", {"money", "other"})
    return Data(place.text("law"), place.text("fact"), compartment, place.languages())


def _switch(place: _Place) -> tuple[str, bool]:
    place.only({"id", "state", *LANGUAGES})
    place.languages()
    return place.text("id"), place.one_of("state", {"on", "off"}) == "on"


def _article(place: _Place) -> Article:
    place.only(_ROW, _ROW_MAY)
    return Article(
        id=place.text("id"),
        effect=place.one_of("effect", _EFFECTS),
        law=place.text("law"),
        article=place.text("article"),
        certainty=place.one_of("certainty", _CERTAINTIES),
        sentence=place.languages("sentence"),
        sees=place.languages("sees") if "sees" in place.raw else {},
        decree=place.text("decree") if "decree" in place.raw else "",
    )


def _routes(file: Path) -> dict[str, dict[str, str]]:
    raw = yaml.safe_load(file.read_text(encoding="utf-8")).get("routes")
    place = _Place(f"{file.name}, routes", raw if isinstance(raw, dict) else {})
    place.only(set(ROUTES))
    return {route: place.languages(route) for route in ROUTES}


def _by_id(file: str, rows: Iterable[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, row in enumerate(rows, start=1):
        if row.id in found:
            raise PolicyInvalid(f"{file}, row {number}: `{row.id}` stands twice; remove one")
        found[row.id] = row
    return found
